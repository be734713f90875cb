"""The order of products that all meet the wishes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent_assist.recommendation.facts import ProductFacts
from agent_assist.recommendation.judging import Judged
from agent_assist.recommendation.vocabulary import Preference, vocabulary
from agent_assist.recommendation.wishes.model import Wishes
from agent_assist.storage.offers import Companion

# How much each signal moves the order; every one of them lies between 0 and 1. A product that is called by its name
# comes first, what the customer prefers and owns before what merely sells.
_NAMED = 1.0
_WORDS = 0.4
_MEANING = 0.15
_PREFERENCE = 0.9
_WELCOME = 0.3
_OWNED = 0.3
_TOGETHER = 0.3
_POPULAR = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What the order goes by beside the wishes, each by SKU: what the customer has, shares of words, cosines,
    companions of what they have, numbers of buyers, and what each product says it fits of theirs."""

    owned: Mapping[str, ProductFacts] = field(default_factory=dict)
    coverage: Mapping[str, float] = field(default_factory=dict)
    similarity: Mapping[str, float] = field(default_factory=dict)
    companions: Mapping[str, Companion] = field(default_factory=dict)
    buyers: Mapping[str, int] = field(default_factory=dict)
    fits_owned: Mapping[str, ProductFacts] = field(default_factory=dict)


def scores(judged: Sequence[Judged], wishes: Wishes, signals: Signals) -> dict[str, float]:
    """A score a SKU; equal ones are told apart by the SKU where they are sorted."""
    skus = [one.facts.product.sku for one in judged]
    meaning = _spread({sku: signals.similarity[sku] for sku in skus if sku in signals.similarity})
    popular = _spread({sku: float(signals.buyers.get(sku, 0)) for sku in skus})
    preferred = _preferences(judged, wishes.preferences)
    return {
        sku: _NAMED * (sku in wishes.named)
        + _WORDS * signals.coverage.get(sku, 0.0)
        + _MEANING * meaning.get(sku, 0.0)
        + _PREFERENCE * preferred.get(sku, 0.0)
        + _WELCOME * one.met
        + _OWNED * (sku in signals.fits_owned)
        + _TOGETHER * (min(signals.companions[sku].score, 1.0) if sku in signals.companions else 0.0)
        + _POPULAR * popular.get(sku, 0.0)
        for sku, one in zip(skus, judged, strict=True)
    }


def _spread(values: Mapping[str, float]) -> dict[str, float]:
    """From 0 for the least to 1 for the greatest; all 0 where they are equal."""
    if not values:
        return {}
    low, high = min(values.values()), max(values.values())
    return {key: (value - low) / (high - low) if high > low else 0.0 for key, value in values.items()}


def _preferences(judged: Sequence[Judged], preferences: Sequence[Preference]) -> dict[str, float]:
    """The mean over the preferences of how far to its better end each product lies, by the logarithm: next to a robot
    for 1,899 everything else would be equally cheap."""
    total: dict[str, float] = {}
    for preference in preferences:
        values = {
            one.facts.product.sku: preference.direction * math.log1p(max(value, 0.0))
            for one in judged
            if (value := one.price if preference.aspect == "price" else _value(one.facts, preference.aspect))
            is not None
        }
        for sku, share in _spread(values).items():
            total[sku] = total.get(sku, 0.0) + share / len(preferences)
    return total


def _value(facts: ProductFacts, aspect_id: str) -> float | None:
    aspect = next(one for one in vocabulary().aspects if one.id == aspect_id)
    values = (measure for one in facts.told_by(aspect.keys) for measure in one.measures)
    return next((measure.high for measure in values if measure.dimension == aspect.dimension), None)
