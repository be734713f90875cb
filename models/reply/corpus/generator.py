"""Draws packs of rows from the pages: rows about one page that share its passages, values and distractors.

Rows of a pack begin alike, so a trainer reads their common beginning once (training/packs.py), and the model learns
from questions that differ while everything around them stays. Same seed, same packs.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from agent_assist.domain.tickets import Role
from agent_assist.domain.wording import Tone
from agent_assist.engine.protocol import Draft, GroundingPassage, Turn
from models.reply.corpus.pages import MISSING, Page, PageSide, Side, Situation
from models.reply.corpus.phrases import GREETING, JOINS, order_lines, say_missing
from models.reply.corpus.rows import AnyRow, Row, angry, chatty, hinted, holds, joined, later, turns
from models.reply.corpus.sheets import sheet_pack
from models.reply.corpus.slots import LANGUAGE_FREE, LANGUAGES, Values, draw, slots_of
from models.reply.corpus.tasks import TaskRows

Pack = list[AnyRow]
# Subjects whose passages may answer one another's questions: no distractor comes from the same group.
_GROUPS = (
    frozenset({"returns", "return", "exchange", "refund", "cancellation", "warranty", "repair", "installation"}),
    frozenset({"shipping", "tracking", "delivery", "customs", "address", "orders", "order", "shop", "ship"}),
    frozenset({"payment", "invoice", "promotion", "price-protection", "price", "coupon", "membership", "points",
               "giftcard", "account", "privacy"}),
    frozenset({"product", "compatibility", "size", "care", "stock", "products"}),
)  # fmt: skip
_ANYTHING = frozenset({"mixed", "guide"})
_CAN_JOIN = frozenset({"answer", "refuse"})


@dataclass(frozen=True, slots=True)
class _Scene:
    """A page in one language with its values drawn and the passages that are shown."""

    page: Page
    side: PageSide
    language: str
    values: Values
    passages: tuple[GroundingPassage, ...]

    def fill(self, text: str) -> str:
        return self.values.fill(text, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Shares of packs that are not about a written page: fact sheets, and tasks other than replies."""

    sheets: float = 0.12
    tasks: float = 0.10


