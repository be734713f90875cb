"""`agent-assist train` by the program itself, on a tiny encoder: what it makes, what it refuses, and how it goes on."""

import json
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.models.training.conftest import intent_rows, make_encoder

ROOT = Path(__file__).parents[3]
CONFIG = """\
encoder = "tiny"
trunk = "full"
epochs = 2
batch = 16
precision = "fp32"
threads = 1
resamples = 10
checkpoint_seconds = 0
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with models and rows in several files."""
    folder = tmp_path_factory.mktemp("shop")
    make_encoder(folder / "models" / "encoder" / "tiny")
    rows = [(row.text, row.labels[0]) for row in intent_rows()]
    (folder / "a.csv").write_text("message,intent\n" + "".join(f"{text},{label}\n" for text, label in rows[:24]))
    lines = [json.dumps({"text": text, "label": label}) + "\n" for text, label in rows[24:]]
    (folder / "b.jsonl").write_text("".join(lines) + '{"label": "x"}\n')
    (folder / "config.toml").write_text(CONFIG)
    return folder


def command(shop: Path, *arguments: str) -> dict[str, object]:
    program = [sys.executable, "-c", "from agent_assist.cli.main import main; main()", "--json", *arguments]
    environment = os.environ | {"AGENT_ASSIST_MODELS": str(shop / "models"), "PYTHONPATH": str(ROOT)}
    return {"args": program, "env": environment, "cwd": shop, "text": True}


def run(shop: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(**command(shop, *arguments), capture_output=True, check=False)  # type: ignore[call-overload, no-any-return]


def test_files_become_a_model_that_can_be_used_and_a_killed_run_goes_on(shop: Path) -> None:
    arguments = ("train", "intent", "--data", "a.csv", "--data", "b.jsonl", "--out", "mine", "--config", "config.toml")
    broken = subprocess.Popen(  # type: ignore[call-overload]
        **command(shop, *arguments), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    for line in broken.stdout:
        if json.loads(line)["event"] == "step":
            os.killpg(broken.pid, signal.SIGKILL)
            break
    broken.communicate()
    assert (shop / "models" / "training" / "mine" / "run.json").is_file()
    assert not (shop / "models" / "heads").exists()

    result = run(shop, *arguments)
    assert result.returncode == 0, result.stderr
    assert "b.jsonl:25: The row has no text." in result.stderr
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert {"plan", "progress", "step", "epoch", "done"} == {event["event"] for event in events}
    done = events[-1]
    assert (done["event"], done["name"]) == ("done", "mine")
    assert done["card"]["data"]["rows"] == 48
    assert not (shop / "models" / "training" / "mine").exists()
    listed = [json.loads(line) for line in run(shop, "models", "list").stdout.splitlines()]
    [mine] = [one for one in listed if one["name"] == "mine"]
    assert (mine["kind"], mine["active"]) == ("heads", False)
    assert run(shop, "models", "use", "mine").returncode == 0

    before = (shop / "models" / "heads" / "mine" / "model.json").read_bytes()
    again = run(shop, *arguments)
    assert again.returncode == 1
    assert "a model named mine already" in again.stderr
    assert (shop / "models" / "heads" / "mine" / "model.json").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--data", "none.csv", "--out", "x"), "none.csv: The file cannot be opened"),
        (("--data", "b.jsonl", "--out", "../x"), "cannot be a model's name"),
        (("--data", "b.jsonl", "--out", "starter"), "cannot be a model's name"),
        (("--data", "b.jsonl", "--out", "x", "--config", "none.toml"), "none.toml cannot be read"),
        (("--data", "b.jsonl", "--out", "x", "--config", "bad.toml"), "bad.toml: schedule must be one of"),
        (("--data", "one.jsonl", "--out", "x"), "at least two different labels"),
        (("--data", "b.jsonl"), "--out"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(shop: Path, arguments: tuple[str, ...], told: str) -> None:
    (shop / "bad.toml").write_text('schedule = "zigzag"\n')
    (shop / "one.jsonl").write_text('{"text": "a", "label": "x"}\n{"text": "b", "label": "x"}\n')
    result = run(shop, "train", "intent", *arguments)
    assert result.returncode != 0
    assert result.stdout == ""
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert not (shop / "models" / "heads" / "x").exists()


def test_the_defaults_are_shown_as_toml(shop: Path) -> None:
    result = run(shop, "train", "--show-config", "entities")
    assert result.returncode == 0
    assert tomllib.loads(result.stdout)["optimiser"] == "adamw"
