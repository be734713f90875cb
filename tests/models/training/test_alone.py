"""One process at a time works in a run's folder."""

from pathlib import Path

import pytest

from models.training.alone import alone
from models.training.errors import UnusableError


def test_two_of_the_same_run_are_one_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.training.alone._PATIENCE", 1)
    with alone(tmp_path), pytest.raises(UnusableError, match="another process"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass
