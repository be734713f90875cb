"""Finds what a draft states and nothing supports: no source, no order fact, no message of the thread.

Values are looked up in whatever form they are written (`guard.claims`, `guard.lookup`); a value that is there is then
asked what it is said of (`guard.subjects`). Products, promises and denials have parts of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agent_assist.domain.patterns.spans import fold
from agent_assist.domain.suggestion import Unsupported, UnsupportedReason
from agent_assist.suggestion.guard.claims import find_claims
from agent_assist.suggestion.guard.contexts import Statement, statements, words
from agent_assist.suggestion.guard.lookup import Known
from agent_assist.suggestion.guard.polarity import find_contradictions
from agent_assist.suggestion.guard.promises import find_promises
from agent_assist.suggestion.guard.subjects import THREAD, Place, Subjects
from agent_assist.suggestion.products import NO_NAMES, ProductNames

# Of these a place in a sentence tells nothing: they name what the sentence is about.
_NAMING = frozenset({"place", "code", "link", "identifier"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a draft may rest on.

    `sources` are passages (`titles` theirs, where known), `facts` lines of the order, `thread` all messages, `own` what
    the agent wrote or wants said (promises rest on it, not on the customer's words), `names` the shop's products.
    """

    sources: tuple[str, ...]
    thread: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    names: ProductNames = NO_NAMES

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything in which a value may stand."""
        return (*self.sources, *self.titles, *self.facts, *self.thread, *self.own)


def find_unsupported(draft: str, evidence: Evidence) -> tuple[Unsupported, ...]:
    """What of `draft` the evidence does not hold, in order of place; no two overlap."""
    found: list[Unsupported] = []
    for one in (*_claims(draft, evidence), *_products(draft, evidence), *_promises(draft, evidence)):
        if all(one.end <= other.start or one.start >= other.end for other in found):
            found.append(one)
    found += [one for one in _contradictions(draft, evidence) if not _holds_any(one, found)]
    return tuple(sorted(found, key=lambda one: one.start))


def _claims(draft: str, evidence: Evidence) -> Iterator[Unsupported]:
    known = _known(evidence.texts)
    held: list[tuple[int, int]] = []
    for claim in find_claims(draft):
        if known.holds(claim, draft[claim.start : claim.end]):
            held.append((claim.start, claim.end))
        else:
            yield Unsupported(start=claim.start, end=claim.end, reason=claim.reason)
    mine = [one for one in statements(draft) if (one.claim.start, one.claim.end) in held]
    subjects = _subjects(evidence)
    asked = frozenset(words(fold(evidence.thread[-1]))) if evidence.thread else frozenset()
    for one in mine:
        beside = [other for other in mine if other is not one]
        if one.claim.group not in _NAMING and subjects.is_told_of_another(one, beside, asked):
            yield Unsupported(start=one.claim.start, end=one.claim.end, reason=UnsupportedReason.OTHER_SUBJECT)


@lru_cache(maxsize=64)
def _known(texts: tuple[str, ...]) -> Known:
    return Known(texts)


@lru_cache(maxsize=16)
def _subjects(evidence: Evidence) -> Subjects:
    titles = (*evidence.titles, *[""] * len(evidence.sources))
    shop: list[Statement] = []
    for text, title in zip(evidence.sources, titles, strict=False):
        shop += statements(text, title)
    for text in (*evidence.facts, *evidence.own):
        shop += statements(text)
    theirs = [Place(one, THREAD) for text in evidence.thread for one in statements(text)]
    return Subjects([*map(Place, shop), *theirs])


def _products(draft: str, evidence: Evidence) -> Iterator[Unsupported]:
    """Names of the shop's products that nothing before the draft speaks of."""
    held = _squeezed("\n".join(evidence.texts))
    for start, end, name in evidence.names.find(draft):
        if not any(_squeezed(other) in held for other in (name, *evidence.names.same(name))):
            yield Unsupported(start=start, end=end, reason=UnsupportedReason.PRODUCT)


def _promises(draft: str, evidence: Evidence) -> Iterator[Unsupported]:
    for start, end in find_promises(draft, (*evidence.sources, *evidence.titles, *evidence.facts, *evidence.own)):
        yield Unsupported(start=start, end=end, reason=UnsupportedReason.PROMISE)


def _contradictions(draft: str, evidence: Evidence) -> Iterator[Unsupported]:
    for start, end in find_contradictions(draft, evidence.sources):
        text = draft[start:end]
        left = start + len(text) - len(text.lstrip())
        yield Unsupported(
            start=left, end=start + len(text.rstrip(" ，,。.！!；;")), reason=UnsupportedReason.CONTRADICTION
        )


def _holds_any(one: Unsupported, found: list[Unsupported]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in found)


def _squeezed(text: str) -> str:
    return "".join(fold(text).split())
