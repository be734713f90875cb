"""Only what differs is written, in pieces, and whatever is stored in between is true and can be finished."""

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from agent_assist.domain.article_versions import VersionCause
from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.knowledge.index import indexed_article, plan_article, without_vectors
from agent_assist.storage.articles import rows as article_rows
from agent_assist.storage.articles import spare_vectors
from agent_assist.storage.articles.indexed import IndexedArticle
from agent_assist.storage.articles.store import ArticleStore, Change
from agent_assist.storage.articles.writes import put_article, put_some
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database
from agent_assist.storage.knowledge import KnowledgeStore, Outcome, Over
from tests.agent_assist.knowledge.conftest import vector
from tests.helpers.makers import NOON
from tests.helpers.stored_index import content

FAQ = Article(
    doc_id="faq",
    title="退货运费",
    text="七天无理由退货由您承担运费。",
    language=Language.ZH,
    kind=ArticleKind.FAQ,
    question="邮费谁出？",
    variants=("运费谁承担",),
)


def long_article(*words: str) -> Article:
    """An article with a section, and so a passage, a word."""
    filler = "Parcels are sent from our warehouse on the day after the order, and every one of them is insured. " * 4
    text = "\n\n".join(f"## {word}\n\nAbout {word}. {filler}" for word in words)
    return Article(doc_id="long", title="Long", text=text, language=Language.EN)


def indexed(article: Article, *, model: str = "m1", vectors: bool = True) -> IndexedArticle:
    plan = plan_article(article, model=model)
    if not vectors:
        return indexed_article(plan)
    return indexed_article(
        plan,
        passage_vectors=[vector(model + text) for text in plan.passage_texts],
        question_vectors=[vector(model + text) for text in plan.questions],
    )


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "profile.db")
    yield database
    await database.close()


async def built(tmp_path: Path, *articles: IndexedArticle) -> list[list[object]]:
    """The content of a store that holds nothing else."""
    fresh = await Database.open(tmp_path / "fresh" / f"{random.randrange(10**9)}.db")
    await KnowledgeStore(fresh).store(articles)
    found = await fresh.read(content)
    await fresh.close()
    return found


CHANGES: Sequence[tuple[IndexedArticle, IndexedArticle]] = (
    (indexed(long_article("a", "b", "c")), indexed(long_article("a", "x", "c"))),
    (indexed(long_article("a", "b", "c")), indexed(long_article("x", "a", "b", "c"))),
    (indexed(long_article("a", "b", "c")), indexed(long_article("c", "b", "a"))),
    (indexed(long_article("a", "a", "b")), indexed(long_article("b", "a", "a", "a"))),
    (indexed(long_article("a", "b", "c")), indexed(long_article("b"))),
    (indexed(long_article("a", "b")), indexed(replace(long_article("a", "b"), status=ArticleStatus.BLOCKED))),
    (indexed(replace(long_article("a", "b"), status=ArticleStatus.DRAFT)), indexed(long_article("a", "b"))),
    (indexed(long_article("a", "b")), indexed(replace(long_article("a", "b"), tags=("new",)))),
    (indexed(long_article("a", "b")), indexed(long_article("a", "b"), model="m2")),
    (indexed(long_article("a", "b")), indexed(long_article("a", "c"), model="m2")),
    (indexed(long_article("a", "b"), vectors=False), indexed(long_article("a", "b"))),
    (indexed(long_article("a", "b")), indexed(long_article("b", "c"), vectors=False)),
    (indexed(FAQ), indexed(replace(FAQ, variants=("谁付邮费",)))),
    (indexed(FAQ), indexed(replace(FAQ, language=Language.EN))),
    (indexed(FAQ), indexed(replace(FAQ, question="", variants=()))),
)


@pytest.mark.parametrize(("old", "new"), CHANGES)
@pytest.mark.parametrize("most", [1, 1000])
async def test_a_change_in_pieces_ends_like_a_store_from_scratch(
    database: Database, tmp_path: Path, old: IndexedArticle, new: IndexedArticle, most: int
) -> None:
    await KnowledgeStore(database).store([old])
    for _ in range(100):
        step = await database.write(lambda connection: put_some(connection, new, most=most))
        await database.read(what_is_stored_is_true)
        if step.done:
            break
    assert not step.is_new
    assert await database.read(content) == await built(tmp_path, new)


