"""The list of articles: which are shown, how many there are of each sort, and which is chosen. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum

from agent_assist.domain.article_versions import ArticleQuery, ArticleRow
from agent_assist.domain.knowledge import ArticleKind, ArticleStatus, Visibility
from agent_assist.domain.language import Language
from ui.observable import Changes
from ui.paging import Pages
from ui.ports import Articles, Expiry
from ui.tasks import Scope


class Shelf(StrEnum):
    """Which articles are looked at, before any filter."""

    ALL = "all"
    REVIEW = "review"
    APPROVED = "approved"
    BLOCKED = "blocked"
    EXPIRING = "expiring"
    EXPIRED = "expired"


STATUSES = {
    Shelf.REVIEW: ArticleStatus.DRAFT,
    Shelf.APPROVED: ArticleStatus.APPROVED,
    Shelf.BLOCKED: ArticleStatus.BLOCKED,
    Shelf.EXPIRING: ArticleStatus.APPROVED,
    Shelf.EXPIRED: ArticleStatus.APPROVED,
}


class CataloguePresenter:
    """`counted` tells that the number of rows or the query is another, `selected` that an article was chosen,
    `tallied` that there are other numbers on the shelves or other tags. While it is `pinned`, as somebody is writing,
    the choice does not move on by itself."""

    def __init__(
        self,
        articles: Articles,
        expiry: Expiry,
        scope: Scope,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._articles = articles
        self._expiry = expiry
        self._scope = scope
        self._now = now
        self.pages: Pages[ArticleRow] = Pages(self._fetch, scope)
        self.shelf = Shelf.ALL
        self.filter = ArticleQuery()
        self.total = 0
        self.counts: dict[Shelf, int] = {}
        self.tags: Sequence[str] = ()
        self.selected_id = ""
        self.pinned = False
        self.counted = Changes()
        self.tallied = Changes()
        self.selected = Changes()

    # what is shown

    @property
    def filtered(self) -> bool:
        """Whether anything besides the shelf narrows the list."""
        return self.filter != ArticleQuery()

    @property
    def empty(self) -> bool:
        """Whether there is no article at all."""
        return self.counts.get(Shelf.ALL) == 0

    def row(self, index: int) -> ArticleRow | None:
        """The row at `index`, None while it is on the way."""
        return self.pages.row(index)

    def index_of(self, doc_id: str) -> int | None:
        """Where an article stands, if it is on a loaded page."""
        return next((index for index, row in self.pages.known() if row.article.doc_id == doc_id), None)

    async def ids(self, rows: Sequence[int]) -> list[str]:
        """The doc_ids of rows, loaded or not."""
        known = {index: row.article.doc_id for index, row in self.pages.known()}
        size = self.pages.size
        for number in sorted({index // size for index in rows if index not in known}):
            page = await self._fetch(number * size, size)
            known |= {number * size + place: row.article.doc_id for place, row in enumerate(page)}
        return [known[index] for index in rows if index in known]

    # what is asked for

    def load(self) -> None:
        """Count and load again; what is on the screen stays until its successor is there."""
        self.pages.outdate()
        self._scope.restart("count", self._count)
        self._scope.restart("tally", self._tally)

    def show(self, shelf: Shelf) -> None:
        """Look at another shelf."""
        if shelf is not self.shelf:
            self.shelf = shelf
            self._ask(self.filter)

    def search(self, text: str) -> None:
        """Show articles that hold `text`."""
        self._set(replace(self.filter, text=text.strip()))

    def set_kind(self, kind: ArticleKind | None) -> None:
        """Show one kind, or all."""
        self._set(replace(self.filter, kind=kind))

    def set_language(self, language: Language | None) -> None:
        """Show one language, or both."""
        self._set(replace(self.filter, language=language))

    def set_visibility(self, visibility: Visibility | None) -> None:
        """Show public or internal articles, or both."""
        self._set(replace(self.filter, visibility=visibility))

    def set_tag(self, tag: str) -> None:
        """Show articles with a tag; "" for any."""
        self._set(replace(self.filter, tag=tag))

    def clear(self) -> None:
        """Drop every filter, keep the shelf."""
        self._set(ArticleQuery())

    def select(self, doc_id: str) -> None:
        """Choose an article; "" for none."""
        if doc_id != self.selected_id:
            self.selected_id = doc_id
            self.selected.notify()

    # loading

    def query(self, shelf: Shelf, wanted: ArticleQuery) -> ArticleQuery:
        """The filter on one shelf, as the store understands it."""
        query = replace(wanted, status=STATUSES.get(shelf))
        if shelf is Shelf.EXPIRING:
            return replace(query, expires_after=self._now(), expires_before=self._expiry.horizon())
        return replace(query, expires_before=self._now()) if shelf is Shelf.EXPIRED else query

    def _set(self, wanted: ArticleQuery) -> None:
        if wanted != self.filter:
            self._ask(wanted)

    def _ask(self, wanted: ArticleQuery) -> None:
        self.filter = wanted
        self.pages.clear()
        self._scope.restart("count", self._count)

    async def _fetch(self, offset: int, limit: int) -> Sequence[ArticleRow]:
        return await self._articles.page(self.query(self.shelf, self.filter), offset=offset, limit=limit)

    async def _count(self) -> None:
        total = await self._articles.count(self.query(self.shelf, self.filter))
        await self.pages.load_first()
        self.total = total
        self.counted.notify()

    async def _tally(self) -> None:
        self.counts = {shelf: await self._articles.count(self.query(shelf, ArticleQuery())) for shelf in Shelf}
        self.tags = await self._articles.tags()
        self.tallied.notify()
