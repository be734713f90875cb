"""Tones, manners and refusals in the window's language."""

from agent_assist.domain.wording import Refusal, RefusalReason, Rewording, Tone, Way, WayKind
from ui.i18n import I18n
from ui.text_keys import Key

TONE_KEYS = {
    Tone.PLAIN: Key.TONE_PLAIN,
    Tone.WARM: Key.TONE_WARM,
    Tone.FORMAL: Key.TONE_FORMAL,
    Tone.SHORT: Key.TONE_SHORT,
}
MANNER_KEYS = {
    Rewording.WARM: Key.REWORDING_WARM,
    Rewording.FORMAL: Key.REWORDING_FORMAL,
    Rewording.SHORT: Key.REWORDING_SHORT,
    Rewording.LONG: Key.REWORDING_LONG,
    Rewording.SIMPLE: Key.REWORDING_SIMPLE,
    Rewording.CORRECT: Key.REWORDING_CORRECT,
    Rewording.TRANSLATE: Key.REWORDING_TRANSLATE,
}
_WHY_KEYS = {
    RefusalReason.TOO_LONG: Key.SMALL_TOO_LONG,
    RefusalReason.NOT_AT_ALL: Key.SMALL_NOT_AT_ALL,
    RefusalReason.FIGURES: Key.SMALL_FIGURES,
    RefusalReason.LANGUAGE: Key.SMALL_LANGUAGE,
    RefusalReason.REPEATS: Key.SMALL_REPEATS,
    RefusalReason.UNFINISHED: Key.SMALL_UNFINISHED,
    RefusalReason.MEANING: Key.SMALL_MEANING,
}
_WAY_KEYS = {
    WayKind.APPROVED_TEXT: Key.WAY_APPROVED_TEXT,
    WayKind.MACRO: Key.WAY_MACRO,
    WayKind.ARTICLE: Key.WAY_ARTICLE,
    WayKind.SHORTER: Key.WAY_SHORTER,
    WayKind.LARGER_MODEL: Key.WAY_LARGER_MODEL,
}


def refusal_text(i18n: I18n, refusal: Refusal) -> str:
    """Why the model is too small, and the ways that name no article."""
    figures = ", ".join((*refusal.lost, *refusal.added))
    why = i18n(_WHY_KEYS[refusal.reason], tokens=refusal.tokens, limit=refusal.limit, figures=figures)
    ways = [f"• {way_text(i18n, way)}" for way in refusal.ways if not way.doc_id]
    return "\n".join([i18n(Key.SMALL_SENTENCE, why=why), *ways])


def way_text(i18n: I18n, way: Way) -> str:
    """What works instead."""
    return i18n(_WAY_KEYS[way.kind], title=way.title)