def what_is_stored_is_true(connection: Connection) -> None:
    for row in connection.execute(
        "SELECT passages.*, body ->> '$.text' AS whole FROM passages JOIN articles ON articles.key = article_key"
    ):
        assert row["whole"][row["start_char"] : row["end_char"]] == row["text"]


async def test_an_unfinished_article_counts_as_outdated(database: Database) -> None:
    new = indexed(long_article(*"abcdef"))
    await database.write(lambda connection: put_some(connection, new, most=3))
    assert await KnowledgeStore(database).outdated("m1") == ["long"]
    await KnowledgeStore(database).store([new])
    assert await KnowledgeStore(database).outdated("m1") == []


async def test_what_stays_is_not_written(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await KnowledgeStore(database).store([indexed(long_article(*"abcdef"))])
    written = []
    insert = article_rows.insert_passage

    def spy(connection: Connection, *arguments: object, **named: object) -> None:
        written.append(named["item"])
        insert(connection, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(article_rows, "insert_passage", spy)
    await KnowledgeStore(database).store([indexed(long_article(*"abcxef"))])
    assert len(written) == 1


async def test_a_vector_is_known_by_its_text_wherever_it_is_or_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = KnowledgeStore(database)
    hashes = plan_article(FAQ, model="m1").hashes
    await store.store([indexed(FAQ)])
    known = await store.known_vectors(hashes, model="m1")
    assert [known[one] for one in hashes] == [
        vector("m1退货运费\n七天无理由退货由您承担运费。"),
        vector("m1邮费谁出？"),
        vector("m1运费谁承担"),
    ]
    assert await store.known_vectors(hashes, model="m2") == {}
    await store.store([indexed(replace(FAQ, status=ArticleStatus.BLOCKED))])
    assert await store.known_vectors(hashes, model="m1") == known
    await store.delete("faq")
    assert await store.known_vectors(hashes, model="m1") == known
    monkeypatch.setattr(spare_vectors, "SPARE", 2)
    await store.store([indexed(long_article("a", "b"))])
    await store.delete("long")
    assert len(await store.known_vectors(hashes, model="m1")) == 0


async def test_a_transaction_ends_when_it_lasts_too_long(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(1000))
    monkeypatch.setattr("agent_assist.storage.articles.writes.time.monotonic", lambda: next(ticks) * 0.011)
    transactions = []
    write = database.write_rebuildable

    async def spy(fn):  # type: ignore[no-untyped-def]
        transactions.append(fn)
        return await write(fn)

    monkeypatch.setattr(database, "write_rebuildable", spy)
    batch = [indexed(replace(FAQ, doc_id=str(number))) for number in range(6)]
    assert await KnowledgeStore(database).store(batch) == [Outcome.ADDED] * 6
    assert len(transactions) == 3
    assert (await KnowledgeStore(database).counts())[0] == 6


async def test_put_article_is_one_piece(database: Database) -> None:
    new = indexed(long_article(*"abcdefgh"))
    assert await database.write(lambda connection: put_article(connection, new))
    assert not await database.write(lambda connection: put_article(connection, new))


async def test_a_file_is_not_stored_over_what_a_person_wrote_or_deleted(database: Database) -> None:
    store, articles = KnowledgeStore(database), ArticleStore(database)
    await store.store([indexed(FAQ)])
    assert await store.store([indexed(replace(FAQ, text="新规定"))], over=Over.IMPORTED) == [Outcome.UPDATED]
    by_a_person = Change(at=NOON, author="李雷", cause=VersionCause.EDIT)
    await articles.save(without_vectors(replace(FAQ, text="李雷写的")), by_a_person, base=2)
    file = indexed(replace(FAQ, text="文件里的"))
    assert await store.store([file], over=Over.IMPORTED) == [Outcome.KEPT]
    assert (await store.get("faq")).text == "李雷写的"
    await articles.delete("faq", replace(by_a_person, cause=VersionCause.DELETE), base=3)
    assert await store.store([file], over=Over.IMPORTED) == [Outcome.KEPT]
    assert await store.counts() == (0, 0)
    assert await store.store([file]) == [Outcome.ADDED]
