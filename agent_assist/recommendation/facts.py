"""A product as wishes are checked against it: kinds, colours, sizes, measures and words, read once."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from agent_assist.domain.shop import Product
from agent_assist.recommendation.attributes import (
    COLOUR,
    FITS,
    RESTOCK,
    SIZE,
    STATUS,
    Attribute,
    is_one_of,
    items,
    other_prices,
    read_attributes,
)
from agent_assist.recommendation.measures import Measure, find_measures
from agent_assist.recommendation.spotting import Spotter, plain
from agent_assist.recommendation.vocabulary import vocabulary, with_parents

# Splits a text into the words that it is found by; `knowledge.words` has one, which this room may not import.
Split = Callable[[str], tuple[str, ...]]

_DISCONTINUED = re.compile(r"停产|下架|停售|discontinued|end of life", re.IGNORECASE)
# "Case for iPhone 15", "连帽卫衣（男女同款）": what stands behind says whom it is for, not what it is.
_AFTERTHOUGHT = re.compile(r"\bfor\b.*|\bwith\b.*|[(（].*|适用.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """What is known of a product.

    `name` is all its names in one, plain; `kinds` are vocabulary ids, the narrowest first; `prices` holds a price a
    currency; `colours`, `sizes` and `fits` are None where the product has no such attribute; `whole` is everything that
    describes it, plain.
    """

    product: Product
    name: str
    kinds: tuple[str, ...]
    category: str
    attributes: tuple[Attribute, ...]
    name_measures: tuple[Measure, ...]
    colours: tuple[str, ...] | None
    sizes: tuple[str, ...] | None
    fits: str | None
    prices: Mapping[str, float]
    words: frozenset[str]
    whole: str = field(repr=False)
    restock: str = ""
    discontinued: bool = False

    @property
    def sellable(self) -> bool:
        """Whether it may be shown at all."""
        return self.product.stock > 0 and not self.discontinued

    def told_by(self, keys: Iterable[str]) -> list[Attribute]:
        """The attributes of one of these names."""
        names = tuple(keys)
        return [one for one in self.attributes if is_one_of(one.key, names)]

    def shown(self, keys: Iterable[str]) -> str:
        """The first attribute of one of these names, as the shop wrote it; "" for none."""
        return next((one.shown for one in self.told_by(keys)), "")


def read_product(product: Product, *, split: Split) -> ProductFacts:
    """Everything above from the product's own data."""
    attributes = read_attributes(product.attributes)
    names = (product.name, product.name_en, *product.aliases)
    told = "\n".join([*names, product.brand, product.category, *(one.shown for one in attributes if one.telling)])

    def named(keys: Iterable[str]) -> list[Attribute]:
        return [one for one in attributes if is_one_of(one.key, keys)]

    fits = named(FITS)
    name = plain("\n".join(filter(None, names)))
    return ProductFacts(
        product=product,
        name=name,
        kinds=_kinds(product),
        category=plain(product.category),
        attributes=attributes,
        name_measures=tuple(find_measures(name)),
        colours=items(named(COLOUR)),
        sizes=items(named(SIZE)),
        fits="\n".join(one.text for one in fits) if fits else None,
        prices={product.currency.upper(): product.price} | other_prices(attributes),
        words=frozenset(split(told)),
        whole=plain(told),
        restock=next((one.shown for one in named(RESTOCK)), ""),
        discontinued=any(_DISCONTINUED.search(text) for text in (product.name, *(o.shown for o in named(STATUS)))),
    )


def embedding_text(facts: ProductFacts) -> str:
    """What the encoder reads of a product."""
    product = facts.product
    head = " ".join(filter(None, [product.name, product.name_en, product.category, *product.aliases]))
    return f"{head}\n" + "; ".join(f"{one.key}: {one.shown}" for one in facts.attributes if one.telling)


def _kinds(product: Product) -> tuple[str, ...]:
    """The last kind that the name speaks of is what the product is: a 手表表带 is a strap."""
    for name in (product.name, product.name_en, *product.aliases, product.category):
        spots = kind_spotter().find(_AFTERTHOUGHT.sub("", plain(name)))
        if spots:
            return with_parents(kind_of_word()[spots[-1].word])
    return ()


@cache
def kind_spotter() -> Spotter:
    """Finds words for kinds of product."""
    return Spotter(kind_of_word())


@cache
def kind_of_word() -> dict[str, str]:
    """The kind's id of each of its words."""
    return {plain(word): kind.id for kind in vocabulary().kinds for word in kind.words}
