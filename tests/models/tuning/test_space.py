"""Spaces: what is wrong in one is told with its setting, and what says nothing at a point is not tried there."""

from pathlib import Path
from typing import Any

import pytest

from models.training.config import TrainConfig
from models.training.errors import UnusableError
from models.tuning.searching.space import (
    DEFAULT,
    DEFAULT_GRID,
    Range,
    check_worth,
    choose,
    configured,
    grid,
    read_space,
)
from tests.models.tuning.conftest import quick


class First:
    """Chooses the lowest of everything, and remembers what was asked."""

    def __init__(self, **fixed: Any) -> None:
        self.fixed, self.asked = fixed, list[str]()

    def suggest_categorical(self, name: str, choices: Any) -> Any:
        self.asked.append(name)
        return self.fixed.get(name, choices[0])

    def suggest_float(self, name: str, low: float, high: float, *, step: float | None, log: bool) -> float:
        self.asked.append(name)
        return low

    def suggest_int(self, name: str, low: int, high: int, *, step: int, log: bool) -> int:
        self.asked.append(name)
        return low


def write(folder: Path, text: str) -> Path:
    path = folder / "space.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_names_lists_and_ranges(tmp_path: Path) -> None:
    space = read_space(
        write(
            tmp_path, 'trunk = ["full"]\nrate = {low = 1e-5, high = 1e-3, log = true}\nepochs = {low = 2, high = 6}\n'
        ),
        "intent",
    )
    assert space["trunk"] == ("full",)
    assert space["rate"] == Range(low=1e-5, high=1e-3, log=True)
    points = grid(space, TrainConfig())
    assert len(points) == 9
    assert {point["epochs"] for point in points} == {2, 4, 6}
    assert sorted({point["rate"] for point in points}) == pytest.approx([1e-5, 1e-4, 1e-3])


def test_a_frozen_trunk_is_tried_once_and_asks_for_nothing_else() -> None:
    points = grid(DEFAULT_GRID, TrainConfig())
    assert points.count({"trunk": "frozen"}) == 1
    assert len(points) == 1 + 3 * 2 * 2
    chooser = First()
    assert choose(DEFAULT, TrainConfig(), chooser) == {"trunk": "frozen"}
    assert chooser.asked == ["trunk"]
    assert set(choose(DEFAULT, TrainConfig(), First(trunk="full"))) == set(DEFAULT)
    assert configured(TrainConfig(), {"trunk": "full", "rate": 1e-5}).rate == 1e-5


def test_settings_of_adapters_count_where_there_are_adapters() -> None:
    space = {"trunk": ("full", "lora"), "lora_rank": (4, 8)}
    assert grid(space, TrainConfig()) == [
        {"trunk": "full"}, {"trunk": "lora", "lora_rank": 4}, {"trunk": "lora", "lora_rank": 8}
    ]  # fmt: skip
    with pytest.raises(UnusableError, match="nothing of this space"):
        check_worth({"rate": (1e-5, 1e-4)}, quick())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no settings"),
        ("rate = = 3", "neither TOML nor JSON"),
        ("rrate = [1]", "did you mean rate"),
        ('rate = ["fast"]', "rate must be a number"),
        ("rate = []", "rate must be a list"),
        ("rate = 3", "rate must be a list"),
        ("rate = {low = 1}", "rate must be a list"),
        ("rate = {low = 2, high = 1}", "must go up"),
        ("rate = {low = 0.0, high = 1.0, log = true}", "above 0"),
        ("rate = {low = 1.0, high = 99.0}", "rate must be a number from 0 to 10"),
        ("epochs = {low = 1.5, high = 3}", "epochs must be a whole number"),
        ("trunk = {low = 1, high = 2}", "trunk must be one of"),
        ("seed = [1, 2]", "seed cannot be searched"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UnusableError, match=said) as caught:
        read_space(write(tmp_path, text), "intent", shown="my.toml")
    assert str(caught.value).startswith("my.toml")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="cannot be read"):
        read_space(tmp_path / "none.toml", "intent")
