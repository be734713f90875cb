"""Configurations: what is wrong in one is told in one sentence that names the key, and the defaults read back."""

import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from models.training.config import TASKS, TrainConfig, default_config
from models.training.config_file import as_config, as_toml, read_config
from models.training.errors import UnusableError


@pytest.mark.parametrize("task", TASKS)
def test_the_shown_defaults_are_the_defaults(task: str) -> None:
    assert as_config(tomllib.loads(as_toml(task)), task) == default_config(task)


def test_every_setting_is_explained() -> None:
    lines = as_toml("intent").splitlines()
    for name in TrainConfig.__struct_fields__:
        [place] = [number for number, line in enumerate(lines) if line.startswith(f"{name} = ")]
        assert lines[place - 1].startswith("# ")


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("rate", "fast", "a number from 0 to 10"),
        ("rate", -1, "a number from 0 to 10"),
        ("rate", float("nan"), "a number from 0 to 10"),
        ("warm_up", 1, "below 1"),
        ("epochs", 2.5, "a whole number"),
        ("epochs", True, "a whole number"),
        ("refit_on_all", 1, "true or false"),
        ("schedule", "zigzag", "one of constant, cosine, exponential, linear"),
        ("slips", ["case", "yodel"], "a list of case"),
        ("slips", [], "a list of case"),
        ("encoder", 3, "a text"),
    ],
)
def test_a_wrong_value_is_one_sentence_with_its_key(key: str, value: Any, wanted: str) -> None:
    with pytest.raises(UnusableError) as caught:
        as_config({key: value}, "intent")
    told = str(caught.value)
    assert told.startswith(f"{key} must be ")
    assert wanted in told
    assert told.endswith(".")
    assert "\n" not in told


def test_an_unknown_key_is_named_with_the_nearest_one() -> None:
    with pytest.raises(UnusableError, match="no setting epoch; did you mean epochs"):
        as_config({"epoch": 3}, "intent")
    with pytest.raises(UnusableError, match="no setting qqq"):
        as_config({"qqq": 3}, "intent")


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(UnusableError, match="no task poems"):
        as_config({}, "poems")


def test_toml_and_json_files_give_the_same(tmp_path: Path) -> None:
    toml, as_json = tmp_path / "a.toml", tmp_path / "a.json"
    toml.write_text('optimiser = "sgd"\nrate = 1\n', encoding="utf-8")
    as_json.write_text(json.dumps({"optimiser": "sgd", "rate": 1}), encoding="utf-8")
    config = read_config(toml, "intent")
    assert config == read_config(as_json, "intent")
    assert (config.optimiser, config.rate) == ("sgd", 1.0)
    assert msgspec.structs.replace(config, optimiser="adamw", rate=0.0) == default_config("intent")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.toml", b"rate = = 3"),
        ("a.json", b"{"),
        ("a.json", b"[1]"),
        ("a.toml", b"\xff\xfe"),
        ("a.toml", b"rate = 99"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnusableError, match=r"my\.toml"):
        read_config(path, "intent", shown="my.toml")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="cannot be read"):
        read_config(tmp_path / "none.toml", "intent")
