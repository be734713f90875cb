"""The registry: what is there, whether it is whole, and how a user's own models join."""

import json
from pathlib import Path

import pytest

from agent_assist.engine.registry import Inspection, ModelRegistry, sha256_of
from agent_assist.errors import InputError, NotFoundError


def make_model(models: Path, kind: str, name: str, *, active: bool = False) -> Path:
    folder = models / kind / name
    folder.mkdir(parents=True)
    (folder / "model.gguf").write_bytes(b"GGUF" + name.encode())
    card = {"name": name, "kind": kind, "active": active, "extra": 1}
    card["files"] = {"model.gguf": sha256_of(folder / "model.gguf")}
    (folder / "model.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def names(registry: ModelRegistry, *, active: bool = False) -> set[str]:
    return {one.name for one in registry.list() if not one.shipped and (one.active or not active)}


def test_lists_what_is_built_and_what_ships(tmp_path: Path) -> None:
    make_model(tmp_path, "reply", "starter")
    found = ModelRegistry(tmp_path).list()
    assert {(one.kind, one.shipped) for one in found} >= {("reply", False), ("heads", True), ("adapter", True)}
    assert all(one.size > 0 for one in found)


def test_a_changed_or_missing_file_is_found(tmp_path: Path) -> None:
    changed = make_model(tmp_path, "reply", "changed")
    missing = make_model(tmp_path, "reply", "missing")
    make_model(tmp_path, "reply", "whole")
    (changed / "model.gguf").write_bytes(b"GGUFother")
    (missing / "model.gguf").unlink()
    verdicts = {one.name: one for one in ModelRegistry(tmp_path).verify()}
    assert not verdicts["changed"].ok
    assert "missing" in verdicts["missing"].problems[0]
    assert verdicts["whole"].ok


def test_shipped_models_are_as_pinned(tmp_path: Path) -> None:
    verdicts = ModelRegistry(tmp_path).verify()
    assert {one.kind for one in verdicts} == {"heads", "adapter"}
    assert [one for one in verdicts if not one.ok] == []


def test_an_added_reply_model_is_used_and_can_be_left_again(tmp_path: Path) -> None:
    make_model(tmp_path / "models", "reply", "starter")
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUFmine")
    registry = ModelRegistry(tmp_path / "models")
    added = registry.add(own, Inspection(kind="reply", name="mine"))
    assert (added.active, added.kind) == (True, "reply")
    assert Path(added.path, "model.gguf").read_bytes() == b"GGUFmine"
    assert names(registry, active=True) == {"mine"}
    registry.activate("starter")
    assert names(registry, active=True) == {"starter"}
    card = json.loads((tmp_path / "models" / "reply" / "starter" / "model.json").read_text(encoding="utf-8"))
    assert card["extra"] == 1  # what others wrote into the card stays


def test_an_adapter_belongs_to_the_reply_model_in_use(tmp_path: Path) -> None:
    make_model(tmp_path / "models", "reply", "starter")
    own = tmp_path / "lora.gguf"
    own.write_bytes(b"GGUFlora")
    added = ModelRegistry(tmp_path / "models").add(own, Inspection(kind="adapter", name="mine", architecture="gemma3"))
    assert added.base == "starter"
    assert Path(added.path).parent.name == "reply"


def test_an_encoder_without_heads_does_not_displace_the_one_in_use(tmp_path: Path) -> None:
    folder = tmp_path / "hf"
    folder.mkdir()
    (folder / "config.json").write_text("{}", encoding="utf-8")
    registry = ModelRegistry(tmp_path / "models")
    assert not registry.add(folder, Inspection(kind="encoder", name="other")).active
    with pytest.raises(InputError, match="heads"):
        registry.activate("other")


def test_a_name_that_is_taken_leaves_everything_as_it_is(tmp_path: Path) -> None:
    make_model(tmp_path / "models", "reply", "starter")
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUFmine")
    registry = ModelRegistry(tmp_path / "models")
    with pytest.raises(InputError, match="there already"):
        registry.add(own, Inspection(kind="reply", name="starter"))
    assert [one.ok for one in registry.verify() if one.kind == "reply"] == [True]
    assert [path.name for path in (tmp_path / "models" / "reply").iterdir()] == ["starter"]


def test_a_reranker_can_be_left_and_used_again_and_is_the_only_kind_that_can(tmp_path: Path) -> None:
    make_model(tmp_path, "reply", "starter", active=True)
    make_model(tmp_path, "reranker", "mine", active=True)
    registry = ModelRegistry(tmp_path)
    assert not registry.deactivate("mine").active
    assert names(registry, active=True) == {"starter"}
    assert registry.activate("mine").active
    with pytest.raises(InputError, match="has to be in use"):
        registry.deactivate("starter")
    with pytest.raises(NotFoundError, match="models list"):
        registry.deactivate("nobody")
    assert names(registry, active=True) == {"starter", "mine"}


def test_an_unknown_name_is_not_activated(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="models list"):
        ModelRegistry(tmp_path).activate("nobody")


def test_a_broken_card_names_the_way_out(tmp_path: Path) -> None:
    folder = make_model(tmp_path, "reply", "broken")
    (folder / "model.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="models build"):
        ModelRegistry(tmp_path).list()
