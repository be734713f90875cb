"""A suggested reply with its sources."""

from dataclasses import dataclass
from enum import StrEnum

from agent_assist.domain.next_action import NextAction
from agent_assist.domain.wording import NO_WISH, Tone, Wish


class SuggestionKind(StrEnum):
    """`APPROVED`: a reviewed text, word for word. `GENERATED`: drafted by the reply model. `NONE`: nothing fits."""

    APPROVED = "approved"
    GENERATED = "generated"
    NONE = "none"


class NoneReason(StrEnum):
    """Why there is no suggestion. `NOT_ANSWERED`: there are sources, but by the reply model's own judgement they do not
    answer the customer."""

    OUT_OF_SCOPE = "out_of_scope"
    NOTHING_FOUND = "nothing_found"
    NOT_ANSWERED = "not_answered"
    ENGINE_UNAVAILABLE = "engine_unavailable"


class UnsupportedReason(StrEnum):
    """What is the matter with some words of a draft, by the kind of fact.

    `OTHER_SUBJECT`: the sources hold the value, but tell it of something else. `CONTRADICTION`: they say the opposite.
    `SLOT` (a gap that nothing known fills) and `FORBIDDEN` (words that the shop never writes) keep a reply from being
    sent; all others a person may confirm.
    """

    AMOUNT = "amount_not_found"
    DATE = "date_not_found"
    DURATION = "duration_not_found"
    PERCENTAGE = "percentage_not_found"
    IDENTIFIER = "identifier_not_found"
    NUMBER = "number_not_found"
    TIME = "time_not_found"
    PLACE = "place_not_found"
    PRODUCT = "product_not_found"
    PROMISE = "promise_not_found"
    OTHER_SUBJECT = "said_of_something_else"
    CONTRADICTION = "contradicts_source"
    FORBIDDEN = "forbidden_word"
    SLOT = "slot_open"


class SourceKind(StrEnum):
    """Where a source is kept: among the articles, in the order the ticket is about, or among the shop's products."""

    ARTICLE = "article"
    ORDER = "order"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The passage a draft rests on; `start` and `end` are its place in the article's text.

    For an order `doc_id` is its number, for a product its SKU, and `passage` the lines about it that the draft may
    use, whole.
    """

    doc_id: str
    title: str
    passage: str
    start: int
    end: int
    kind: SourceKind = SourceKind.ARTICLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """A fact in the draft (characters `start` to `end`) that no source, order or message holds."""

    start: int
    end: int
    reason: UnsupportedReason


BLOCKING = frozenset({UnsupportedReason.SLOT, UnsupportedReason.FORBIDDEN})
"""What no confirmation lets through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceSource:
    """What a sentence of a draft (characters `start` to `end`) rests on.

    `source` counts the suggestion's sources from 0; `source_start` and `source_end` are the place in the text that the
    source's own `start` and `end` count in. Without a `source` the sentence rests on nothing, which is as it should be
    where it is `free`: greetings, thanks, questions.
    """

    start: int
    end: int
    source: int | None = None
    source_start: int = 0
    source_end: int = 0
    free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyCheck:
    """A reply looked over: its doubtful words and what its sentences rest on."""

    unsupported: tuple[Unsupported, ...] = ()
    sentences: tuple[SentenceSource, ...] = ()

    @property
    def doubts(self) -> tuple[Unsupported, ...]:
        """What a person may confirm."""
        return tuple(one for one in self.unsupported if one.reason not in BLOCKING)

    @property
    def blocking(self) -> tuple[Unsupported, ...]:
        """What has to be changed before the reply can go out."""
        return tuple(one for one in self.unsupported if one.reason in BLOCKING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A reply for version `ticket_version` of a ticket. Times in milliseconds from the request.

    Where there is none, `clarifying` may be a question to ask the customer back. `answerable` is how likely the sources
    answer by the reply model, None where it does not tell or was not asked. `quoted`: the draft is the sources' own
    words, since the model's did not say what they say. `unsupported` and `sentences` count the characters of `text`.
    `wish` is what the agent asked for, `tone` the one it was written in. `candidate` counts from 1 where there were
    several; `seed` is that of a sampled draft, 0 for the likeliest one.
    """

    ticket_id: str
    ticket_version: int
    kind: SuggestionKind
    draft: str
    sources: tuple[Source, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    sentences: tuple[SentenceSource, ...] = ()
    reason: NoneReason | None = None
    model_version: str = ""
    prompt_hash: str = ""
    first_token_ms: float | None = None
    total_ms: float = 0.0
    clarifying: str = ""
    answerable: float | None = None
    quoted: bool = False
    next_action: NextAction | None = None
    wish: Wish = NO_WISH
    tone: Tone = Tone.PLAIN
    candidate: int = 0
    seed: int = 0

    @property
    def text(self) -> str:
        """What can be sent: the draft, or where there is none the question to ask back."""
        return self.draft or self.clarifying

    @property
    def doubts(self) -> tuple[Unsupported, ...]:
        """What a person may confirm."""
        return tuple(one for one in self.unsupported if one.reason not in BLOCKING)

    @property
    def gaps(self) -> tuple[str, ...]:
        """The slots of the draft that are still to be filled, as they are written; with one it cannot be sent."""
        open_slots = (one for one in self.unsupported if one.reason is UnsupportedReason.SLOT)
        return tuple(dict.fromkeys(self.text[one.start : one.end] for one in open_slots))
