"""What a set of rows is like, in figures: complete, even, consistent, free of doubles, rightly labelled."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from statistics import mean, quantiles

from agent_assist.data.clusters import groups_of
from agent_assist.data.columns import FIELDS
from agent_assist.data.consistency import Consistency, consistency
from agent_assist.data.correlation import Correlation, correlations
from agent_assist.data.label_errors import LabelCheck, check_labels
from agent_assist.data.row import Row
from agent_assist.privacy.personal_data import find_personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """How rows are spread over labels.

    `imbalance` is the count of the commonest label over that of the rarest; `evenness` is the entropy of the counts
    over that of equal ones, 0 to 1 (None for fewer than two labels); `single` are labels of one row.
    """

    counts: Mapping[str, int]
    imbalance: float | None
    evenness: float | None
    single: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """Characters a text: the least, the quantiles at 5, 25, 50, 75 and 95 %, the most, and the mean."""

    least: int
    p5: float
    p25: float
    median: float
    p75: float
    p95: float
    most: int
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubles:
    """Rows that could go: of each set of equal texts, and of texts at least `near` similar in chains, all but one."""

    equal: int
    near: float
    nearly_equal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The report. `complete` counts rows that say something in a field, `personal` those with personal data by kind."""

    rows: int
    complete: Mapping[str, int]
    labels: Balance
    entities: Balance
    sentiments: Mapping[str, int]
    urgencies: Mapping[str, int]
    languages: Mapping[str, int]
    lengths: Lengths
    doubles: Doubles
    consistency: Consistency
    correlations: tuple[Correlation, ...]
    label_check: LabelCheck
    personal: Mapping[str, int]


def quality(rows: Sequence[Row], *, near: float = 0.9, label_errors: bool = True, seed: int = 0) -> Quality:
    """Judge `rows`, which may not be empty. `label_errors` trains a model, which takes most of the time."""
    skipped = LabelCheck(skipped="Labels were not checked.")
    return Quality(
        rows=len(rows),
        complete=_complete(rows),
        labels=balance(label for row in rows for label in row.labels),
        entities=balance(span.type for row in rows for span in row.spans or ()),
        sentiments=_counts(row.sentiment for row in rows),
        urgencies=_counts(row.urgency for row in rows),
        languages=_counts(row.written_in for row in rows),
        lengths=_lengths([len(row.text) for row in rows]),
        doubles=_doubles(rows, near),
        consistency=consistency(rows),
        correlations=tuple(correlations(rows)),
        label_check=check_labels(rows, seed=seed) if label_errors else skipped,
        personal=_counts(kind for row in rows for kind in {finding.kind for finding in find_personal(row.text)}),
    )


def balance(names: Iterable[str]) -> Balance:
    """How `names`, one for each time they were given, are spread."""
    counts = _counts(names)
    total = sum(counts.values())
    several = len(counts) > 1
    entropy = -sum(count / total * log(count / total) for count in counts.values())
    return Balance(
        counts=counts,
        imbalance=round(max(counts.values()) / min(counts.values()), 2) if several else None,
        evenness=round(entropy / log(len(counts)), 4) if several else None,
        single=tuple(sorted(name for name, count in counts.items() if count == 1)),
    )


def _counts(names: Iterable[str]) -> dict[str, int]:
    """The commonest first; nothing is not counted."""
    counts = Counter(name for name in names if name)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _complete(rows: Sequence[Row]) -> dict[str, int]:
    counts = {"label": sum(1 for row in rows if row.labels), "spans": sum(1 for row in rows if row.spans is not None)}
    for field in ("sentiment", "urgency", "language", "conversation", "time", "before", "source"):
        counts[field] = sum(1 for row in rows if getattr(row, field))
    others = Counter(name for row in rows for name, value in row.extra.items() if value is not None)
    return counts | {name: count for name, count in others.items() if name not in FIELDS}


def _lengths(lengths: Sequence[int]) -> Lengths:
    cuts = quantiles(lengths, n=20, method="inclusive") if len(lengths) > 1 else [float(lengths[0])] * 19
    return Lengths(
        least=min(lengths),
        p5=cuts[0],
        p25=cuts[4],
        median=cuts[9],
        p75=cuts[14],
        p95=cuts[18],
        most=max(lengths),
        mean=round(mean(lengths), 2),
    )


def _doubles(rows: Sequence[Row], near: float) -> Doubles:
    groups = len(set(groups_of(rows, near=near, conversations=False)))
    texts = len({row.key for row in rows})
    return Doubles(equal=len(rows) - texts, near=near, nearly_equal=texts - groups)
