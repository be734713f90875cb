"""Rows of a long list, loaded in pages when somebody looks at them. No Qt.

The newest wish is served first and old wishes are forgotten: a fast scroll must not load every page that it passes.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ui.observable import Changes
from ui.tasks import Scope

T = TypeVar("T")
Fetch = Callable[[int, int], Awaitable[Sequence[T]]]
PAGE_SIZE = 100
KEPT_PAGES = 24
WISHES = 3


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rows `first` to `last` (inclusive) hold other contents than before."""

    first: int
    last: int


class Pages(Generic[T]):
    """`fetch(offset, limit)` gives rows; `loaded` tells that some came in (see `last_loaded`)."""

    def __init__(self, fetch: Fetch[T], scope: Scope, *, key: str = "pages", size: int = PAGE_SIZE) -> None:
        self._fetch = fetch
        self._scope = scope
        self._key = key
        self._pages: OrderedDict[int, Sequence[T]] = OrderedDict()
        self._stale: set[int] = set()
        self._wishes: list[int] = []
        self.size = size
        self.last_loaded = Loaded(0, -1)
        self.loaded = Changes()

    def row(self, index: int) -> T | None:
        """The row at `index`, or None while its page is on the way (which this call asks for)."""
        number, place = divmod(index, self.size)
        page = self._pages.get(number)
        if page is None or number in self._stale:
            self._wish(number)
        if page is None:
            return None
        self._pages.move_to_end(number)
        return page[place] if place < len(page) else None

    def peek(self, index: int) -> T | None:
        """The row at `index` if it is loaded; asks for nothing."""
        number, place = divmod(index, self.size)
        page = self._pages.get(number, ())
        return page[place] if place < len(page) else None

    def known(self) -> list[tuple[int, T]]:
        """The rows that are loaded, with their places."""
        return [
            (number * self.size + place, row) for number, page in self._pages.items() for place, row in enumerate(page)
        ]

    def outdate(self) -> None:
        """Load again what is looked at; what is there stays until its successor comes."""
        self._stale.update(self._pages)

    def clear(self) -> None:
        """Forget everything: the list is another one."""
        self._scope.cancel(self._key)
        self._pages.clear()
        self._stale.clear()
        self._wishes.clear()

    async def load_first(self) -> None:
        """Load the first page now."""
        self.keep(0, await self._fetch(0, self.size))

    def keep(self, number: int, rows: Sequence[T]) -> None:
        """Show `rows` as page `number`, which somebody fetched together with something else."""
        self._stale.discard(number)
        self._pages[number] = rows
        self._pages.move_to_end(number)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        first = number * self.size
        self.last_loaded = Loaded(first, first + len(rows) - 1)
        self.loaded.notify()

    def _wish(self, number: int) -> None:
        if number in self._wishes:
            self._wishes.remove(number)
        self._wishes.append(number)
        del self._wishes[:-WISHES]
        self._scope.start(self._key, self._serve)

    async def _serve(self) -> None:
        while self._wishes:
            number = self._wishes.pop()
            self.keep(number, await self._fetch(number * self.size, self.size))
