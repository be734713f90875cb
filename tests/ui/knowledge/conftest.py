"""The knowledge screen's presenters over doubles, without a window."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import pytest

from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus
from agent_assist.domain.language import Language
from tests.ui.doubles import ServicesDouble
from tests.ui.doubles.knowledge import ArticlesDouble
from ui.knowledge.presenter import KnowledgePresenter
from ui.tasks import Tasks


def article(doc_id: str = "one", **fields: object) -> Article:
    """A short macro."""
    known: dict[str, object] = {
        "doc_id": doc_id,
        "title": doc_id.title(),
        "text": f"The text of {doc_id}.",
        "language": Language.EN,
        "kind": ArticleKind.MACRO,
        "status": ArticleStatus.DRAFT,
    }
    return Article(**(known | fields))  # type: ignore[arg-type]


@dataclass
class Screen:
    """The presenter, its services, and the errors that were told."""

    presenter: KnowledgePresenter
    services: ServicesDouble
    tasks: Tasks
    errors: list[Exception]
    ticket: str = ""

    async def do(self, act: Callable[[], object]) -> None:
        """Start something and wait for the end of it."""
        act()
        await self.settle()

    async def settle(self) -> None:
        for _ in range(4):
            await self.tasks.idle()
            await asyncio.sleep(0)


@pytest.fixture
async def make() -> AsyncIterator[Callable[[Sequence[Article]], Screen]]:
    made: list[Screen] = []

    def screen(articles: Sequence[Article]) -> Screen:
        services, errors = ServicesDouble([]), list[Exception]()
        services.articles = ArticlesDouble(articles, services.events)
        tasks = Tasks(errors.append)
        one = Screen(
            KnowledgePresenter(services, tasks, ticket=lambda: made[-1].ticket, refresh_pause=0.0),
            services,
            tasks,
            errors,
        )
        services.events.subscribe(one.presenter.handle)
        made.append(one)
        return one

    yield screen
    for one in made:
        await one.tasks.close()


@pytest.fixture
async def screen(make: Callable[[Sequence[Article]], Screen]) -> Screen:
    """Three articles, shown."""
    one = make([article("one"), article("two"), article("three", status=ArticleStatus.APPROVED)])
    await one.do(one.presenter.activate)
    return one
