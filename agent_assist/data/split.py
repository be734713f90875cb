"""Rows for training, validation and test, so that none of them gives another away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from agent_assist.data.allocate import allocate, strata, units_of
from agent_assist.data.clusters import Sets, groups_of
from agent_assist.data.leaks import LeaksFound, find_leaks, torn
from agent_assist.data.row import Row
from agent_assist.errors import InputError


class By(StrEnum):
    """How rows are dealt out."""

    RANDOM = "random"
    STRATIFIED = "stratified"
    TIME = "time"
    CONVERSATION = "conversation"
    KFOLD = "kfold"


class OnLeak(StrEnum):
    """What is done about rows that give each other away."""

    REFUSE = "refuse"
    TOGETHER = "together"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to make. `valid` and `test` are shares of the rows, the rest is for training; `folds` is for k-fold."""

    by: By = By.STRATIFIED
    valid: float = 0.1
    test: float = 0.1
    folds: int = 5
    seed: int = 0
    near: float = 0.9
    on_leak: OnLeak = OnLeak.REFUSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The parts by name; `dropped` are ids of rows left out of the training rows because they leak.

    `absent` says which labels a part lacks that others have.
    """

    plan: Plan
    parts: Mapping[str, tuple[Row, ...]]
    dropped: tuple[str, ...]
    absent: Mapping[str, tuple[str, ...]]


def split(rows: Sequence[Row], plan: Plan) -> Split:
    """Deal `rows` out.

    Raises `LeaksFound` where parts share texts or conversations and the plan is to refuse that, `InputError` where the
    plan does not fit the rows.
    """
    shares = _shares(plan, len(rows))
    groups = groups_of(rows, near=plan.near)
    units = units_of(_held_together(rows, plan, groups))
    places = _by_time(rows, units, shares) if plan.by is By.TIME else _dealt(rows, units, shares, plan)
    _check_all_filled(places, units)
    parts = {name: [rows[place] for place in part] for name, part in places.items()}
    if plan.on_leak is OnLeak.REFUSE:
        _refuse_leaks(parts, rows, groups, plan)
    made = _folds(parts) if plan.by is By.KFOLD else parts
    done = {name: tuple(part) for name, part in made.items()}
    if plan.on_leak is OnLeak.DROP:
        done = _without_leaks(done, plan.near)
    stay = {row.id for part in done.values() for row in part}
    return Split(
        plan=plan,
        parts=done,
        dropped=tuple(row.id for row in rows if row.id not in stay),
        absent=_absent(done),
    )


def _shares(plan: Plan, count: int) -> dict[str, float]:
    if plan.by is By.KFOLD:
        if not 2 <= plan.folds <= count:
            raise InputError(f"{count} rows cannot be split into {plan.folds} folds; there must be from 2 to {count}.")
        return {f"fold-{number}": 1 / plan.folds for number in range(1, plan.folds + 1)}
    if min(plan.valid, plan.test) < 0 or plan.valid + plan.test >= 1 or not plan.valid + plan.test:
        raise InputError("The shares for validation and test must leave rows for training, and be more than nothing.")
    shares = {"train": 1 - plan.valid - plan.test, "valid": plan.valid, "test": plan.test}
    return {name: share for name, share in shares.items() if share > 0}


def _held_together(rows: Sequence[Row], plan: Plan, groups: Sequence[int]) -> list[int]:
    """A number for each row, equal for those that go to the same part."""
    sets = Sets(len(rows))
    if plan.on_leak is OnLeak.TOGETHER:
        sets.join_equal(groups)
    if plan.by is By.CONVERSATION:
        if not any(row.conversation for row in rows):
            raise InputError('No row has a conversation. Name the column "conversation", or split in another way.')
        sets.join_equal([row.conversation or place for place, row in enumerate(rows)])
    if plan.by is By.TIME:
        _check_times(rows)
        sets.join_equal([row.time for row in rows])
    return sets.all()


def _dealt(
    rows: Sequence[Row], units: Sequence[Sequence[int]], shares: Mapping[str, float], plan: Plan
) -> dict[str, list[int]]:
    labels = [strata(row) for row in rows] if plan.by in {By.STRATIFIED, By.KFOLD} else None
    return allocate(units, shares, seed=plan.seed, labels=labels)


def _by_time(rows: Sequence[Row], units: Sequence[Sequence[int]], shares: Mapping[str, float]) -> dict[str, list[int]]:
    """The oldest rows for training, the newest for test; rows that are held together go by their newest."""
    newest = [max(time for place in unit if (time := rows[place].time) is not None) for unit in units]
    ends = dict(zip(shares, accumulate(share * len(rows) for share in shares.values()), strict=True))
    parts: dict[str, list[int]] = {name: [] for name in shares}
    done = 0
    for _, unit in sorted(zip(newest, units, strict=True)):
        name = next((part for part, end in ends.items() if done < end - 1e-9), list(parts)[-1])
        parts[name] += unit
        done += len(unit)
    return {part: sorted(places) for part, places in parts.items()}


def _check_times(rows: Sequence[Row]) -> None:
    without = [row.id for row in rows if row.time is None]
    if without:
        named = ", ".join(without[:5])
        raise InputError(f"{len(without)} rows have no time ({named}); `data clean --require time` leaves them out.")


def _check_all_filled(places: Mapping[str, Sequence[int]], units: Sequence[Sequence[int]]) -> None:
    empty = [name for name, part in places.items() if not part]
    if empty:
        raise InputError(
            f"Nothing is left for {', '.join(empty)}: the rows are {len(units)} groups that stay together, the largest "
            f"of {max(map(len, units))}. Take other shares, or leave rows that leak out with --on-leak drop."
        )


def _refuse_leaks(parts: Mapping[str, Sequence[Row]], rows: Sequence[Row], groups: Sequence[int], plan: Plan) -> None:
    by_id = {row.id: group for row, group in zip(rows, groups, strict=True)}
    leaks = torn(parts, by_id, near=plan.near)
    if leaks:
        raise LeaksFound(
            f"{len(leaks)} rows have an equal row, a nearly equal one, or one of their conversation in another part. "
            "Keep such rows in one part with --on-leak together, or out of the training rows with --on-leak drop.",
            leaks,
        )


def _folds(folds: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    parts: dict[str, list[Row]] = {}
    for name, held_out in folds.items():
        ids = {row.id for row in held_out}
        parts[f"{name}/train"] = [row for rows in folds.values() for row in rows if row.id not in ids]
        parts[f"{name}/valid"] = list(held_out)
    return parts


def _without_leaks(parts: Mapping[str, tuple[Row, ...]], near: float) -> dict[str, tuple[Row, ...]]:
    """Each part without rows that leak into a later one of the same fold."""
    done: dict[str, tuple[Row, ...]] = {}
    names = list(parts)
    for number, name in enumerate(names):
        fold = name.rpartition("/")[0]
        later = [row for other in names[number + 1 :] if other.rpartition("/")[0] == fold for row in parts[other]]
        leaking = {leak.second for leak in find_leaks(later, parts[name], near=near)} if later else set()
        done[name] = tuple(row for row in parts[name] if row.id not in leaking)
        if not done[name]:
            raise InputError(f"Every row of {name} gives away one of another part; there is too little in these rows.")
    return done


def _absent(parts: Mapping[str, Sequence[Row]]) -> dict[str, tuple[str, ...]]:
    present = {name: {label for row in rows for label in row.labels} for name, rows in parts.items()}
    everything: set[str] = set().union(*present.values())
    return {name: tuple(sorted(everything - labels)) for name, labels in present.items() if everything - labels}
