"""How much one field of the rows tells about another: Cramér's V, 0 for nothing and 1 for everything."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from scipy.stats.contingency import association

from agent_assist.data.row import Row

# A field with more values than this is a name or a number of its own for each row.
_MOST_VALUES = 100
_LEAST_ROWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """Cramér's V of two fields over the `rows` that have both."""

    first: str
    second: str
    cramers_v: float
    rows: int


def correlations(rows: Sequence[Row]) -> list[Correlation]:
    """Of every two fields with some values, the strongest first."""
    columns = {name: values for name, values in _columns(rows) if _has_some_values(values)}
    found = [
        one
        for (first, left), (second, right) in combinations(columns.items(), 2)
        if (one := _correlation(first, left, second, right)) is not None
    ]
    return sorted(found, key=lambda one: -one.cramers_v)


def _columns(rows: Sequence[Row]) -> Iterator[tuple[str, list[str]]]:
    """Values by field, "" where there is none."""
    yield "label", [row.label for row in rows]
    for field in ("sentiment", "urgency", "source"):
        yield field, [getattr(row, field) for row in rows]
    yield "language", [row.written_in for row in rows]
    yield "length", [length_class(len(row.text)) for row in rows]
    for name in dict.fromkeys(name for row in rows for name in row.extra):
        values = [row.extra.get(name) for row in rows]
        if all(value is None or isinstance(value, (str, int, bool)) for value in values):
            yield name, ["" if value is None else str(value) for value in values]


def length_class(length: int) -> str:
    """A text's length in characters as one of a few classes."""
    bounds = (10, 20, 50, 100, 200, 500)
    return next((f"up to {bound}" for bound in bounds if length <= bound), f"over {bounds[-1]}")


def _has_some_values(values: Sequence[str]) -> bool:
    return 2 <= len(set(values) - {""}) <= _MOST_VALUES


def _correlation(first: str, left: Sequence[str], second: str, right: Sequence[str]) -> Correlation | None:
    pairs = Counter(pair for pair in zip(left, right, strict=True) if all(pair))
    count = pairs.total()
    one, other = sorted({pair[0] for pair in pairs}), sorted({pair[1] for pair in pairs})
    if count < _LEAST_ROWS or len(one) < 2 or len(other) < 2:
        return None
    table = [[pairs[a, b] for b in other] for a in one]
    value = float(association(table, method="cramer"))
    return Correlation(first=first, second=second, cramers_v=round(value, 4), rows=count)
