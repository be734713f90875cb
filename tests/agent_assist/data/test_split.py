"""Parts have their sizes and labels, and nothing in one gives away what is in another."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.data.allocate import allocate
from agent_assist.data.leaks import Leak, LeakKind, LeaksFound, find_leaks
from agent_assist.data.row import Row, Span
from agent_assist.data.rows_file import read_rows
from agent_assist.data.split import By, OnLeak, Plan, Split, split
from agent_assist.data.split_files import NOTE, write_split
from agent_assist.errors import InputError, StorageFaultError

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
# Words that no two numbers share enough of to be near.
WORDS = "零一二三四五六七八九"


def row(number: int, **fields: Any) -> Row:
    text = "".join(WORDS[int(digit)] * 3 for digit in f"{number:04}")
    return Row(id=f"r{number}", text=text, **fields)


def labelled(counts: dict[str, int]) -> list[Row]:
    labels = [label for label, count in counts.items() for _ in range(count)]
    return [row(number, labels=(label,)) for number, label in enumerate(labels)]


def sizes(done: Split) -> dict[str, int]:
    return {name: len(rows) for name, rows in done.parts.items()}


def count(rows: Sequence[Row]) -> Counter[str]:
    return Counter(row.label for row in rows)


@pytest.mark.parametrize("by", [By.RANDOM, By.STRATIFIED])
def test_every_row_is_in_one_part_and_the_seed_decides_which(by: By) -> None:
    rows = labelled({"a": 60, "b": 40})
    done = split(rows, Plan(by=by, seed=1))
    assert sizes(done) == {"train": 80, "valid": 10, "test": 10}
    assert sorted(row.id for part in done.parts.values() for row in part) == sorted(row.id for row in rows)
    assert split(rows, Plan(by=by, seed=1)) == done
    assert split(rows, Plan(by=by, seed=2)).parts != done.parts


def test_labels_are_spread_evenly_and_single_ones_are_for_training() -> None:
    done = split(labelled({"big": 60, "mid": 30, "pair": 2, "single": 1}), Plan(valid=0.2, test=0.2))
    assert count(done.parts["train"]) == {"big": 36, "mid": 18, "pair": 1, "single": 1}
    assert count(done.parts["valid"]) == {"big": 12, "mid": 6, "pair": 1}
    assert count(done.parts["test"]) == {"big": 12, "mid": 6}
    assert done.absent == {"valid": ("single",), "test": ("pair", "single")}


def test_rows_with_several_labels_and_with_spans_are_stratified_too() -> None:
    both = [row(number, labels=("a", "b") if number % 2 else ("b",)) for number in range(40)]
    spans = [row(40 + number, spans=(Span(start=0, end=1, type="p"),) if number % 4 else ()) for number in range(40)]
    done = split([*both, *spans], Plan(valid=0, test=0.25))
    labels = Counter(label for one in done.parts["test"] for label in one.labels)
    assert labels == {"a": 5, "b": 10}
    assert sum(1 for one in done.parts["test"] if one.spans) == pytest.approx(7.5, abs=1)


def test_one_label_alone_can_be_split() -> None:
    assert sizes(split(labelled({"a": 10}), Plan(valid=0, test=0.3))) == {"train": 7, "test": 3}


def test_by_time_the_newest_rows_are_for_test() -> None:
    rows = [row(number, time=NOON - timedelta(days=number)) for number in range(10)]
    done = split(rows, Plan(by=By.TIME, valid=0.2, test=0.2))
    assert [row.id for row in done.parts["test"]] == ["r0", "r1"]
    assert [row.id for row in done.parts["valid"]] == ["r2", "r3"]


def test_rows_of_one_moment_are_not_torn_apart() -> None:
    rows = [row(number, time=NOON + timedelta(days=number // 4)) for number in range(12)]
    done = split(rows, Plan(by=By.TIME, valid=0, test=0.5))
    assert sizes(done) == {"train": 8, "test": 4}
    with pytest.raises(InputError, match="Nothing is left for test: the rows are 1 groups"):
        split([row(number, time=NOON) for number in range(12)], Plan(by=By.TIME, valid=0))


def test_rows_without_time_or_conversation_are_named() -> None:
    rows = [row(1, time=NOON), row(2), row(3)]
    with pytest.raises(InputError, match=r"2 rows have no time \(r2, r3\)"):
        split(rows, Plan(by=By.TIME))
    with pytest.raises(InputError, match="No row has a conversation"):
        split(rows, Plan(by=By.CONVERSATION))


def test_a_conversation_stays_whole() -> None:
    rows = [row(number, conversation=f"c{number // 4}") for number in range(40)]
    rows += [row(number) for number in range(40, 50)]
    done = split(rows, Plan(by=By.CONVERSATION, valid=0, test=0.3))
    talks = [{one.conversation for one in part if one.conversation} for part in done.parts.values()]
    assert not talks[0] & talks[1]
    assert sizes(done)["test"] == pytest.approx(15, abs=2)
    with pytest.raises(LeaksFound) as caught:
        split(rows, Plan(by=By.RANDOM))
    assert {leak.kind for leak in caught.value.leaks} == {LeakKind.CONVERSATION}


def test_every_row_is_held_out_in_one_fold() -> None:
    rows = labelled({"a": 12, "b": 6, "c": 1})
    done = split(rows, Plan(by=By.KFOLD, folds=3))
    assert list(done.parts)[:2] == ["fold-1/train", "fold-1/valid"]
    held_out = [one.id for name, part in done.parts.items() if name.endswith("valid") for one in part]
    assert sorted(held_out) == sorted(one.id for one in rows)
    for number in (1, 2, 3):
        train, valid = done.parts[f"fold-{number}/train"], done.parts[f"fold-{number}/valid"]
        assert len(train) + len(valid) == len(rows)
        assert not {one.id for one in train} & {one.id for one in valid}
        assert (count(valid)["a"], count(valid)["b"]) == (4, 2)
    assert [name for name, labels in done.absent.items() if labels == ("c",)] != []


@pytest.mark.parametrize("folds", [0, 1, 11])
def test_folds_that_do_not_fit_the_rows_are_refused(folds: int) -> None:
    with pytest.raises(InputError, match=f"10 rows cannot be split into {folds} folds"):
        split(labelled({"a": 10}), Plan(by=By.KFOLD, folds=folds))


@pytest.mark.parametrize(("valid", "test"), [(0, 0), (0.5, 0.5), (-0.1, 0.2), (0.9, 0.3)])
def test_shares_that_leave_nothing_are_refused(valid: float, test: float) -> None:
    with pytest.raises(InputError, match="shares"):
        split(labelled({"a": 10}), Plan(valid=valid, test=test))


A = "where is the parcel that i ordered last week from your shop"
CHAIN = [A, A.replace("from", "in"), A.replace("from", "in") + " xy", A.replace("from", "in") + " xy please"]


def chained() -> list[Row]:
    """A chain whose ends are not near, and rows that belong to nothing."""
    chain = [
        Row(id=f"c{number}", text=text, time=NOON + timedelta(days=9 * number)) for number, text in enumerate(CHAIN)
    ]
    return [*chain, *(row(number, time=NOON + timedelta(days=number)) for number in range(30))]


@pytest.mark.parametrize("by", [By.RANDOM, By.STRATIFIED, By.TIME, By.KFOLD])
def test_a_chain_of_near_texts_is_refused_kept_together_or_left_out(by: By) -> None:
    rows = chained()
    assert not find_leaks(rows[:1], rows[3:4], near=0.93)
    plan = Plan(by=by, valid=0.3, test=0.3, folds=3, near=0.93, seed=3)
    with pytest.raises(LeaksFound, match="in another part") as caught:
        split(rows, plan)
    assert {leak.kind for leak in caught.value.leaks} == {LeakKind.NEAR}
    assert all(leak.first.startswith("c") and leak.second.startswith("c") for leak in caught.value.leaks)
    for way in (OnLeak.TOGETHER, OnLeak.DROP):
        done = split(rows, replace(plan, on_leak=way))
        for train, other in (
            [("fold-1/train", "fold-1/valid")] if by is By.KFOLD else [("train", "valid"), ("train", "test")]
        ):
            assert not find_leaks(done.parts[train], done.parts[other], near=0.93)
        assert bool(done.dropped) == (way is OnLeak.DROP and by is not By.KFOLD)
        assert {one.id for part in done.parts.values() for one in part} | set(done.dropped) == {one.id for one in rows}


def test_rows_kept_together_by_time_go_with_their_newest() -> None:
    done = split(chained(), Plan(by=By.TIME, valid=0, test=0.3, near=0.93, on_leak=OnLeak.TOGETHER))
    assert {"c0", "c1", "c2", "c3"} < {one.id for one in done.parts["test"]}


def test_one_group_of_everything_cannot_be_split() -> None:
    rows = [Row(id=str(number), text="同一句话") for number in range(9)]
    with pytest.raises(InputError, match="1 groups that stay together, the largest of 9"):
        split(rows, Plan(on_leak=OnLeak.TOGETHER))
    with pytest.raises(InputError, match="Every row of train"):
        split(rows, Plan(on_leak=OnLeak.DROP))


def test_leaks_name_the_rows_and_what_they_share() -> None:
    first = [Row(id="a", text="我要退貨"), Row(id="b", text=A), Row(id="c", text="别的", conversation="x")]
    second = [
        Row(id="1", text="我要退货！"),
        Row(id="2", text=A + "s"),
        Row(id="3", text="又一个", conversation="x"),
        Row(id="4", text="没关系"),
    ]
    equal, near, talk = find_leaks(first, second)
    assert equal == Leak(kind=LeakKind.EQUAL, first="a", second="1", similarity=1.0)
    assert (near.kind, near.first, near.second) == (LeakKind.NEAR, "b", "2")
    assert talk == Leak(kind=LeakKind.CONVERSATION, first="c", second="3")
    assert [leak.kind for leak in find_leaks(first, second, near=1)] == [LeakKind.EQUAL, LeakKind.CONVERSATION]


def test_parts_are_files_in_a_new_folder_with_a_note(tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    source.write_text("{}")
    done = split(labelled({"a": 12, "b": 8, "c": 1}), Plan(valid=0, test=0.25))
    note = write_split(done, tmp_path / "parts", source=source)
    assert json.loads((tmp_path / "parts" / NOTE).read_text(encoding="utf-8")) == note
    assert note["parts"]["test"] == {"rows": 5, "labels": {"a": 3, "b": 2}}
    assert note["absent"] == {"test": ["c"]}
    assert read_rows(tmp_path / "parts" / "test.jsonl") == list(done.parts["test"])
    folds = split(labelled({"a": 12}), Plan(by=By.KFOLD, folds=2))
    write_split(folds, tmp_path / "folds", source=source)
    assert len(read_rows(tmp_path / "folds" / "fold-2" / "valid.jsonl")) == 6


def test_a_folder_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    source.write_text("{}")
    done = split(labelled({"a": 12}), Plan())
    for place in (tmp_path, source, tmp_path / "missing" / "parts"):
        with pytest.raises(InputError, match="Name a new or empty folder"):
            write_split(done, place, source=source)
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]


def test_a_write_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(StorageFaultError, match="Is a directory"):
        write_split(split(labelled({"a": 12}), Plan()), tmp_path / "parts", source=tmp_path)
    assert list(tmp_path.iterdir()) == []


_units = st.lists(st.integers(1, 6), min_size=1, max_size=30)


@given(_units, st.integers(0, 5), st.data())
def test_groups_stay_whole_and_sizes_are_near_what_was_asked(
    lengths: list[int], seed: int, data: st.DataObject
) -> None:
    starts = [sum(lengths[:number]) for number in range(len(lengths))]
    units = [list(range(start, start + length)) for start, length in zip(starts, lengths, strict=True)]
    total = sum(lengths)
    labels = data.draw(st.lists(st.sampled_from(["a", "b"]), min_size=total, max_size=total))
    parts = allocate(units, {"train": 0.5, "test": 0.5}, seed=seed, labels=[[label] for label in labels])
    assert sorted(place for places in parts.values() for place in places) == list(range(total))
    owner = {place: name for name, places in parts.items() for place in places}
    assert all(len({owner[place] for place in unit}) == 1 for unit in units)
    assert abs(len(parts["train"]) - total / 2) <= 2 * max(lengths)
