"""Folders appear whole or not at all."""

from pathlib import Path

import pytest

from models.folders import replacing


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
