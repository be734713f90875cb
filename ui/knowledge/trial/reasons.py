"""Why a passage was found, in words. No Qt."""

import re

from agent_assist.domain.knowledge import Hit
from ui.i18n import I18n
from ui.text_keys import Key
from ui.words import percent

WORDS = 8


def reasons(i18n: I18n, hit: Hit) -> list[str]:
    """The reasons of a hit, the strongest kind first."""
    found = []
    if hit.answers is not None:
        found.append(i18n(Key.KB_WHY_ANSWERS, share=percent(hit.answers)))
    if hit.question_match and hit.question:
        found.append(i18n(Key.KB_WHY_THAT_QUESTION, question=hit.question, share=percent(hit.question_match)))
    elif hit.question_match:
        found.append(i18n(Key.KB_WHY_QUESTION, share=percent(hit.question_match)))
    if hit.similarity:
        found.append(i18n(Key.KB_WHY_MEANING, share=percent(hit.similarity)))
    found.append(i18n(Key.KB_WHY_WORDS, share=percent(hit.lexical)) if hit.lexical else i18n(Key.KB_WHY_NO_WORDS))
    if hit.matched:
        found.append(i18n(Key.KB_WHY_MATCHED, words=", ".join(hit.matched[:WORDS])))
    found += [i18n(Key.KB_WHY_SLIP, typed=typed, found=read) for typed, read in hit.slips[:WORDS]]
    return found


def word_places(text: str, hit: Hit) -> list[tuple[int, int]]:
    """Where the passage holds the words that matched, as they are spelled there; none over another."""
    folded = text.casefold()
    if len(folded) != len(text):  # places would shift
        return []
    slips = dict(hit.slips)
    places: list[tuple[int, int]] = []
    for word in sorted({slips.get(one, one).casefold() for one in hit.matched} - {""}, key=len, reverse=True):
        begins = r"(?<![a-z0-9])" if word[0].isascii() else ""  # "is" is no word of "this"
        for match in re.finditer(begins + re.escape(word), folded):
            if all(match.end() <= start or match.start() >= end for start, end in places):
                places.append(match.span())
    return sorted(places)
