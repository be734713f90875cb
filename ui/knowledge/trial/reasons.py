"""Why a passage was found, in words. No Qt."""

from agent_assist.domain.knowledge import Hit
from ui.i18n import I18n
from ui.text_keys import Key
from ui.words import percent


def reasons(i18n: I18n, hit: Hit) -> list[str]:
    """The reasons of a hit, the strongest kind first."""
    found = []
    if hit.question_match:
        found.append(i18n(Key.KB_WHY_QUESTION, share=percent(hit.question_match)))
    if hit.similarity:
        found.append(i18n(Key.KB_WHY_MEANING, share=percent(hit.similarity)))
    found.append(i18n(Key.KB_WHY_WORDS, share=percent(hit.lexical)) if hit.lexical else i18n(Key.KB_WHY_NO_WORDS))
    return found
