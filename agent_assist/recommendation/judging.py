"""What speaks for and against one product, as typed reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent_assist.domain.recommendation import Reason, ReasonKind
from agent_assist.recommendation.facts import ProductFacts
from agent_assist.recommendation.spotting import plain
from agent_assist.recommendation.vocabulary import kind_by_id
from agent_assist.recommendation.wishes.model import Budget, Status, Wish, Wishes

# What was bought within this time is not wanted again, unless it is used up.
_OWNED_FOR = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What is known of the customer: SKUs with the time of the newest purchase, the currency they pay in, and the one
    in which prices are shown to them where they name none."""

    bought: Mapping[str, datetime] = field(default_factory=dict)
    currency: str = ""
    shown_currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A product with its reasons. `fits` where nothing that must be is missed; `faults` counts what is, and what is
    not stated as half; `excess` is how far from the budget it is, as a share of it; `met` the share of welcome things.
    """

    facts: ProductFacts
    price: float
    currency: str
    reasons: tuple[Reason, ...]
    faults: float
    excess: float = 0.0
    met: float = 0.0

    @property
    def fits(self) -> bool:
        """Whether it may be recommended."""
        return self.faults == 0


def judge(facts: ProductFacts, wishes: Wishes, customer: Customer, *, now: datetime) -> Judged:
    """Check one product against all wishes."""
    reasons: list[Reason] = []
    faults = 0.0
    for wish in wishes.conditions:
        reason, fault = _checked(facts, wish)
        faults += fault
        reasons += [reason] if reason else []
    welcome = [reason for reason, _ in (_checked(facts, wish) for wish in wishes.welcome) if reason]
    price, currency = _price(facts, wishes.budget, customer)
    money, excess = _budget_reason(price, currency, wishes.budget)
    against = [*_stock(facts, wishes), *_owned(facts, wishes, customer, now=now)]
    faults += len(against) + (money is not None and money.kind.against)
    kept = [reason for reason in welcome if reason.kind is ReasonKind.FITS]
    return Judged(
        facts=facts,
        price=price or 0.0,
        currency=currency,
        reasons=(*reasons, *kept, *([money] if money else []), *against),
        faults=faults,
        excess=excess,
        met=len(kept) / max(len(wishes.welcome), 1),
    )


def _checked(facts: ProductFacts, wish: Wish) -> tuple[Reason | None, float]:
    verdict = wish.check(facts)
    if verdict.status is Status.IRRELEVANT:
        return None, 0.0
    kind = {
        Status.MET: ReasonKind.FITS,
        Status.MISSED: ReasonKind.MISSES,
        Status.UNSTATED: ReasonKind.NOT_STATED,
    }[verdict.status]
    fault = {Status.MET: 0.0, Status.MISSED: 1.0, Status.UNSTATED: 0.0 if wish.lenient else 0.5}[verdict.status]
    return Reason(kind=kind, zh=wish.zh, en=wish.en, value=verdict.value, wanted=wish.wanted), fault


def _price(facts: ProductFacts, budget: Budget | None, customer: Customer) -> tuple[float | None, str]:
    """The price in the budget's currency, else in the customer's or the shop's; None where there is none."""
    own = facts.product.currency.upper()
    if budget is not None:
        currency = budget.currency or customer.currency or own
        return facts.prices.get(currency), currency
    fitting = [one for one in (customer.currency, customer.shown_currency) if one in facts.prices]
    currency = fitting[0] if fitting else own
    return facts.prices.get(currency), currency


def _budget_reason(price: float | None, currency: str, budget: Budget | None) -> tuple[Reason | None, float]:
    if budget is None:
        return None, 0.0
    high = 0.0 if budget.high == float("inf") else budget.high
    told = budget.stated if budget.about else high
    low = 0.0 if budget.about else budget.low

    def reason(kind: ReasonKind) -> Reason:
        return Reason(kind=kind, low=low, number=told, about=budget.about, currency=currency)

    if price is None:
        return reason(ReasonKind.NO_PRICE), 1.0
    if price > budget.high:
        return reason(ReasonKind.OVER_BUDGET), price / budget.high - 1 if budget.high else 1.0
    if price < budget.low:
        return reason(ReasonKind.UNDER_BUDGET), 1 - price / budget.low
    return reason(ReasonKind.IN_BUDGET), 0.0


def _stock(facts: ProductFacts, wishes: Wishes) -> list[Reason]:
    if facts.product.stock >= wishes.quantity:
        return []
    return [Reason(kind=ReasonKind.TOO_FEW, number=facts.product.stock, wanted=str(wishes.quantity))]


def _owned(facts: ProductFacts, wishes: Wishes, customer: Customer, *, now: datetime) -> list[Reason]:
    """What the customer has already, unless they ask for it by name or it is used up."""
    at = customer.bought.get(facts.product.sku)
    if at is None or now - at > _OWNED_FOR or facts.product.sku in wishes.named:
        return []
    if any(kind_by_id()[kind].consumable for kind in facts.kinds):
        return []
    return [Reason(kind=ReasonKind.ALREADY_BOUGHT, value=f"{at:%Y-%m-%d}")]


def fits_owned(facts: ProductFacts, owned: Sequence[ProductFacts]) -> ProductFacts | None:
    """The first product of the customer's that this one says it fits."""
    if facts.fits is None:
        return None
    for one in owned:
        names = {plain(name) for name in (one.product.name, one.product.name_en, *one.product.aliases)} - {""}
        if one.product.sku != facts.product.sku and any(name in facts.fits for name in names):
            return one
    return None
