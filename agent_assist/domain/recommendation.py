"""Products recommended to a customer, with the reasons in a form that can be told in either language."""

from dataclasses import dataclass
from enum import StrEnum

from agent_assist.domain.language import Language
from agent_assist.domain.shop import Product


class ReasonKind(StrEnum):
    """Why a product is shown, or, from `MISSES` on, what speaks against it."""

    NAMED = "named"
    FITS = "fits"
    IN_BUDGET = "in_budget"
    BOUGHT_TOGETHER = "bought_together"
    FITS_OWNED = "fits_owned"
    POPULAR = "popular"
    CHEAPER = "cheaper"
    DEARER = "dearer"
    MISSES = "misses"
    NOT_STATED = "not_stated"
    OVER_BUDGET = "over_budget"
    UNDER_BUDGET = "under_budget"
    NO_PRICE = "no_price"
    TOO_FEW = "too_few"
    ALREADY_BOUGHT = "already_bought"

    @property
    def against(self) -> bool:
        """Whether it speaks against the product."""
        return self in _AGAINST


_AGAINST = frozenset(
    {
        ReasonKind.MISSES,
        ReasonKind.NOT_STATED,
        ReasonKind.OVER_BUDGET,
        ReasonKind.UNDER_BUDGET,
        ReasonKind.NO_PRICE,
        ReasonKind.TOO_FEW,
        ReasonKind.ALREADY_BOUGHT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason.

    `zh` and `en` name the attribute, "" where there is none; `value` is the product's own, as the shop wrote it;
    `wanted` what the customer asked for; `other` another product that the reason speaks of; `number` counts customers
    or pieces, or is an amount of `currency`: of a budget the upper end, 0 for none, where `low` is the lower one; a
    budget that is only `about` an amount has it as `number`.
    """

    kind: ReasonKind
    zh: str = ""
    en: str = ""
    value: str = ""
    wanted: str = ""
    other: Product | None = None
    low: float = 0.0
    number: float = 0.0
    about: bool = False
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A product in stock. `score` compares products of one answer only; `price` is in `currency`, the customer's."""

    product: Product
    score: float
    price: float
    currency: str
    reasons: tuple[Reason, ...] = ()

    @property
    def misses(self) -> tuple[Reason, ...]:
        """What the product does not fit."""
        return tuple(reason for reason in self.reasons if reason.kind.against)


class QuestionKind(StrEnum):
    """What a clarifying question asks for."""

    KIND = "kind"
    BUDGET = "budget"
    TRAIT = "trait"
    SIZE = "size"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask back; `zh` and `en` name the choices, in one order."""

    kind: QuestionKind
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfStock:
    """A product that was asked for and is not there; `restock` is the day it comes back, "" where that is not known."""

    product: Product
    restock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The answer to a question before buying.

    `recommended` products meet all that was asked for. Where none does, `nearest` are the closest, each with what it
    misses. `wanted` names the kinds of product asked for, also those the shop does not have. Nothing in `recommended`
    or `nearest` is out of stock.
    """

    language: Language
    wanted_zh: tuple[str, ...] = ()
    wanted_en: tuple[str, ...] = ()
    wishes_zh: tuple[str, ...] = ()
    wishes_en: tuple[str, ...] = ()
    recommended: tuple[Recommendation, ...] = ()
    nearest: tuple[Recommendation, ...] = ()
    out_of_stock: tuple[OutOfStock, ...] = ()
    question: Question | None = None