class Generator:
    """Draws from `pages`."""

    def __init__(self, pages: Sequence[Page], *, seed: int, mix: Mix | None = None, rows_each: int = 6) -> None:
        """`rows_each` is the most rows of a pack."""
        self._pages = pages
        self._mix = mix or Mix()
        self._rows_each = rows_each
        self._rng = random.Random(seed)
        self._tasks = TaskRows(pages, self._rng)

    def packs(self, count: int) -> Iterator[Pack]:
        """`count` packs; pages and languages take turns, so each is used about equally often."""
        places = [(page, language) for page in self._pages for language in LANGUAGES if page.asked(language)]
        given = 0
        while given < count:
            self._rng.shuffle(places)
            for page, language in places:
                chance = self._rng.random()
                if chance < self._mix.sheets:
                    yield list(sheet_pack(language, self._rng))
                elif chance < self._mix.sheets + self._mix.tasks:
                    yield list(self._tasks.pack(self._rows_each))
                else:
                    yield list(self.pack(page, language))
                given += 1
                if given == count:
                    return

    def pack(self, page: Page, language: str) -> list[Row]:
        """Rows about one page: other values, other passages around, other moods each time."""
        rng = self._rng
        elsewhere = rng.random() < 0.07
        scene = self._scene(page, language, elsewhere=elsewhere, foreign=rng.random() < 0.15)
        asked = page.asked(language)
        chosen = rng.sample(asked, min(len(asked), 3 if elsewhere else self._rows_each))
        rows = [self._row(scene, *one) for one in chosen]
        if elsewhere:
            return [self._unanswered(row, side, scene) for row, (_, side) in zip(rows, chosen, strict=True)]
        return [self._twisted(row, rows) for row in rows]

    def plain(self, page: Page, language: str) -> list[Row]:
        """A row for each situation without any twist, for tests: the page's passages and at most one more."""
        scene = self._scene(page, language, most=1, whole=True)
        return [self._row(scene, situation, side, plain=True) for situation, side in page.asked(language)]

    def _scene(
        self, page: Page, language: str, *, elsewhere: bool = False, foreign: bool = False, most: int = 2,
        whole: bool = False,
    ) -> _Scene:  # fmt: skip
        rng = self._rng
        side = page.side(language)
        assert side is not None
        values = draw(page.texts(), rng)
        other = "en" if language == "zh" else "zh"
        abroad = page.side(other)
        if foreign and abroad and _reads_alike(page, language):
            own = [_passage(page, title, text, values, other) for title, text in abroad.passages]
        else:
            own = [_passage(page, title, text, values, language) for title, text in side.passages]
        if not whole and not slots_of(title for one in (side, abroad) if one for title, _ in one.passages):
            own = self._rearranged(own)
        others = [self._distractor(page, language) for _ in range(rng.randint(1 if elsewhere else 0, most))]
        passages = [*([] if elsewhere else own), *(one for one in others if one)]
        if not whole or rng.random() < 0.5:
            rng.shuffle(passages)
        return _Scene(page, side, language, values, tuple(passages))

    def _rearranged(self, passages: list[GroundingPassage]) -> list[GroundingPassage]:
        """Now and then in one piece, or without titles; not where a title holds a value."""
        rng = self._rng
        if len(passages) > 1 and rng.random() < 0.25:
            text = " ".join(one.text for one in passages)
            passages = [structs.replace(passages[0], text=text)]
        if rng.random() < 0.15:
            passages = [structs.replace(one, title="") for one in passages]
        return passages

    def _distractor(self, page: Page, language: str) -> GroundingPassage | None:
        """A passage of another shop's page about another subject."""
        rng = self._rng
        for _ in range(20):
            other = rng.choice(self._pages)
            side = other.side(language)
            if side and side.passages and other is not page and _apart(page.area, other.area):
                title, text = rng.choice(side.passages)
                return _passage(other, title, text, draw(other.texts(), rng), language)
        return None

    def _row(self, scene: _Scene, situation: Situation, side: Side, *, plain: bool = False) -> Row:
        rng = self._rng
        order = [scene.fill(line) for line in (scene.side.order if side.order is None else side.order)]
        if not order and not plain and situation.kind != MISSING and rng.random() < 0.12:
            order = order_lines(scene.language, rng)
        tone, reply = Tone.PLAIN, side.reply
        if side.tones and not plain and rng.random() < 0.4:
            name, reply = rng.choice(sorted(side.tones.items()))
            tone = Tone(name)
        greeting = "" if side.thread or situation.kind == "smalltalk" else GREETING[scene.language]
        if reply.startswith(("抱歉", "很抱歉", "非常抱歉", "I'm sorry", "I am sorry", "Sorry")) and rng.random() < 0.5:
            greeting = ""
        answer = greeting + scene.fill(reply)
        return Row(
            situation=f"{scene.page.id}.{situation.n}",
            kind=situation.kind,
            draft=Draft(
                id="",
                language=scene.language,
                thread=[
                    *turns(map(scene.fill, side.thread)),
                    Turn(role=Role.CUSTOMER, text=scene.fill(side.asks[0] if plain else rng.choice(side.asks))),
                ],
                passages=list(scene.passages),
                order_facts=order,
                tone=tone,
            ),
            reply=answer,
            must=tuple(map(scene.fill, side.must)),
            # Values drawn may make a neighbour's fact a part of the right one: "3" of "3-5".
            wrong=tuple(fact for fact in map(scene.fill, side.wrong) if not holds(answer, fact)),
        )

    def _twisted(self, row: Row, pack: Sequence[Row]) -> Row:
        """The row with a mood, a second question, or a turn before."""
        rng = self._rng
        alone = len(row.draft.thread) == 1
        if not alone or row.kind == "smalltalk":
            return row
        chance = rng.random()
        others = [one for one in pack if one is not row and len(one.draft.thread) == 1]
        if chance < 0.10 and others and row.kind in _CAN_JOIN:
            second = rng.choice(others)
            if second.kind in _CAN_JOIN and not row.draft.hint:
                return joined(row, second, rng.choice(JOINS[row.draft.language]))
        if chance < 0.22 and others:
            return later(row, rng.choice(others))
        if chance < 0.32:
            return angry(row, rng)
        if chance < 0.38 and row.answered:
            return hinted(row, rng)
        return chatty(row, rng) if chance < 0.58 else row

    def _unanswered(self, row: Row, side: Side, scene: _Scene) -> Row:
        """The question where nothing that is shown has to do with it."""
        topic = "" if slots_of([side.topic]) else side.topic  # a value would be one that nothing shown holds
        reply = ("" if len(row.draft.thread) > 1 else GREETING[scene.language]) + say_missing(
            topic, scene.language, self._rng
        )
        draft = structs.replace(row.draft, order_facts=[], tone=Tone.PLAIN)
        return replace(row, kind=MISSING, draft=draft, reply=reply, must=(), wrong=())


def _passage(page: Page, title: str, text: str, values: Values, language: str) -> GroundingPassage:
    return GroundingPassage(doc_id=page.id, title=values.fill(title, language), text=values.fill(text, language))


def _apart(area: str, other: str) -> bool:
    """Whether a passage about `other` can hardly answer a question about `area`."""
    if area in _ANYTHING or other in _ANYTHING:
        return False
    return not any(area in group and other in group for group in _GROUPS) and area != other


def _reads_alike(page: Page, language: str) -> bool:
    """Whether the other language's passages answer what is asked in `language`, with values that read the same."""
    abroad = page.side("en" if language == "zh" else "zh")
    if not page.alike or abroad is None or any(kind not in LANGUAGE_FREE for _, kind in slots_of(page.texts())):
        return False
    held = set(slots_of(text for passage in abroad.passages for text in passage))
    return all(
        set(slots_of([side.reply, *side.tones.values()])) <= held | set(slots_of([*side.asks, *(side.order or ())]))
        for _, side in page.asked(language)
    )
