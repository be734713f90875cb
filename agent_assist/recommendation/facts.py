"""A product as wishes are checked against it: kinds, colours, sizes, traits, measures and words, read once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from agent_assist.domain.language import is_han
from agent_assist.domain.shop import Product
from agent_assist.recommendation.measures import Measure, find_measures
from agent_assist.recommendation.spotting import Spotter, plain
from agent_assist.recommendation.vocabulary import vocabulary, with_parents

# Splits a text into the words that it is found by; `knowledge.words` has one, which this room may not import.
Split = Callable[[str], tuple[str, ...]]

_COLOUR_KEYS = frozenset(["colors", "colours", "color", "colour", "颜色", "配色"])
_SIZE_KEYS = frozenset(["sizes", "尺码", "尺寸可选", "码数"])
_PRICE_KEY = re.compile(r"price_([a-z]{3})")
_LIST = re.compile(r"\s*[,，、;；]\s*")
_ABSENT = re.compile(r"^(?:(?:无|没有|不支持|否)(?=$|[\s/,，。;；])|(?:none|no|not supported|n/a|-)(?=$|[\s/,;]))")
_RESTOCK_KEYS = ("restock", "restock_date", "到货时间", "补货时间")
_FITS_KEYS = frozenset(
    ["fits", "compatible", "compatibility", "compatible_with", "system", "适用", "适配", "兼容", "适用机型", "系统"]
)
_DISCONTINUED = re.compile(r"停产|下架|停售|discontinued|end of life", re.IGNORECASE)
# "Case for iPhone 15", "连帽卫衣（男女同款）": what stands behind says whom it is for, not what it is.
_AFTERTHOUGHT = re.compile(r"\bfor\b.*|\bwith\b.*|[(（].*|适用.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """What is known of a product.

    `texts` holds the plain form of each attribute, `measures` what is measured in it; `name` is all names in one;
    `kinds` are vocabulary ids, the narrowest first; `prices` holds a price a currency.
    """

    product: Product
    name: str
    kinds: tuple[str, ...]
    category: str
    texts: Mapping[str, str]
    shown: Mapping[str, str]
    measures: Mapping[str, tuple[Measure, ...]]
    name_measures: tuple[Measure, ...]
    colours: tuple[str, ...] | None
    sizes: tuple[str, ...] | None
    prices: Mapping[str, float]
    words: frozenset[str]
    fits: str | None
    restock: str = ""
    discontinued: bool = False
    whole: str = field(repr=False, default="")

    @property
    def sellable(self) -> bool:
        """Whether it may be shown at all."""
        return self.product.stock > 0 and not self.discontinued

    def attribute(self, keys: tuple[str, ...] | frozenset[str]) -> str | None:
        """The first attribute of one of these names, as the shop wrote it."""
        return next((value for key, value in self.shown.items() if key.lower() in keys), None)


def read_product(product: Product, *, split: Split) -> ProductFacts:
    """Everything above from the product's own data."""
    shown = dict(product.attributes or {})
    texts = {key.lower(): plain(value) for key, value in shown.items()}
    names = (product.name, product.name_en, *product.aliases)
    name = plain("\n".join(filter(None, names)))
    prices = {product.currency.upper(): product.price} | _other_prices(texts)
    told = "\n".join([*names, product.brand, product.category, *(v for k, v in shown.items() if _tells(k, v))])
    whole = plain(told)
    return ProductFacts(
        product=product,
        name=name,
        kinds=_kinds(product),
        category=plain(product.category),
        texts=texts,
        shown=shown,
        measures={key: tuple(find_measures(text)) for key, text in texts.items()},
        name_measures=tuple(find_measures(name)),
        colours=_listed(texts, _COLOUR_KEYS),
        sizes=_listed(texts, _SIZE_KEYS),
        prices=prices,
        words=frozenset(split(told)),
        fits=_joined(texts, _FITS_KEYS),
        restock=next((shown[key] for key in shown if key.lower() in _RESTOCK_KEYS), ""),
        discontinued=any(_DISCONTINUED.search(value) for key, value in shown.items() if "status" in key.lower())
        or _DISCONTINUED.search(product.name) is not None,
        whole=whole,
    )


def is_absent(text: str) -> bool:
    """Whether an attribute's text says that there is none: 无, none."""
    return _ABSENT.match(text) is not None


def embedding_text(facts: ProductFacts) -> str:
    """What the encoder reads of a product."""
    product = facts.product
    head = " ".join(filter(None, [product.name, product.name_en, product.category, *product.aliases]))
    told = "; ".join(f"{key}: {value}" for key, value in facts.shown.items() if _tells(key, value))
    return f"{head}\n{told}"


def _tells(key: str, value: str) -> bool:
    """Prices and days of restocking say nothing of what a product is, and 降噪：无 not that it has it."""
    return not _PRICE_KEY.match(key.lower()) and key.lower() not in _RESTOCK_KEYS and not is_absent(plain(value))


def _other_prices(texts: Mapping[str, str]) -> dict[str, float]:
    prices = {}
    for key, text in texts.items():
        match = _PRICE_KEY.fullmatch(key)
        number = re.search(r"[0-9]+(?:\.[0-9]+)?", text.replace(",", ""))
        if match and number:
            prices[match[1].upper()] = float(number[0])
    return prices


def _joined(texts: Mapping[str, str], keys: frozenset[str]) -> str | None:
    found = [text for key, text in texts.items() if key in keys]
    return "\n".join(found) if found else None


def _listed(texts: Mapping[str, str], keys: frozenset[str]) -> tuple[str, ...] | None:
    """The items of a list attribute; None where the product has none."""
    joined = _joined(texts, keys)
    return tuple(filter(None, _LIST.split(joined))) if joined is not None else None


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


def colour_fits(words: tuple[str, ...], name: str) -> bool:
    """Whether a product's colour (plain) belongs to a family: a Han word as part of its name, a Latin one whole."""
    return any(
        word in name if any(map(is_han, word)) else re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", name)
        for word in map(plain, words)
    )
