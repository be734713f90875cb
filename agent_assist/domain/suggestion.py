"""A suggested reply with its sources."""

from dataclasses import dataclass
from enum import StrEnum


class SuggestionKind(StrEnum):
    """`APPROVED`: a reviewed text, word for word. `GENERATED`: drafted by the reply model. `NONE`: nothing fits."""

    APPROVED = "approved"
    GENERATED = "generated"
    NONE = "none"


class NoneReason(StrEnum):
    """Why there is no suggestion."""

    OUT_OF_SCOPE = "out_of_scope"
    NOTHING_FOUND = "nothing_found"
    ENGINE_UNAVAILABLE = "engine_unavailable"


class UnsupportedReason(StrEnum):
    """What of a draft is in no source, by the kind of fact; a slot is a gap that nothing known fills."""

    AMOUNT = "amount_not_found"
    DATE = "date_not_found"
    DURATION = "duration_not_found"
    PERCENTAGE = "percentage_not_found"
    IDENTIFIER = "identifier_not_found"
    NUMBER = "number_not_found"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A reply for version `ticket_version` of a ticket. Times in milliseconds from the request."""

    ticket_id: str
    ticket_version: int
    kind: SuggestionKind
    draft: str
    sources: tuple[Source, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    reason: NoneReason | None = None
    model_version: str = ""
    prompt_hash: str = ""
    first_token_ms: float | None = None
    total_ms: float = 0.0

    @property
    def gaps(self) -> tuple[str, ...]:
        """The slots of the draft that are still to be filled, as they are written; with one it cannot be sent."""
        open_slots = (one for one in self.unsupported if one.reason is UnsupportedReason.SLOT)
        return tuple(dict.fromkeys(self.draft[one.start : one.end] for one in open_slots))
