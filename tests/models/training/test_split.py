"""What is held out: a share of every label, the same text on one side only, or folds where rows are few."""

from collections import Counter

import numpy as np

from models.training.config import TrainConfig
from models.training.dataset.batches import grouped, shuffled
from models.training.dataset.rows import Row
from models.training.dataset.split import parts_of


def rows(counts: dict[str, int]) -> list[Row]:
    return [Row(text=f"{name} {number}", labels=(name,)) for name, count in counts.items() for number in range(count)]


def test_a_share_of_every_label_is_held_out_and_never_all_of_one() -> None:
    data = rows({"a": 100, "b": 40, "c": 9, "d": 1})
    [part] = parts_of(data, TrainConfig(folds_below=0, held_out=0.2))
    held = Counter(data[index].labels[0] for index in part.outside)
    assert (held["a"], held["b"]) == (20, 8)
    assert held["c"] in {1, 2}
    assert held["d"] == 0
    assert sorted([*part.inside, *part.outside]) == list(range(len(data)))


def test_rows_with_the_same_text_are_on_one_side() -> None:
    data = [
        Row(text=f"  TEXT {number % 30} " if number % 2 else f"text {number % 30}", labels=("ab"[number % 2],))
        for number in range(90)
    ]
    [part] = parts_of(data, TrainConfig(folds_below=0))
    inside = {" ".join(data[index].text.lower().split()) for index in part.inside}
    assert all(" ".join(data[index].text.lower().split()) not in inside for index in part.outside)


def test_few_rows_a_label_are_held_out_once_each_in_folds() -> None:
    data = rows(dict.fromkeys("abcdefg", 5))
    parts = parts_of(data, TrainConfig(folds_below=0, folds=3))
    assert len(parts) == 3
    assert sorted(np.concatenate([part.outside for part in parts])) == list(range(len(data)))
    for part in parts:
        assert {data[index].labels[0] for index in part.inside} == set("abcdefg")


def test_the_seed_decides() -> None:
    data = rows({"a": 50, "b": 50})
    [one], [same], [other] = (parts_of(data, TrainConfig(folds_below=0, seed=seed)) for seed in (1, 1, 2))
    assert one.outside.tolist() == same.outside.tolist() != other.outside.tolist()


def test_batches_hold_every_row_once_and_differ_by_epoch() -> None:
    labels = ["a"] * 50 + ["b"] * 20 + ["c"] * 3
    for batches in (
        [grouped(labels, size=8, per_class=2, seed=0, epoch=epoch) for epoch in (0, 0, 1)],
        [shuffled(73, size=8, seed=0, epoch=epoch) for epoch in (0, 0, 1)],
    ):
        assert sorted(row for batch in batches[0] for row in batch) == list(range(73))
        assert len(batches[0]) == 10
        assert {len(batch) for batch in batches[0]} == {7, 8}
        assert batches[0] == batches[1] != batches[2]


def test_rows_of_a_label_come_together() -> None:
    labels = [str(number // 6) for number in range(60)]
    batches = grouped(labels, size=12, per_class=3, seed=0, epoch=0)
    alone = sum(count == 1 for batch in batches for count in Counter(labels[row] for row in batch).values())
    assert alone <= 8  # only where a batch ends inside a group
