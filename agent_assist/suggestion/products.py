"""Which of the shop's products and brands a text names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from agent_assist.domain.language import is_han
from agent_assist.domain.patterns.spans import fold
from agent_assist.domain.shop import Product

# A brand such as 声屿 Sonisle is two names.
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*|[^\W_a-z0-9]+")


class ProductNames:
    """Names, aliases, SKUs and brands, found in a text in one pass however many there are."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._by_head: dict[str, list[str]] = defaultdict(list)
        self._products: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, tuple[str, ...]] = {}
        for product in products:
            self._names[product.sku] = _names(product)
            for name in self._names[product.sku]:
                self._products[name].add(product.sku)
        for name in self._products:
            self._by_head[name[:2]].append(name)
        for names in self._by_head.values():
            names.sort(key=len, reverse=True)

    def __len__(self) -> int:
        return len(self._products)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, name) of what `text` names, the longest name at each place."""
        folded = fold(text)
        found: list[tuple[int, int, str]] = []
        place = 0
        while place < len(folded) - 1:
            name = next(self._at(folded, place), None)
            if name is None:
                place += 1
                continue
            found.append((place, place + len(name), name))
            place += len(name)
        return found

    def same(self, name: str) -> set[str]:
        """All names of the products that are called `name`, brands among them."""
        return {other for sku in self._products.get(name, ()) for other in self._names[sku]}

    def _at(self, folded: str, place: int) -> Iterator[str]:
        for name in self._by_head.get(folded[place : place + 2], ()):
            if folded.startswith(name, place) and _is_whole(folded, place, place + len(name)):
                yield name


def _names(product: Product) -> tuple[str, ...]:
    """Two letters or one Chinese character may be anything; a brand 声屿 Sonisle is two names."""
    brands = (product.brand, *_WORD.findall(fold(product.brand)))
    names = (product.name, product.name_en, product.sku, *product.aliases, *brands)
    return tuple(dict.fromkeys(name for one in names if _tells(name := fold(one).strip())))


def _tells(name: str) -> bool:
    return len(name) >= (2 if any(map(is_han, name)) else 3) and not name.isdigit()


def _is_whole(folded: str, start: int, end: int) -> bool:
    """Latin names are whole words: "air" does not stand in "repair"."""
    before, after = folded[start - 1 : start], folded[end : end + 1]
    glued_before = folded[start].isascii() and before.isascii() and before.isalnum()
    glued_after = folded[end - 1].isascii() and after.isascii() and after.isalnum()
    return not glued_before and not (glued_after and folded[end : end + 2].strip() not in {"s", "es"})


NO_NAMES = ProductNames(())
"""Of a shop whose products are not known."""
