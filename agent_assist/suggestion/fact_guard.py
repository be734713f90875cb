"""Finds what a draft states and nothing supports: no source, no order fact, no message of the thread."""

from dataclasses import dataclass
from datetime import date

from agent_assist.domain.facts import Fact, FactKind, find_facts
from agent_assist.domain.suggestion import Unsupported, UnsupportedReason
from agent_assist.suggestion.products import NO_NAMES, ProductNames


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a draft may rest on.

    `sources` are passages, `facts` lines of the order, `thread` all messages, `own` what the agent wrote or wants said
    (promises rest on it, not on the customer's words), `names` the shop's products and brands.
    """

    sources: tuple[str, ...]
    thread: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    names: ProductNames = NO_NAMES


def find_unsupported(draft: str, evidence: Evidence, *, today: date | None = None) -> tuple[Unsupported, ...]:
    """The facts of `draft` that the evidence does not hold, in order of place."""
    texts = (*evidence.sources, *evidence.facts, *evidence.thread)
    known = _keys_by_kind(texts, today)
    return tuple(
        Unsupported(start=fact.start, end=fact.end, reason=UnsupportedReason[fact.kind.name])
        for fact in find_facts(draft, today=today)
        if not _is_known(fact, known)
    )


def _keys_by_kind(texts: tuple[str, ...], today: date | None) -> dict[FactKind, set[str]]:
    known: dict[FactKind, set[str]] = {kind: set() for kind in FactKind}
    for text in texts:
        for fact in find_facts(text, today=today):
            known[fact.kind] |= fact.keys
    return known


def _is_known(fact: Fact, known: dict[FactKind, set[str]]) -> bool:
    """Every key must be known: of "3-5 days" both ends."""
    if fact.keys <= known[fact.kind]:
        return True
    # A bare number may repeat one that the evidence gives with a unit: "满 99 元" -> "over 99".
    return fact.kind is FactKind.NUMBER and fact.keys <= _bare(known)


def _bare(known: dict[FactKind, set[str]]) -> set[str]:
    amounts = {key.split(" ")[0].removesuffix(".00") for key in known[FactKind.AMOUNT]}
    return amounts | known[FactKind.PERCENTAGE] | known[FactKind.NUMBER]
