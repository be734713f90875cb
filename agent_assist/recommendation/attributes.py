"""A product's attributes, whatever a shop calls them: which of them tell what, and what is in them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from agent_assist.domain.language import is_han
from agent_assist.recommendation.measures import Measure, find_measures
from agent_assist.recommendation.spotting import plain
from agent_assist.recommendation.vocabulary import vocabulary

COLOUR = ("colors", "colours", "color", "colour", "颜色", "配色")
SIZE = ("sizes", "size_range", "尺码", "码数", "可选尺寸")
FITS = ("fits", "compatible", "compatibility", "system", "适用", "适配", "兼容", "系统")
RESTOCK = ("restock", "到货", "补货")
RATING = ("water_rating", "ip_rating", "waterproof", "防水", "防护等级")
MAINS = ("voltage", "input", "电压", "输入")
STATUS = ("status", "状态")

_PRICE_KEY = re.compile(r"price_([a-z]{3})")
_LIST = re.compile(r"\s*[,，、;；/]\s*")
_ABSENT = re.compile(r"^(?:(?:无|没有|不支持|否)(?=$|[\s/,，。;；])|(?:none|no|not supported|n/a|-)(?=$|[\s/,;]))")


@dataclass(frozen=True, slots=True)
class Attribute:
    """`key` in small letters with _ for spaces, `shown` as the shop wrote it, `text` its plain form."""

    key: str
    shown: str
    text: str
    measures: tuple[Measure, ...]

    @property
    def absent(self) -> bool:
        """Whether it says that there is none: 无, none."""
        return _ABSENT.match(self.text) is not None

    @property
    def telling(self) -> bool:
        """Prices and days of restocking say nothing of what a product is, and 降噪：无 not that it has it."""
        return not (_PRICE_KEY.match(self.key) or is_one_of(self.key, RESTOCK) or self.absent)


def read_attributes(raw: Mapping[str, str] | None) -> tuple[Attribute, ...]:
    """All attributes of a product, in its order."""
    found = []
    for key, shown in (raw or {}).items():
        text = plain(shown)
        name = re.sub(r"[\s_-]+", "_", plain(key).strip())
        found.append(Attribute(name, shown, text, tuple(find_measures(text))))
    return tuple(found)


def is_one_of(key: str, names: Iterable[str]) -> bool:
    """Whether an attribute's key is one of `names`: battery and battery_life are, and 续航时间 is 续航."""
    return any(name in key if is_han(name[0]) else key == name or key.startswith(name + "_") for name in names if name)


def items(attributes: Sequence[Attribute]) -> tuple[str, ...] | None:
    """The items of list attributes; None where there are no such attributes."""
    if not attributes:
        return None
    return tuple(item for one in attributes for item in _LIST.split(one.text) if item)


def other_prices(attributes: Iterable[Attribute]) -> dict[str, float]:
    """Prices in other currencies: price_usd."""
    prices = {}
    for one in attributes:
        match = _PRICE_KEY.fullmatch(one.key)
        number = re.search(r"[0-9]+(?:\.[0-9]+)?", one.text.replace(",", ""))
        if match and number:
            prices[match[1].upper()] = float(number[0])
    return prices


def colour_fits(words: tuple[str, ...], name: str) -> bool:
    """Whether a product's colour (plain) belongs to a family.

    A Han word counts as part of the name, a Latin one whole; a name that another family lists is none of this one's
    (粉红 is pink, not red).
    """
    forms = [plain(word) for word in words]
    bare = name.removesuffix("色")
    if bare in _listed_colours() and bare not in forms and name not in forms:
        return False
    return any(
        form in name if any(map(is_han, form)) else re.search(rf"(?<![a-z]){re.escape(form)}(?![a-z])", name)
        for form in forms
    )


@cache
def _listed_colours() -> frozenset[str]:
    words = {plain(word) for colour in vocabulary().colours for word in colour.words}
    return frozenset(word.removesuffix("色") for word in words if is_han(word[0]) and len(word) > 1)
