"""How suggestions do, by the log."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind, RejectReason
from agent_assist.storage.feedback import FeedbackLog


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningSummary:
    """Counts of acts that stand, and rates from 0 to 1 (None where there is nothing to measure).

    `acceptance_rate` is accepted among accepted, edited and rejected suggestions; `usage_rate` counts edited ones as
    used. `edit_distance` is the mean over edited replies of their edit distance to the draft, as a share of the longer
    text's characters.
    """

    counts: Mapping[FeedbackKind, int]
    reasons: Mapping[RejectReason, int]
    acceptance_rate: float | None
    usage_rate: float | None
    edit_distance: float | None


async def summary(log: FeedbackLog) -> LearningSummary:
    """Summary of the whole log."""
    return summarise(await log.events())


def summarise(events: Sequence[FeedbackEvent]) -> LearningSummary:
    """Summary of events that stand."""
    counts = Counter(event.kind for event in events)
    accepted, edited = counts[FeedbackKind.ACCEPTED], counts[FeedbackKind.EDITED]
    judged = accepted + edited + counts[FeedbackKind.REJECTED]
    distances = [
        edit_share(event.suggestion.draft, event.final_text or "")
        for event in events
        if event.kind is FeedbackKind.EDITED and event.suggestion
    ]
    return LearningSummary(
        counts={kind: counts[kind] for kind in FeedbackKind if counts[kind]},
        reasons=dict(Counter(event.reason for event in events if event.reason)),
        acceptance_rate=accepted / judged if judged else None,
        usage_rate=(accepted + edited) / judged if judged else None,
        edit_distance=sum(distances) / len(distances) if distances else None,
    )


def edit_share(first: str, second: str) -> float:
    """Edit distance as a share of the longer text: 0 for equal texts, 1 for nothing in common."""
    longest = max(len(first), len(second))
    return edit_distance(first, second) / longest if longest else 0.0


def edit_distance(first: str, second: str) -> int:
    """Levenshtein distance in characters.

    Bit-parallel (Myers 1999, as simplified by Hyyrö 2001): a column of the table is two integers of `len(first)` bits,
    so two texts of 1,000 characters take a millisecond.
    """
    if not first:
        return len(second)
    places: dict[str, int] = {}
    for index, char in enumerate(first):
        places[char] = places.get(char, 0) | 1 << index
    full, last = (1 << len(first)) - 1, 1 << len(first) - 1
    up, down, distance = full, 0, len(first)
    for char in second:
        match = places.get(char, 0)
        diagonal = (((match & up) + up) ^ up) | match | down
        right_up = down | ~(diagonal | up) & full
        right_down = up & diagonal
        distance += bool(right_up & last) - bool(right_down & last)
        right_up = right_up << 1 | 1
        up = (right_down << 1 | ~(diagonal | right_up)) & full
        down = right_up & diagonal & full
    return distance
