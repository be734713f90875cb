"""Searching, comparing, joining and making smaller, by the program itself, on tiny encoders."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from agent_assist.cli.main import main
from tests.models.training.conftest import intent_rows, make_encoder

ROOT = Path(__file__).parents[3]
CONFIG = 'encoder = "tiny"\ntrunk = "frozen"\nprecision = "fp32"\nthreads = 1\nresamples = 10\ncontrast = 0.0\n'


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with models and rows."""
    folder = tmp_path_factory.mktemp("shop")
    make_encoder(folder / "models" / "encoder" / "tiny")
    shutil.copytree(folder / "models" / "encoder" / "tiny", folder / "models" / "encoder" / "other")
    lines = [json.dumps({"text": row.text, "label": row.labels[0]}) + "\n" for row in intent_rows(8)]
    (folder / "rows.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "held.jsonl").write_text("".join(lines[::2]), encoding="utf-8")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "space.toml").write_text('trunk = ["full"]\nrate = [1e-4, 1e-3]\nepochs = [1]\n', encoding="utf-8")
    return folder


def command(shop: Path, *arguments: str) -> dict[str, Any]:
    program = [sys.executable, "-c", "from agent_assist.cli.main import main; main()", "--json", *arguments]
    environment = os.environ | {"AGENT_ASSIST_MODELS": str(shop / "models"), "PYTHONPATH": str(ROOT)}
    return {"args": program, "env": environment, "cwd": shop, "text": True}


def run(shop: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    result: subprocess.CompletedProcess[str] = subprocess.run(
        **command(shop, *arguments), capture_output=True, check=False
    )
    return result


def events(shop: Path, *arguments: str) -> list[dict[str, Any]]:
    result = run(shop, *arguments)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_killed_search_goes_on_and_its_best_makes_the_model(shop: Path) -> None:
    arguments = (
        "train", "intent", "--data", "rows.jsonl", "--validation", "held.jsonl", "--config", "config.toml",
        "--out", "found", "--search", "grid", "--folds", "2", "--space", "space.toml",
    )  # fmt: skip
    broken = subprocess.Popen(
        **command(shop, *arguments), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    assert broken.stdout is not None
    for line in broken.stdout:
        if json.loads(line).get("number") == 1:
            os.killpg(broken.pid, signal.SIGKILL)
            break
    broken.communicate()
    assert not (shop / "models" / "heads").exists()
    heard = events(shop, *arguments)
    trials = [event for event in heard if event["event"] == "trial"]
    assert [one["number"] for one in trials] == [0, 1, 2]
    assert trials[1]["values"] == {"trunk": "full", "rate": 1e-4, "epochs": 1}
    assert heard[-1]["event"] == "done"
    assert heard[-1]["card"]["search"]["trials"] == 2
    assert (shop / "models" / "heads" / "found" / "trials.jsonl").is_file()
    assert not (shop / "models" / "training" / "found").exists()


def test_encoders_are_compared_then_joined_then_made_smaller(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = ("--data", "rows.jsonl", "--validation", "held.jsonl")
    heard = events(
        shop, "train", "--compare", "tiny", "other", "intent", *usual, "--config", "config.toml", "--out", "best"
    )
    [table] = [event for event in heard if event["event"] == "table"]
    assert [row["name"] for row in table["rows"]] == ["tiny", "other"]
    shutil.copytree(shop / "models" / "heads" / "best", shop / "models" / "heads" / "second")

    [*_, done] = events(shop, "models", "ensemble", "best", "second", "--by", "average", "--out", "both")
    assert done["card"]["passes"] == 1

    # without --data, by the rows of the run folder, as people read it
    (shop / "models" / "training" / "best").mkdir(parents=True)
    shutil.copyfile(shop / "rows.jsonl", shop / "models" / "training" / "best" / "rows.jsonl")
    monkeypatch.setenv("AGENT_ASSIST_MODELS", str(shop / "models"))
    options = ["--by", "prune-layers", "--layers", "1", "--epochs", "1", "--validation", str(shop / "held.jsonl")]
    result = CliRunner().invoke(main, ["models", "compress", "best", "--out", "shallow", *options])
    assert result.exit_code == 0, result.output
    lines = [[cell.strip() for cell in line.strip("│").split("│")] for line in result.stdout.splitlines()]
    assert ["layers", "2", "1"] in lines
    assert any(line[0] == "messages a second" for line in lines)
    assert "models use shallow" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("train", "intent", "--data", "x", "--out", "a", "--trials", "3"), "--trials needs --search"),
        (
            ("train", "intent", "--data", "x", "--out", "a", "--search", "grid", "--compare", "b", "c"),
            "do not go together",
        ),
        (("train", "intent", "--data", "x", "--out", "a", "--search", "magic"), "'grid', 'random', 'bayes'"),
        (("models", "compress", "a", "--by", "distil"), "give its name with --out"),
        (("models", "compress", "a", "--by", "prune-heads", "--heads", "1.0", "--out", "b"), "0.0<x<1.0"),
        (("models", "ensemble", "a", "b", "--by", "soup", "--out", "c"), "a and b learned from are not kept here"),
        (("models", "ensemble", "a", "b", "--by", "average", "--out", "starter"), "cannot be a model's name"),
        (
            ("train", "intent", "--data", "x", "--out", "a", "--search", "grid", "--space", "none.toml"),
            "none.toml cannot be read",
        ),
        (("models", "compress", "a", "--by", "distil", "--out", "b"), "give them with --data"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv("AGENT_ASSIST_MODELS", str(tmp_path))
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code in {1, 2}
    assert said in result.stderr
    assert not list(tmp_path.iterdir())
