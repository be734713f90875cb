"""The builder's progress and its exit code."""

import json
from pathlib import Path

import pytest

from models import setup
from models.sources import SourceMismatchError


def test_json_progress_says_each_percent_once(capsys: pytest.CaptureFixture[str]) -> None:
    report = setup.json_progress()
    for done in range(10_001):
        report("reply", done, 10_000)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 101
    assert lines[-1] == {"task": "reply", "done": 10_000, "total": 10_000}


def test_a_refused_source_ends_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(models_dir: Path, progress: setup.Progress) -> None:
        raise SourceMismatchError("Reinstall the package, then build the models again.")

    monkeypatch.setattr(setup, "build_encoder", refuse)
    monkeypatch.setattr("sys.argv", ["models.setup", "--models", str(tmp_path), "--json"])
    with pytest.raises(SystemExit) as ended:
        setup.main()
    assert ended.value.code == 1
    assert "Reinstall" in capsys.readouterr().err
