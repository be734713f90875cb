"""The hand-written situations of the reply corpus, as they lie in resources/corpora/reply/*.jsonl.

A situation says once, in one or both languages, what the notes hold, how customers ask and how an agent answers.
The generator (corpus.py) turns it into many rows.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec

TRAIN_FILES = ("returns.jsonl", "orders.jsonl", "products.jsonl", "service.jsonl", "tracking.jsonl", "guides.jsonl")
HELD_OUT_FILE = "heldout.jsonl"
KINDS = ("answer", "refuse", "missing", "order")


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One language's half. `thread` holds earlier turns, "C: ..." or "A: ..."; `must` what the reply has to hold.

    An item of `must` may name alternatives, separated by "|".
    """

    topic: str
    title: str = ""
    notes: tuple[str, ...] = ()
    asks: tuple[str, ...]
    replies: tuple[str, ...]
    order: tuple[str, ...] = ()
    thread: tuple[str, ...] = ()
    must: tuple[str, ...] = ()

    def texts(self) -> list[str]:
        """Everything that may hold slots."""
        return [self.topic, self.title, *self.notes, *self.asks, *self.replies, *self.order, *self.thread, *self.must]


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is "area-question" or "area-question.2" for another shop's answer to the same question."""

    id: str
    kind: str = "answer"
    # Whether both languages' notes say the same, so that a note in one may answer a question in the other.
    same_facts: bool = True
    zh: Side | None = None
    en: Side | None = None

    @property
    def area(self) -> str:
        """Field of the trade: returns, shipping, ..."""
        return self.id.split("-", 1)[0]

    @property
    def is_guide(self) -> bool:
        """Whether its note is a long one that several situations ask about; they share the part before the dot."""
        return self.area == "guide"

    @property
    def question(self) -> str:
        """What is asked, whichever shop answers it."""
        return self.id.split(".", 1)[0]

    def side(self, language: str) -> Side | None:
        """The half in "zh" or "en", None where there is none."""
        return self.zh if language == "zh" else self.en


@cache
def read_situations(name: str) -> tuple[Situation, ...]:
    """All situations of one file of resources/corpora/reply."""
    text = files("resources").joinpath("corpora/reply", name).read_bytes()
    return tuple(msgspec.json.decode(line, type=Situation) for line in text.splitlines() if line.strip())


def training_situations() -> Sequence[Situation]:
    """Every situation that may be trained on."""
    return [situation for name in TRAIN_FILES for situation in read_situations(name)]


def held_out_situations() -> Sequence[Situation]:
    """Situations of other shops, kept wholly for the test."""
    return read_situations(HELD_OUT_FILE)
