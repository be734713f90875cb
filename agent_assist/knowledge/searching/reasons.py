"""Why a passage was found: the query's words that it holds, and slips that were seen through."""

from collections.abc import Mapping

from agent_assist.knowledge.searching.wanted import AskedFor
from agent_assist.knowledge.words import fold
from agent_assist.storage.searching.candidates import Candidate

# Words that a hit names; the most telling say enough.
_MOST = 6


def matched_words(asked: AskedFor, held: Mapping[str, float]) -> tuple[str, ...]:
    """The query's words among the `held` ones as they were typed, the most telling first.

    A part of a longer one that is named already (the pair 货运 of 退货运费) is left out.
    """
    named: list[str] = []
    for one in sorted(asked.wanted, key=lambda one: (-len(one.typed) if not one.typed.isascii() else -9, -one.weight)):
        word = asked.as_typed.get(one.typed, one.typed)
        if one.typed in held and not any(word in longer for longer in named):
            named.append(word)
    weight = {asked.as_typed.get(one.typed, one.typed): one.weight for one in asked.wanted}
    return tuple(sorted(named, key=lambda word: -weight[word])[:_MOST])


def found_slips(asked: AskedFor, candidate: Candidate, held: Mapping[str, float]) -> tuple[tuple[str, str], ...]:
    """(as typed, as the passage has it) for words that were taken for slips of others."""
    words, text = set(candidate.words.split()), fold(candidate.passage.text)
    found = []
    for one in asked.wanted:
        form = next((form for form in one.forms if form in words or form in text), "")
        if one.slip and one.typed in held and form:
            found.append((asked.as_typed.get(one.typed, one.typed), form))
    return tuple(found[:_MOST])
