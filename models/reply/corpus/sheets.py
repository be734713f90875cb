"""Fact sheets put together from single facts: a product's data or a shop's rules, with a question about one or two.

No sheet is like another, so the only way to answer is to find the fact that is asked for; one that the sheet does not
hold has to be told from one that it does.
"""

import random
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Draft, GroundingPassage, Turn
from models.reply.corpus.pages import MISSING
from models.reply.corpus.phrases import FACET_JOINS, FACET_MISSING, GREETING, JOINS, SHEET_TITLES
from models.reply.corpus.rows import Row
from models.reply.corpus.slots import Values, draw, slots_of

FILE = "sheets.jsonl"


class FacetSide(msgspec.Struct, frozen=True, kw_only=True):
    """One language's half: the `clause` of a sheet, how it is asked for, the answer, and what it is about."""

    clause: str
    asks: tuple[str, ...]
    reply: str
    topic: str


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that a sheet may hold; `id` is "kind-name" with the kind product or shop."""

    id: str
    zh: FacetSide
    en: FacetSide

    @property
    def kind(self) -> str:
        """Which sheets it belongs on."""
        return self.id.split("-", 1)[0]

    def side(self, language: str) -> FacetSide:
        """The half in "zh" or "en"."""
        return self.zh if language == "zh" else self.en


@cache
def read_facets() -> tuple[Facet, ...]:
    """All facts of resources/corpora/reply/facets.jsonl."""
    text = files("resources").joinpath("corpora/reply", FILE).read_bytes()
    return tuple(msgspec.json.decode(line, type=Facet) for line in text.splitlines() if line.strip())


def sheet_pack(language: str, rng: random.Random, *, count: int = 4) -> Iterator[Row]:
    """`count` rows about a new sheet: one question, sometimes two, sometimes one that it cannot answer."""
    kind = rng.choice(("product", "shop"))
    facets = [facet for facet in read_facets() if facet.kind == kind]
    rng.shuffle(facets)
    size = rng.randint(3, 8)
    held, others = facets[:size], facets[size:]
    title, passage, values = _sheet(kind, held, language, rng)
    passages = [GroundingPassage(doc_id="sheet", title=title, text=passage)]
    if rng.random() < 0.35:
        other_kind = "shop" if kind == "product" else "product"
        more = rng.sample([facet for facet in read_facets() if facet.kind == other_kind], rng.randint(3, 6))
        other_title, text, _ = _sheet(other_kind, more, language, rng)
        passages.insert(rng.randint(0, 1), GroundingPassage(doc_id="other", title=other_title, text=text))
    for _ in range(count):
        chance = rng.random()
        missing = chance < 0.25
        if missing:
            ask, reply = _unanswered(rng.choice(others).side(language), language, rng)
        else:
            chosen = rng.sample(held, 2 if chance > 0.85 else 1)
            ask, reply = _answered([facet.side(language) for facet in chosen], values, language, rng)
        draft = Draft(id="", language=language, thread=[Turn(role=Role.CUSTOMER, text=ask)], passages=passages)
        yield Row(situation=f"sheet-{kind}", kind=MISSING if missing else "answer", draft=draft, reply=reply)


def _sheet(kind: str, facets: list[Facet], language: str, rng: random.Random) -> tuple[str, str, Values]:
    title = rng.choice(SHEET_TITLES[kind][language])
    clauses = [facet.side(language).clause for facet in facets]
    values = draw([title, *clauses], rng)
    joined = rng.choice(FACET_JOINS[language]).join(values.fill(clause, language) for clause in clauses)
    end = "。" if language == "zh" else "."
    return values.fill(title, language), joined[0].upper() + joined[1:] + end, values


def _answered(sides: list[FacetSide], values: Values, language: str, rng: random.Random) -> tuple[str, str]:
    ask_join, reply_join = rng.choice(JOINS[language])
    ask = ask_join.join(rng.choice(side.asks) for side in sides)
    end = "。" if language == "zh" else "."
    answers = [values.fill(side.reply, language) + end for side in sides]
    answers[0] = answers[0][0].upper() + answers[0][1:]
    return ask, GREETING[language] + reply_join.join(answers)


def _unanswered(side: FacetSide, language: str, rng: random.Random) -> tuple[str, str]:
    template = rng.choice(FACET_MISSING[language])
    return rng.choice(side.asks), GREETING[language] + template.replace("{topic}", side.topic)


def slot_types() -> set[str]:
    """Types of all slots used, for the corpus's own check."""
    texts = [text for facet in read_facets() for s in (facet.zh, facet.en) for text in (s.clause, s.reply, *s.asks)]
    return {kind for _, kind in slots_of(texts)}
