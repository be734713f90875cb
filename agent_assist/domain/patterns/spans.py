"""What every rule shares: folding of characters that look alike, and the candidate spans the rules propose."""

from dataclasses import dataclass
from enum import IntEnum

_FOLDED = {0xFF01 + i: 0x21 + i for i in range(94)}
_FOLDED |= {ord("Ａ") + i: ord("a") + i for i in range(26)} | {ord("A") + i: ord("a") + i for i in range(26)}
_FOLDED |= {0x3000: 0x20, 0x00A0: 0x20, 0x2009: 0x20, 0x202F: 0x20}
_FOLDED |= {ord("￥"): ord("¥"), ord("–"): ord("-"), ord("−"): ord("-"), ord("‐"): ord("-"), ord("‑"): ord("-")}
_FOLDED |= {ord("’"): ord("'"), ord("〜"): ord("~"), ord("∼"): ord("~"), ord("＊"): ord("*")}
# The full-width comma stays: it separates clauses ("100，200元" are two numbers), the ASCII one groups thousands.
del _FOLDED[ord("，")]


class Rank(IntEnum):
    """Which of two overlapping candidates stays: the more exactly checked form."""

    QUANTITY = 1
    DURATION = 2
    DATE_WORD = 3
    AMOUNT = 4
    DATE = 5
    PHONE_WEAK = 6
    IN_CONTEXT = 7
    PHONE = 8
    CHECKED = 9
    BLOCKED = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible entity; type "" only blocks its characters for others (a link, an identity card, a bank card)."""

    type: str
    start: int
    end: int
    rank: Rank
    value: str = ""
    score: float = 1.0


def fold(text: str) -> str:
    """Full-width to half-width, capitals to small letters, look-alike signs to one; every character keeps its place."""
    return text.translate(_FOLDED)


def resolve(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates that stay when none may overlap: by rank, then length, then place; sorted by place."""
    if len(candidates) < 2:
        return [c for c in candidates if c.type]
    kept: list[Candidate] = []
    for one in sorted(candidates, key=lambda c: (-c.rank, c.start - c.end, c.start)):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted((c for c in kept if c.type), key=lambda c: c.start)
