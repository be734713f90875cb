"""Folders appear whole or not at all, and one process at a time works in a run's."""

from pathlib import Path

import pytest

from models.training.errors import UnusableError
from models.training.folders import alone, replacing


def test_a_folder_is_replaced_by_a_whole_one_only(tmp_path: Path) -> None:
    target = tmp_path / "a" / "model"
    with replacing(target) as folder:
        (folder / "x").write_text("1")
    with pytest.raises(RuntimeError), replacing(target) as folder:
        (folder / "x").write_text("2")
        raise RuntimeError
    assert (target / "x").read_text() == "1"
    with replacing(target) as folder:
        (folder / "y").write_text("3")
    assert [path.name for path in target.iterdir()] == ["y"]
    assert list(target.parent.iterdir()) == [target]


def test_two_of_the_same_run_are_one_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.training.folders._PATIENCE", 1)
    with alone(tmp_path), pytest.raises(UnusableError, match="another process"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass
