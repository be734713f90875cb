"""A reply to several questions, held against each: one that leaves an answer out gives way to the sources' own words.

A model of the starter's size answers the one question and forgets the other, or gives a neighbour's figure for what no
source says. Which questions the sources answer, the reader tells for each by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_assist.engine.protocol import Draft
from models.reply.evidence.leaving_open import leaves_open
from models.reply.evidence.quoting import Answer, corrected, foreign, opening, quoted, says

# A question whose likeliest clause has this chance is answered by it; below the other one no source answers. Chosen on
# messages that no training had seen, as is how strictly a reply's values are looked at.
_ANSWERED, _OPEN = 0.45, 0.3
_LONGEST_NAMED = {"zh": 24, "en": 72}  # characters of a question that is named in the reply
_MARKS = " \t\n?？!！。.,，、;；:：~～…"
_NAMED = {
    "zh": "关于您问的“{}”，资料里没有写明，我帮您核实后回复您。",
    "en": "As for “{}”, our notes don't say, so I'll check and get back to you.",
}
_UNNAMED = {
    "zh": "您问的另一个问题，资料里没有写明，我帮您核实后回复您。",
    "en": "Our notes don't answer your other question, so I'll check and get back to you.",
}
_REST = {
    "zh": "其他几点资料里没有写明，我帮您核实后回复您。",
    "en": "Our notes don't answer the rest, so I'll check and get back to you.",
}
_GAP = {"zh": "", "en": " "}  # between two sentences


@dataclass(frozen=True, slots=True)
class Part:
    """One question of the customer's newest message, what answers it, and how likely the best clause does."""

    question: str
    answers: tuple[Answer, ...]
    chance: float

    @property
    def answered(self) -> bool:
        """Whether the sources answer it."""
        return self.chance >= _ANSWERED and bool(self.answers)

    @property
    def told(self) -> bool:
        """Whether a reply that is put together from the sources quotes them for it."""
        return not self.open and any(answer.tells for answer in self.answers)

    @property
    def open(self) -> bool:
        """Whether they do not; between both nobody knows."""
        return self.chance < _OPEN


@dataclass(frozen=True, slots=True)
class Amended:
    """A reply that was mended; `quoted`: nothing of the model's own words is left."""

    text: str
    quoted: bool


def amended(text: str, draft: Draft, parts: Sequence[Part], *, answerable: float | None) -> Amended | None:
    """What is written in place of `text`, None where it may stay: see `corrected` for one question.

    Several are held against the text one by one. One that lacks an answer, or states a value that no answer has, gives
    way to the likeliest clause of each: what it says beside may well be the wrong answer to the other question. To one
    that says all there is to say, a word about the questions that no source answers is added.
    """
    if len(parts) < 2:
        quote = corrected(text, draft, parts[0].answers if parts else (), answerable=answerable)
        return Amended(quote, quoted=True) if quote is not None else None
    hedges = answerable is not None and answerable < draft.hedge_below
    if hedges or draft.hint.strip() or not any(part.answered for part in parts):
        return None
    language = draft.language if draft.language in _NAMED else "en"
    lacking = any(part.answered and not says(text, part.answers) for part in parts)
    if lacking or foreign(text, draft, [answer.spoken for part in parts for answer in part.answers]):
        return Amended(opening(text, language) + _told(parts, language), quoted=True)
    unsaid = [part for part in parts if part.open]
    if not unsaid or leaves_open(text):
        return None
    return Amended(text.rstrip() + _GAP[language] + _told(unsaid, language), quoted=False)


def _told(parts: Sequence[Part], language: str) -> str:
    """What answers the parts, in one sentence, then those that are open."""
    answers = _once([_likeliest(part) for part in parts if part.told])
    sentences = [quoted(answers, language)] if answers else []
    unsaid = [part.question for part in parts if not part.told]
    if unsaid:
        sentences.append(_open(unsaid[0], language) if len(unsaid) == 1 else _REST[language])
    return _GAP[language].join(sentences)


def _likeliest(part: Part) -> Answer:
    return max((answer for answer in part.answers if answer.tells), key=lambda answer: answer.chance)


def _once(answers: Sequence[Answer]) -> list[Answer]:
    """Each clause once: two questions may have the same answer, with other chances."""
    return list({(answer.unit, answer.clause): answer for answer in answers}.values())


def _open(question: str, language: str) -> str:
    named = " ".join(question.split()).strip(_MARKS)
    if not named or len(named) > _LONGEST_NAMED[language]:
        return _UNNAMED[language]
    return _NAMED[language].format(named)
