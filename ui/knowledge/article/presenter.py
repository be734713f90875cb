"""One article as it is read: its newest version, its history, two versions compared, what cites it. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent_assist.domain.article_versions import ArticleDiff, ArticleVersion, Citation
from agent_assist.errors import NotFoundError
from ui.observable import Changes
from ui.ports import Articles, Citations
from ui.tasks import Scope


class Side(StrEnum):
    """What is shown of the article."""

    TEXT = "text"
    VERSIONS = "versions"
    CITED = "cited"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the article's text."""

    start: int
    end: int


class ArticlePresenter:
    """`changes` tells that something else is to be shown; `missing`: what was asked for is not there."""

    def __init__(self, articles: Articles, citations: Citations, scope: Scope) -> None:
        self._articles = articles
        self._citations = citations
        self._scope = scope
        self.doc_id = ""
        self.version: ArticleVersion | None = None
        self.missing = False
        self.span: Span | None = None
        self.side = Side.TEXT
        self.history: Sequence[ArticleVersion] = ()
        self.diff: ArticleDiff | None = None
        self.citations: Sequence[Citation] | None = None
        self.changes = Changes()

    def open(self, doc_id: str, span: Span | None = None) -> None:
        """Show an article, with a passage of it marked."""
        if doc_id == self.doc_id and span is None:
            return
        if doc_id != self.doc_id:
            self.version, self.history, self.citations, self.diff = None, (), None, None
        self.doc_id, self.span, self.missing = doc_id, span, False
        if span is not None:
            self.side = Side.TEXT
        if not doc_id:
            self._scope.cancel("open")
            self.changes.notify()
            return
        self._load()

    def reload(self) -> None:
        """The article may have changed."""
        if self.doc_id:
            self._load()

    def show(self, side: Side) -> None:
        """Show another side of it."""
        self.side = side
        if self.version is not None:
            self._scope.restart("side", self._load_side)
        self.changes.notify()

    def compare(self, older: int, newer: int) -> None:
        """Show what differs between two versions."""
        doc_id = self.doc_id

        async def work() -> None:
            diff = await self._articles.diff(doc_id, older, newer)
            if doc_id == self.doc_id:
                self.diff = diff
                self.changes.notify()

        self._scope.restart("diff", work)

    def _load(self) -> None:
        self._scope.restart("open", self._open)

    async def _open(self) -> None:
        doc_id = self.doc_id
        try:
            version = await self._articles.get(doc_id)
        except NotFoundError:
            self.doc_id, self.version, self.missing = "", None, True
            self.changes.notify()
            return
        if doc_id != self.doc_id:
            return
        if self.version is not None and version.number != self.version.number:
            self.span = None  # the passage was one of the older text
        self.version = version
        await self._load_side()
        self.changes.notify()

    async def _load_side(self) -> None:
        doc_id = self.doc_id
        if self.side is Side.VERSIONS:
            history = await self._articles.history(doc_id)
            if doc_id == self.doc_id:
                self.history = history
                self._compare_newest()
        elif self.side is Side.CITED:
            citations = await self._citations.of(doc_id)
            if doc_id == self.doc_id:
                self.citations = citations
        self.changes.notify()

    def _compare_newest(self) -> None:
        if len(self.history) > 1:
            self.compare(self.history[1].number, self.history[0].number)
        else:
            self.diff = None
