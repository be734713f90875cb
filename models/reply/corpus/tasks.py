"""Rows of the tasks beside replies: another tone, shorter, fuller, simpler, corrected, translated, summed up."""

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence

from agent_assist.domain.tickets import Role
from agent_assist.domain.wording import Rewording
from agent_assist.engine.protocol import Rewrite, Summarise, Turn
from models.reply.corpus.pages import Page, Side
from models.reply.corpus.rows import TaskRow, turns
from models.reply.corpus.slots import LANGUAGES, Values, draw

_Maker = Callable[[], TaskRow]
# Letters that are often written for one another.
_CONFUSED = ("的地", "的得", "在再", "做作", "以已", "那哪", "像象", "需须", "帐账", "即既", "您你")
_SLIPS = (("you're", "your"), ("it's", "its"), ("their", "there"), ("receive", "recieve"), ("than", "then"),
          ("can't", "cant"), ("don't", "dont"), ("the ", ""), ("a ", ""), ("will be", "will"),
          ("within", "with in"))  # fmt: skip


class TaskRows:
    """Draws task rows from `pages`."""

    def __init__(self, pages: Sequence[Page], rng: random.Random) -> None:
        self._rng = rng
        sides = [(page, language, side) for page in pages for language in LANGUAGES for _, side in page.asked(language)]
        self._sides = sides
        self._toned = [one for one in sides if one[2].tones]
        self._summed = [one for one in sides if one[2].summary]
        self._paired = [
            (page, one.zh, one.en) for page in pages for one in page.situations if one.zh is not None and one.en
        ]

    def pack(self, count: int) -> Iterator[TaskRow]:
        """`count` rows of all tasks that the pages have material for."""
        makers: list[_Maker] = [self._corrected]
        makers += [self._toned_row] * 2 if self._toned else []
        makers += [self._translated] * 2 if self._paired else []
        makers += [self._summary] if self._summed else []
        for _ in range(count):
            yield self._rng.choice(makers)()

    def _toned_row(self) -> TaskRow:
        page, language, side = self._rng.choice(self._toned)
        values = draw(page.texts(), self._rng)
        tone, text = self._rng.choice(sorted(side.tones.items()))
        start, end, manner = side.reply, text, Rewording(tone)
        if tone == "short" and self._rng.random() < 0.4:
            start, end, manner = text, side.reply, Rewording.LONG
        elif tone == "formal" and self._rng.random() < 0.4:
            start, end, manner = text, side.reply, Rewording.SIMPLE
        return _rewrite(values.fill(start, language), values.fill(end, language), manner, language)

    def _translated(self) -> TaskRow:
        page, zh, en = self._rng.choice(self._paired)
        values = draw(page.texts(), self._rng)
        texts = {"zh": values.fill(zh.reply, "zh"), "en": values.fill(en.reply, "en")}
        language = self._rng.choice(LANGUAGES)
        other = "en" if language == "zh" else "zh"
        return _rewrite(texts[other], texts[language], Rewording.TRANSLATE, language)

    def _corrected(self) -> TaskRow:
        page, language, side = self._rng.choice(self._sides)
        text = draw(page.texts(), self._rng).fill(side.reply, language)
        return _rewrite(slip(text, language, self._rng), text, Rewording.CORRECT, language)

    def _summary(self) -> TaskRow:
        page, language, side = self._rng.choice(self._summed)
        values = draw(page.texts(), self._rng)
        return TaskRow(
            request=Summarise(id="", thread=_thread(side, values, language), language=language),
            result=_summary_of(side, values, language),
        )


def slip(text: str, language: str, rng: random.Random) -> str:
    """`text` with a few slips of the pen; its figures stay."""
    for _ in range(rng.randint(1, 3)):
        text = _slip_zh(text, rng) if language == "zh" else _slip_en(text, rng)
    return text


def _slip_zh(text: str, rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.4:
        for pair in rng.sample(_CONFUSED, len(_CONFUSED)):
            right, wrong = rng.sample(pair, 2)
            if right in text:
                return text.replace(right, wrong, 1)
    places = [match.start() for match in re.finditer(r"[\u4e00-\u9fff]", text)]
    if not places:
        return text
    place = rng.choice(places)
    if kind < 0.6:
        return text[:place] + text[place] + text[place:]
    if kind < 0.8:
        return text[:place] + text[place + 1 :]
    return re.sub(r"[，。]", lambda match: "" if rng.random() < 0.5 else match[0], text)


def _slip_en(text: str, rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.4:
        for right, wrong in rng.sample(_SLIPS, len(_SLIPS)):
            if right in text:
                return text.replace(right, wrong, 1)
    words = list(re.finditer(r"\b[A-Za-z]{4,}\b", text))
    if not words:
        return text
    word = rng.choice(words)
    place = rng.randint(word.start() + 1, word.end() - 2)
    if kind < 0.7:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if kind < 0.85:
        return text[:place] + text[place + 1 :]
    return text[0].lower() + text[1:].replace(". ", " ", 1)


def _rewrite(start: str, end: str, manner: Rewording, language: str) -> TaskRow:
    return TaskRow(request=Rewrite(id="", text=start, manner=manner, language=language), result=end)


def _thread(side: Side, values: Values, language: str) -> list[Turn]:
    earlier = turns(values.fill(line, language) for line in side.thread)
    return [*earlier, Turn(role=Role.CUSTOMER, text=values.fill(side.asks[0], language))]


def _summary_of(side: Side, values: Values, language: str) -> str:
    assert side.summary is not None
    fields = {
        "problem": side.summary.problem,
        "done": side.summary.done,
        "open": side.summary.open,
        "next": side.summary.next,
    }
    return json.dumps({name: values.fill(text, language) for name, text in fields.items()}, ensure_ascii=False)
