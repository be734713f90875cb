"""Words that mean the same to a shop's customers: 邮费 for 运费, "warranty" for 保修, 跑路 for 终止经营.

Vectors see through most of these; words that stand in the query and in no passage need it. The groups are data
(resources/search/synonyms.txt), for Chinese and English at once.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from agent_assist.domain.language import is_han
from agent_assist.knowledge.words import fold, query_words

Latin = tuple[str, ...]
_LONGEST = 8


def synonyms_in(text: str) -> dict[str, tuple[str, ...]]:
    """For each phrase of `text` that is in a group: the index words of the others, most everyday first.

    Chinese phrases are keyed by themselves, Latin ones by their stems joined with blanks. The longest phrase at a
    place is taken: in 预付卡 it is not 预付.
    """
    folded = fold(text)
    found = _han_phrases(folded)
    stems = [word for word in query_words(text).words if not is_han(word[0])]
    for size in (3, 2, 1):
        for start in range(len(stems) - size + 1):
            phrase = tuple(stems[start : start + size])
            if phrase in _latin():
                found[" ".join(phrase)] = _latin()[phrase]
    return found


def _han_phrases(folded: str) -> dict[str, tuple[str, ...]]:
    found = {}
    place = 0
    while place < len(folded):
        size = next((size for size in range(_LONGEST, 1, -1) if folded[place : place + size] in _han()), 0)
        if size and is_han(folded[place]):
            phrase = folded[place : place + size]
            found[phrase] = _han()[phrase]
        place += size or 1
    return found


@cache
def _groups() -> tuple[Mapping[str, tuple[str, ...]], Mapping[Latin, tuple[str, ...]]]:
    han: dict[str, dict[str, None]] = {}
    latin: dict[Latin, dict[str, None]] = {}
    text = (files("resources") / "search" / "synonyms.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        words = list(dict.fromkeys(fold(word).strip() for word in line.split(",")))
        for word in words:
            others = {form: None for other in words if other != word for form in _forms(other)}
            if is_han(word[0]):
                han.setdefault(word, {}).update(others)
            else:
                latin.setdefault(query_words(word).words, {}).update(others)
    return (
        {word: tuple(forms) for word, forms in han.items()},
        {stems: tuple(form for form in forms if form not in stems) for stems, forms in latin.items()},
    )


def _forms(word: str) -> tuple[str, ...]:
    """How a passage may hold the word: Chinese as it is, a single Latin word by its stem, longer ones not at all."""
    if is_han(word[0]):
        return (word,)
    stems = query_words(word).words
    return stems if len(stems) == 1 else ()


def _han() -> Mapping[str, tuple[str, ...]]:
    return _groups()[0]


def _latin() -> Mapping[Latin, tuple[str, ...]]:
    return _groups()[1]
