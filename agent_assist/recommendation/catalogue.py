"""All products of a shop, read for recommending: its own words, how rare each is, and which products a wish means."""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from agent_assist.domain.shop import Product
from agent_assist.domain.understanding import Entity
from agent_assist.recommendation.facts import ProductFacts, Split, read_product
from agent_assist.recommendation.judging import fits_owned
from agent_assist.recommendation.spotting import Spotter, plain
from agent_assist.recommendation.vocabulary import vocabulary
from agent_assist.recommendation.wishes.model import Budget, Status, Wishes
from agent_assist.recommendation.wishes.read import read_wishes
from agent_assist.recommendation.wishes.subjects import lexicon

# A text whose telling words the best product holds to less than this share is about something else.
_LEAST_COVERAGE = 0.5
# Of several products found by words those are kept that hold this share of what the best one does.
_NEAR_BEST = 0.6
# Without a word in common the encoder's cosines alone bring a product up where it stands out among the shop's: by so
# many standard deviations, and so much above their mean. Cosines of e5 lie close together; of 16 wishes in words that
# no product has this finds 3, and nothing for 20 questions about what the sample shop does not sell.
_STANDS_OUT = 3.5
_ABOVE_MEAN = 0.04
_AS_NEAR = 0.005
# A shorter SKU of digits alone would be found in every price.
_LONG_NUMBER = 6
_LEAST_SAVED = 0.01


class Catalogue:
    """Built once a version of the shop's products; `known` facts of unchanged products are taken over."""

    def __init__(self, facts: Sequence[ProductFacts], *, split: Split, version: int = 0) -> None:
        self.version = version
        self.facts: Mapping[str, ProductFacts] = {one.product.sku: one for one in facts}
        self._split = split
        self._words = lexicon(frozenset(one.category for one in facts if len(one.category) > 1), _names(facts))
        self._colours = Spotter(_colour_words(facts))
        self._rarity = _rarity(facts)

    def read(self, texts: Sequence[str], *, entities: Mapping[int, Sequence[Entity]] | None = None) -> Wishes:
        """The wishes of a customer's messages, oldest first; `entities` are what the models read in each."""
        wishes = read_wishes(texts, words=self._words, colours=self._colours, split=self._split, entities=entities)
        return self._with_ceiling(wishes) if wishes.cheaper_than and wishes.budget is None else wishes

    def _with_ceiling(self, wishes: Wishes) -> Wishes:
        """ "Cheaper than the H7": of its kind, where none is told, and below its price."""
        dear = self.facts[wishes.cheaper_than[0]]
        most = dear.product.price
        budget = Budget(high=most - _LEAST_SAVED, currency=dear.product.currency.upper(), stated=most)
        return replace(wishes, budget=budget, kinds=wishes.kinds or dear.kinds[:1])

    def meant(self, wishes: Wishes, similarity: Mapping[str, float] | None = None) -> list[ProductFacts]:
        """Products of the kind asked for, in stock or not; empty where the shop has none or nothing was asked.

        `similarity` are cosines with the wish's text, by SKU, for wishes in words that no product has.
        """
        everything = list(self.facts.values())
        if wishes.after_sales:
            return []
        if wishes.accessories:
            targets = wishes.named or tuple(one.product.sku for one in everything if _is_of(one, wishes))
            found = [one for one in everything if self._fits_any(one, targets)]
        elif wishes.kinds or wishes.categories:
            found = [one for one in everything if _is_of(one, wishes)]
        elif wishes.named:
            kinds = {kind for sku in wishes.named for kind in self.facts[sku].kinds[:1]}
            found = [one for one in everything if one.product.sku in wishes.named or kinds & set(one.kinds)]
        elif wishes.open_ended:
            found = everything
        else:
            found = self._by_words(wishes) or self._by_meaning(similarity or {})
            found = found or [one for one in everything if _is_described(one, wishes)]
        return [one for one in found if not set(wishes.excluded_kinds) & set(one.kinds)]

    def coverage(self, wishes: Wishes) -> dict[str, float]:
        """The share of the telling words, weighted by rarity, that each product holds, by SKU."""
        unknown = math.log(1 + 2 * max(len(self.facts), 1))
        weights = {
            word: self._rarity.get(word, unknown)
            for word in wishes.words
            # 喝咖啡, which no product has, beside 咖啡, which one does.
            if word in self._rarity or not any(part != word and part in word for part in wishes.words)
        }
        whole = sum(weights.values()) or 1.0
        return {
            sku: sum(weight for word, weight in weights.items() if word in one.words) / whole
            for sku, one in self.facts.items()
        }

    def _fits_any(self, one: ProductFacts, skus: Sequence[str]) -> bool:
        return fits_owned(one, [self.facts[sku] for sku in skus]) is not None

    def _by_words(self, wishes: Wishes) -> list[ProductFacts]:
        coverage = self.coverage(wishes)
        best = max(coverage.values(), default=0.0)
        if best < _LEAST_COVERAGE:
            return []
        return [self.facts[sku] for sku, share in coverage.items() if share >= best * _NEAR_BEST]

    def _by_meaning(self, similarity: Mapping[str, float]) -> list[ProductFacts]:
        values = list(similarity.values())
        if len(values) < 2:
            return []
        mean, deviation, best = statistics.fmean(values), statistics.pstdev(values), max(values)
        if best - mean < max(_ABOVE_MEAN, _STANDS_OUT * deviation):
            return []
        return [self.facts[sku] for sku, one in similarity.items() if one >= best - _AS_NEAR and sku in self.facts]


def read_catalogue(products: Iterable[Product], *, split: Split) -> Catalogue:
    """A catalogue of these products, read at once."""
    return Catalogue([read_product(product, split=split) for product in products], split=split)


def _is_described(one: ProductFacts, wishes: Wishes) -> bool:
    """By what it can do alone; a colour or a size alone, "do you have it in black", speaks of something said before."""
    if wishes.welcome and all(wish.check(one).status is Status.MET for wish in wishes.welcome):
        return True
    return any(wish.key.startswith(("measure:", "trait:", "protection")) for wish in wishes.conditions)


def _is_of(one: ProductFacts, wishes: Wishes) -> bool:
    return (
        bool(set(wishes.kinds) & set(one.kinds))
        or one.category.removesuffix("s") in wishes.categories
        or one.category in wishes.categories
    )


def _names(facts: Sequence[ProductFacts]) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for one in facts:
        product = one.product
        for name in {plain(name) for name in (product.sku, product.name, product.name_en, *product.aliases)}:
            if len(name) > 1 and not (name.isdigit() and len(name) < _LONG_NUMBER):
                names[name] = (*names.get(name, ()), product.sku)
    return names


def _colour_words(facts: Sequence[ProductFacts]) -> set[str]:
    """A Han colour of one character needs 色 or 的 behind it: 白茶 is no colour."""
    words = {plain(word) for colour in vocabulary().colours for word in colour.words}
    words |= {name for one in facts for name in one.colours or () if not any(char.isdigit() for char in name)}
    long = {word for word in words if len(word) > 1}
    return (
        long | {word + "色" for word in words if not word.isascii()} | {word + "的" for word in words if len(word) == 1}
    )


def _rarity(facts: Sequence[ProductFacts]) -> dict[str, float]:
    """Inverse document frequency, as BM25 has it."""
    counts: dict[str, int] = {}
    for one in facts:
        for word in one.words:
            counts[word] = counts.get(word, 0) + 1
    return {word: math.log(1 + (len(facts) - count + 0.5) / (count + 0.5)) for word, count in counts.items()}
