"""What is known of each candidate passage before it is scored."""

import statistics
from collections.abc import Mapping, Sequence
from functools import lru_cache

from agent_assist.domain.language import Language
from agent_assist.domain.profiles import Profile, profile_of, profile_similarity
from agent_assist.domain.understanding import Understanding
from agent_assist.knowledge.searching.relevance import Signals
from agent_assist.knowledge.searching.wanted import SYNONYM_SHARE, AskedFor, Wanted
from agent_assist.knowledge.words import index_words, simplified
from agent_assist.storage.searching.candidates import Candidate


def candidate_signals(
    asked: AskedFor, candidates: Sequence[Candidate], *, read: Understanding | None = None
) -> list[tuple[Signals, dict[str, float]]]:
    """Of each candidate its signals and the query's words that it holds, in order.

    `read` is what the models read out of the query.
    """
    profile = profile_of(read) if read is not None else ()
    usual = statistics.median([one.similarity for one in candidates]) if candidates else 0.0
    found = []
    for candidate in candidates:
        held = held_by(candidate, asked.wanted)
        signals = Signals(
            similarity=candidate.similarity,
            lift=candidate.similarity - usual if candidate.similarity else 0.0,
            question_match=candidate.question_match,
            lexical=coverage(asked.wanted, held),
            heading=heading_coverage(asked, candidate.passage.title),
            terms=len(asked.wanted),
            chinese=asked.language is Language.ZH,
            wish=wish_match(profile, candidate.profiles),
            in_scope=read.in_scope if read is not None else None,
        )
        found.append((signals, held))
    return found


def wish_match(profile: Profile, wanted: Sequence[Profile]) -> float | None:
    """How well the article's questions want what the query wants; None where either was not read."""
    return max((profile_similarity(profile, one) for one in wanted), default=None) if profile else None


def coverage(wanted: Sequence[Wanted], held: Mapping[str, float]) -> float:
    """The share of the query's weighted words that a passage holds (see `held_by`)."""
    whole = sum(one.weight for one in wanted)
    return sum(one.weight * held.get(one.typed, 0.0) for one in wanted) / whole if whole else 0.0


def heading_coverage(asked: AskedFor, heading: str) -> float:
    """The share of the heading's words that the query has: whoever names a product in full asks about it."""
    words = _heading_words(heading)
    return len(words & asked.forms) / len(words) if words else 0.0


@lru_cache(maxsize=20_000)
def _heading_words(heading: str) -> frozenset[str]:
    return frozenset(index_words(heading).words)


def held_by(candidate: Candidate, wanted: Sequence[Wanted]) -> dict[str, float]:
    """How much of each of the query's words the passage holds, 1 for the word itself, by the word as typed.

    A Chinese word also counts where the passage's own cut split it differently.
    """
    words = set(candidate.words.split())
    held = {one.typed: 1.0 for one in wanted if not words.isdisjoint(one.forms)}
    text = ""
    for one in wanted:
        if one.typed in held or not (one.near or not one.forms[0].isascii()):
            continue
        text = text or simplified(candidate.passage.text)
        if _stands_in(one.forms, text):
            held[one.typed] = 1.0
        elif one.near and (not words.isdisjoint(one.near) or _stands_in(one.near, text)):
            held[one.typed] = SYNONYM_SHARE
    return held


def _stands_in(forms: Sequence[str], text: str) -> bool:
    return any(form in text and not form.isascii() for form in forms)
