"""From wishes to advice: what to recommend, what comes nearest, what is out of stock, what to ask back."""

from collections.abc import Sequence
from datetime import datetime

from agent_assist.domain.language import Language
from agent_assist.domain.recommendation import Advice, OutOfStock, Reason, ReasonKind, Recommendation
from agent_assist.recommendation.catalogue import Catalogue
from agent_assist.recommendation.judging import Customer, Judged, judge
from agent_assist.recommendation.questions import choose_question
from agent_assist.recommendation.ranking import Signals, scores
from agent_assist.recommendation.vocabulary import kind_by_id
from agent_assist.recommendation.wishes.model import Wishes

_NEAREST = 2
# Fewer buyers than this are no sign of anything, and with one the reason would speak of a person.
_TELLING_BUYERS = 2
_POPULAR_BUYERS = 3


def advise(
    catalogue: Catalogue,
    wishes: Wishes,
    *,
    customer: Customer,
    signals: Signals,
    language: Language,
    now: datetime,
    k: int = 3,
) -> Advice:
    """The best `k` products that meet `wishes`; where none does, the nearest with what they miss."""
    judged = [judge(one, wishes, customer, now=now) for one in catalogue.meant(wishes, signals.similarity)]
    ranked = _ranked([one for one in judged if one.facts.sellable], wishes, signals)
    fitting = [(one, score) for one, score in ranked if one.fits]
    named = [pair for pair in fitting if pair[0].facts.product.sku in wishes.named]
    gone = _out_of_stock(judged, wishes, nothing_left=not fitting)
    best = (named or fitting)[:k]
    kinds = [kind_by_id()[kind] for kind in wishes.kinds]
    return Advice(
        language=language,
        wanted_zh=tuple([kind.zh for kind in kinds] or wishes.categories),
        wanted_en=tuple([kind.en for kind in kinds] or wishes.categories),
        wishes_zh=tuple(f"{wish.zh} {wish.wanted}" for wish in wishes.conditions),
        wishes_en=tuple(f"{wish.en} {wish.wanted}" for wish in wishes.conditions),
        recommended=tuple(_recommended(one, score, signals, gone, best) for one, score in best),
        nearest=() if best else _nearest(ranked, signals),
        out_of_stock=gone,
        question=choose_question([one for one, _ in fitting]) if wishes.vague and not named else None,
    )


def _ranked(judged: Sequence[Judged], wishes: Wishes, signals: Signals) -> list[tuple[Judged, float]]:
    by_sku = scores(judged, wishes, signals)
    pairs = [(one, by_sku[one.facts.product.sku]) for one in judged]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0].facts.product.sku))


def _nearest(ranked: Sequence[tuple[Judged, float]], signals: Signals) -> tuple[Recommendation, ...]:
    """With the fewest faults, then the nearest to the budget; the order of the ranking among equals."""
    closest = sorted(ranked, key=lambda pair: (pair[0].faults, pair[0].excess))
    return tuple(_recommended(one, score, signals, (), closest) for one, score in closest[:_NEAREST])


def _out_of_stock(judged: Sequence[Judged], wishes: Wishes, *, nothing_left: bool) -> tuple[OutOfStock, ...]:
    """Products asked for by name, and, where nothing else is left, those that would have met the wishes."""
    gone = [
        one.facts
        for one in judged
        if not one.facts.sellable
        and not one.facts.discontinued
        and (one.facts.product.sku in wishes.named or (nothing_left and _else_fine(one)))
    ]
    return tuple(OutOfStock(product=facts.product, restock=facts.restock) for facts in gone)


def _else_fine(one: Judged) -> bool:
    return all(reason.kind is ReasonKind.TOO_FEW for reason in one.reasons if reason.kind.against)


def _recommended(
    one: Judged,
    score: float,
    signals: Signals,
    gone: Sequence[OutOfStock],
    beside: Sequence[tuple[Judged, float]],
) -> Recommendation:
    reasons = [*one.reasons, *_from_history(one, signals, beside), *_compared(one, gone)]
    return Recommendation(
        product=one.facts.product, score=round(score, 4), price=one.price, currency=one.currency, reasons=tuple(reasons)
    )


def _from_history(one: Judged, signals: Signals, beside: Sequence[tuple[Judged, float]]) -> list[Reason]:
    sku = one.facts.product.sku
    reasons = []
    if owned := signals.fits_owned.get(sku):
        reasons.append(Reason(kind=ReasonKind.FITS_OWNED, other=owned.product))
    companion = signals.companions.get(sku)
    beside_it = signals.owned.get(companion.beside) if companion else None
    if companion and beside_it and companion.buyers >= _TELLING_BUYERS:
        other, number = beside_it.product, float(companion.buyers)
        reasons.append(Reason(kind=ReasonKind.BOUGHT_TOGETHER, other=other, number=number))
    buyers = signals.buyers.get(sku, 0)
    if buyers >= _POPULAR_BUYERS and all(
        buyers >= signals.buyers.get(other.facts.product.sku, 0) for other, _ in beside
    ):
        reasons.append(Reason(kind=ReasonKind.POPULAR, number=float(buyers), value=one.facts.product.category))
    return reasons


def _compared(one: Judged, gone: Sequence[OutOfStock]) -> list[Reason]:
    """How the price differs from that of the product that was asked for and is out of stock."""
    for lost in gone:
        own = one.facts.prices.get(lost.product.currency.upper())
        difference = None if own is None else own - lost.product.price
        if difference:
            kind = ReasonKind.DEARER if difference > 0 else ReasonKind.CHEAPER
            reason = Reason(kind=kind, other=lost.product, number=abs(difference), currency=lost.product.currency)
            return [reason]
    return []
