"""Articles are read for what their questions want, once, and again when they change."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent_assist.domain.knowledge import Article, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import EngineUnavailableError
from agent_assist.knowledge import KnowledgeIndex
from agent_assist.services.article_profiles import ArticleProfileService, questions_of
from agent_assist.services.events import EventBus
from agent_assist.storage.articles.profiles import ArticleProfileStore
from agent_assist.storage.database import Database
from agent_assist.storage.knowledge import KnowledgeStore

FAQ = Article(doc_id="faq", title="运费", text="满 99 元包邮。", question="运费多少", language=Language.ZH)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "profile.db", passphrase="secret")
    yield database
    await database.close()


async def put(database: Database, *articles: Article) -> None:
    index = KnowledgeIndex(KnowledgeStore(database))
    for article in articles:
        await index.store(await index.plan(article))


async def test_each_article_is_read_once_and_again_when_it_changed(database: Database) -> None:
    engine = ScriptedEngine()
    await engine.start()
    service = ArticleProfileService(store=ArticleProfileStore(database), engine=engine, events=EventBus())
    await put(database, FAQ, replace(FAQ, doc_id="draft", status=ArticleStatus.DRAFT))
    assert await service.read_all() == 1  # what is not searched is not read
    assert await service.read_all() == 0
    await put(database, replace(FAQ, question="邮费多少"))
    assert await service.read_all() == 1


class AbsentEngine(ScriptedEngine):
    """One whose process is not there."""

    async def embed(self, *_: object, **__: object) -> list[bytes]:  # type: ignore[override]
        raise EngineUnavailableError("The engine is not running.")


async def test_it_waits_for_the_engine(database: Database) -> None:
    store = ArticleProfileStore(database)
    service = ArticleProfileService(store=store, engine=AbsentEngine(), events=EventBus())
    await put(database, FAQ)
    assert await service.read_all() == 0
    [(_, article)] = await store.missing("any", limit=5)
    assert article.doc_id == "faq"  # and is read at the next opportunity


def test_an_article_is_read_by_its_questions_alone() -> None:
    assert questions_of(replace(FAQ, question="")) == []
    assert questions_of(replace(FAQ, variants=("邮费",))) == ["运费多少", "邮费"]
    assert len(questions_of(replace(FAQ, variants=tuple(map(str, range(50)))))) == 8
