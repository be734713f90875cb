"""The written part of the reply corpus, as it lies in resources/corpora/reply/*.jsonl.

A page is what a search finds for one invented shop: passages, and maybe an order. Its situations are what customers
ask about it and what a good agent answers, in one or both languages. Values that may be any other are slots (slots.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec

TRAIN_FILES = (
    "basics.jsonl", "returns.jsonl", "shipping.jsonl", "products.jsonl", "money.jsonl", "service.jsonl", "mixed.jsonl",
    "gear.jsonl", "wares.jsonl",
)  # fmt: skip
HELD_OUT_FILE = "heldout.jsonl"
KINDS = frozenset({"answer", "refuse", "missing", "partial", "order", "multi", "smalltalk"})
# What the passages do not answer: the reply names what is missing and asks, and states nothing.
MISSING = "missing"


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A thread in four lines."""

    problem: str
    done: str
    open: str
    next: str


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One language's half of a situation. `thread` holds earlier turns, "C: ..." or "A: ...".

    `must` is what a right reply holds, "a|b" meaning either; `wrong` what only a wrong one would. `tones` are the same
    reply warmer, more formal, shorter; `order` replaces the page's lines; `topic` is what a reply calls the matter.
    """

    asks: tuple[str, ...]
    reply: str
    must: tuple[str, ...] = ()
    wrong: tuple[str, ...] = msgspec.field(default=(), name="not")
    thread: tuple[str, ...] = ()
    order: tuple[str, ...] | None = None
    tones: Mapping[str, str] = {}
    summary: Summary | None = None
    topic: str = ""


class PageSide(msgspec.Struct, frozen=True, kw_only=True):
    """One language's half of a page: passages as (title, text), and the order's lines."""

    passages: tuple[tuple[str, str], ...]
    order: tuple[str, ...] = ()


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is asked about a page; `n` counts on the page."""

    n: int
    kind: str
    zh: Side | None = None
    en: Side | None = None

    def side(self, language: str) -> Side | None:
        """The half in "zh" or "en", None where there is none."""
        return self.zh if language == "zh" else self.en


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Passages of one shop with what is asked about them; `area` is the field of the trade.

    `alike`: both languages say the same, so that passages in one may answer a question in the other.
    """

    id: str
    area: str
    alike: bool = True
    situations: tuple[Situation, ...]
    zh: PageSide | None = None
    en: PageSide | None = None

    def side(self, language: str) -> PageSide | None:
        """The half in "zh" or "en", None where there is none."""
        return self.zh if language == "zh" else self.en

    def asked(self, language: str) -> list[tuple[Situation, Side]]:
        """The situations with a half in `language`."""
        return [(one, side) for one in self.situations if (side := one.side(language))]

    def texts(self) -> Iterator[str]:
        """Every text of the page, for its slots."""
        for page_side in (self.zh, self.en):
            if page_side:
                yield from (text for passage in page_side.passages for text in passage)
                yield from page_side.order
        for situation in self.situations:
            for side in (situation.zh, situation.en):
                if side:
                    yield from _texts(side)


def _texts(side: Side) -> Iterator[str]:
    yield from (*side.asks, side.reply, *side.must, *side.wrong, *side.thread, *(side.order or ()), side.topic)
    yield from side.tones.values()
    if side.summary:
        yield from (side.summary.problem, side.summary.done, side.summary.open, side.summary.next)


@cache
def read_pages(name: str) -> tuple[Page, ...]:
    """All pages of one file of resources/corpora/reply."""
    text = files("resources").joinpath("corpora/reply", name).read_bytes()
    return tuple(msgspec.json.decode(line, type=Page) for line in text.splitlines() if line.strip())


def training_pages() -> Sequence[Page]:
    """Every page that may be trained on."""
    return [page for name in TRAIN_FILES for page in read_pages(name)]


def held_out_pages() -> Sequence[Page]:
    """Pages of other shops, written apart from the others and kept wholly for the test."""
    return read_pages(HELD_OUT_FILE)
