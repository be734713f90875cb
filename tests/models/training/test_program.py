"""The child process: killed it goes on to the same end, two processes are one, and what is wrong is an event."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from models.training.config_file import as_config
from models.training.dataset.rows import read_rows
from models.training.run import train
from tests.models.training.conftest import intent_rows

ROOT = Path(__file__).parents[3]
CONFIG: dict[str, Any] = {
    "folds_below": 0,
    "encoder": "tiny", "trunk": "full", "epochs": 3, "batch": 8, "precision": "fp32", "threads": 1, "resamples": 10,
    "rate": 1e-3, "checkpoint_seconds": 0.0, "soup": 0.0,
}  # fmt: skip


def make_run(folder: Path, models_dir: Path, **change: Any) -> Path:
    folder.mkdir(parents=True)
    rows = [{"text": row.text, "label": row.labels[0]} for row in intent_rows()]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "config.json").write_text(json.dumps(CONFIG | change), encoding="utf-8")
    job = {"task": "intent", "models": str(models_dir), "out": str(folder / "out"), "config": "config.json"}
    (folder / "run.json").write_text(json.dumps(job | {"config_name": "mine.json"}), encoding="utf-8")
    return folder


def start(run: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "models.training", str(run)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(run: Path) -> tuple[int, list[dict[str, Any]], str]:
    process = start(run)
    out, errors = process.communicate(timeout=300)
    return process.returncode, [json.loads(line) for line in out.splitlines()], errors


def here(run: Path, models_dir: Path, **change: Any) -> None:
    """The same in this process, without a break."""
    config = as_config(CONFIG | change, "intent")
    train("intent", read_rows(run / "rows.jsonl"), config, run / "out", models=models_dir, report=lambda event: None)


def test_a_killed_run_goes_on_to_the_same_weights(models_dir: Path, tmp_path: Path) -> None:
    whole, broken = (make_run(tmp_path / name, models_dir) for name in ("whole", "broken"))
    here(whole, models_dir)
    process = start(broken)
    assert process.stdout is not None
    steps = 0
    for line in process.stdout:
        steps += json.loads(line)["event"] == "step"
        if steps == 7:
            process.send_signal(signal.SIGKILL)
            break
    process.communicate()
    assert not (broken / "out").exists()
    code, events, errors = finish(broken)
    assert code == 0, errors
    assert events[-1]["event"] == "done"
    assert events[-1]["name"] == "out"
    for name in ("trunk/model.safetensors", "trunk/model.int8.onnx", "heads.safetensors"):
        assert (whole / "out" / name).read_bytes() == (broken / "out" / name).read_bytes()
    told = [event["step"] for event in events if event["event"] == "step" and event["part"] == "held-out"]
    assert told == list(range(1, len(told) + 1))  # a plot has the steps before the kill too


def test_two_processes_are_one_with_the_doubled_batch(models_dir: Path, tmp_path: Path) -> None:
    same = {"dropout": 0.0, "contrast": 0.0, "optimiser": "momentum", "refit_on_all": False, "names": False}
    one = make_run(tmp_path / "one", models_dir, **same)
    two = make_run(tmp_path / "two", models_dir, **same, batch=4, processes=2)
    here(one, models_dir, **same)
    code, events, errors = finish(two)
    assert code == 0, errors
    assert events[-1]["card"]["processes"] == 2
    trunks = [load_file(run / "out" / "trunk" / "model.safetensors") for run in (one, two)]
    before = load_file(models_dir / "encoder" / "tiny" / "model.safetensors")
    moved = max(float(np.abs(value - before[name]).max()) for name, value in trunks[0].items())
    apart = max(float(np.abs(value - trunks[1][name]).max()) for name, value in trunks[0].items())
    assert apart < 0.01 * moved
    history = [json.loads(line) for line in (one / "out" / "history.jsonl").read_text().splitlines()]
    losses = [event["loss"] for event in history if event["event"] == "step"]
    assert [event["loss"] for event in events if event["event"] == "step"] == pytest.approx(losses, rel=1e-3)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rate": "fast"}, "mine.json: rate must be a number"),
        ({"epoch": 1}, "mine.json: There is no setting epoch"),
        ({"encoder": "nobody"}, "There is no encoder nobody"),
    ],
)
def test_what_is_wrong_is_one_event(models_dir: Path, tmp_path: Path, change: dict[str, Any], told: str) -> None:
    code, events, errors = finish(make_run(tmp_path / "bad", models_dir, **change))
    assert code == 1
    assert [event["event"] for event in events] == ["error"]
    assert events[0]["message"].startswith(told)
    assert "Traceback" not in errors
    assert not (tmp_path / "bad" / "out").exists()


def test_a_folder_that_is_no_run_is_told(tmp_path: Path) -> None:
    code, events, _ = finish(tmp_path)
    assert code == 1
    assert "no run" in events[0]["message"]


def test_the_defaults_are_shown_without_a_framework() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "models.training", "--show-config", "intent"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=dict(os.environ))
    assert 'trunk = "auto"' in result.stdout
    assert " torch" not in result.stderr
