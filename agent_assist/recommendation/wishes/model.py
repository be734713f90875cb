"""What a customer asks for, each wish able to say whether a product meets it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from agent_assist.recommendation.comparisons import Comparison
from agent_assist.recommendation.facts import ProductFacts
from agent_assist.recommendation.vocabulary import Aspect, Preference


class Status(StrEnum):
    """Whether a product meets a wish; `UNSTATED` where its data do not say, `IRRELEVANT` where it does not matter."""

    MET = "met"
    MISSED = "missed"
    UNSTATED = "unstated"
    IRRELEVANT = "irrelevant"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status with what the product's data say, as the shop wrote it."""

    status: Status
    value: str = ""


class Wish(Protocol):
    """A must: `zh` and `en` name it, `wanted` is what the customer wrote or a short form of it.

    A product whose data say nothing of a `lenient` wish is still shown, with a word about it. `key` tells which wish
    of a later message takes this one's place.
    """

    @property
    def key(self) -> str: ...
    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...
    @property
    def wanted(self) -> str: ...
    @property
    def lenient(self) -> bool: ...

    def check(self, facts: ProductFacts) -> Verdict:
        """Whether the product meets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What it may cost, per piece, both ends included; `about` where the customer gave a rough figure `stated`."""

    low: float = 0.0
    high: float = float("inf")
    currency: str = ""
    about: bool = False
    stated: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """All that the customer's messages ask for.

    `kinds` are vocabulary ids and `categories` the shop's own, plain; `named` are SKUs of products that are called by
    their names, `cheaper_than` of those that cost too much; `words` the telling words that are left; `open_ended`
    where nothing but advice was asked for, `accessories` where something is asked for that goes with `named` or
    with products of `kinds`.
    """

    kinds: tuple[str, ...] = ()
    excluded_kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    cheaper_than: tuple[str, ...] = ()
    budget: Budget | None = None
    conditions: tuple[Wish, ...] = ()
    welcome: tuple[Wish, ...] = ()
    preferences: tuple[Preference, ...] = ()
    quantity: int = 1
    words: tuple[str, ...] = ()
    open_ended: bool = False
    accessories: bool = False
    after_sales: bool = False

    @property
    def vague(self) -> bool:
        """Whether nothing narrows the choice down."""
        return not (self.budget or self.conditions or self.named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A number as it is meant."""

    sense: Comparison
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureWish:
    """Something measured: at least 8 hours, under 500 g."""

    aspect: Aspect
    bounds: Bounds
    wanted: str
    first_only: bool = False
    lenient: bool = field(default=False)

    @property
    def key(self) -> str:
        """One a kind of measure."""
        return f"measure:{self.aspect.id}"

    @property
    def zh(self) -> str:
        """The aspect."""
        return self.aspect.zh

    @property
    def en(self) -> str:
        """The aspect."""
        return self.aspect.en

    def check(self, facts: ProductFacts) -> Verdict:
        """Against every attribute that tells this aspect; the best of its values counts for a floor."""
        dimension = self.aspect.dimension
        told = [one for one in facts.told_by(self.aspect.keys) if any(m.dimension == dimension for m in one.measures)]
        measures = [measure for one in told for measure in one.measures]
        measures += facts.name_measures if self.aspect.in_name else ()
        values = [(measure.low, measure.high) for measure in measures if measure.dimension == dimension]
        if not values:
            return Verdict(Status.UNSTATED)
        met = within(self.bounds, values[:1] if self.first_only else values)
        in_name = [measure for measure in facts.name_measures if measure.dimension == dimension]
        value = told[0].shown if told else facts.name[in_name[0].start : in_name[0].end].upper()
        return Verdict(Status.MET if met else Status.MISSED, value)


def within(bounds: Bounds, values: list[tuple[float, float]]) -> bool:
    """Whether a product's values (each a range) meet a number: a ceiling by the largest, else by any of them."""
    wanted = bounds.value
    match bounds.sense:
        case Comparison.AT_MOST:
            return max(low for low, _ in values) <= wanted * 1.0001
        case Comparison.AT_LEAST:
            return max(high for _, high in values) >= wanted * 0.9999
        case Comparison.ABOUT:
            return any(low * 0.8 <= wanted <= high * 1.2 for low, high in values)
        case _:
            return any(low * 0.97 <= wanted <= high * 1.03 for low, high in values)
