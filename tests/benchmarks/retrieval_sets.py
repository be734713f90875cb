"""Question sets with known answers, for measuring and fitting search."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from agent_assist.domain.knowledge import Article, ArticleKind
from agent_assist.domain.language import Language
from agent_assist.domain.profiles import profile_of, profile_of_labels
from agent_assist.domain.tickets import Ticket
from agent_assist.engine.protocol import TextKind
from agent_assist.intake import ParsedTicket, read_tickets
from agent_assist.knowledge import KnowledgeIndex, read_articles, thread_query
from agent_assist.services.article_profiles import questions_of
from agent_assist.storage.articles.profiles import ArticleProfileStore
from agent_assist.storage.database import Database
from agent_assist.storage.knowledge import KnowledgeStore
from tests.benchmarks.encoder import Embed, Read

SAMPLES = Path(str(files("resources"))) / "samples"
BENCH = Path(__file__).parents[2].parent / "shared" / "bench"
EXTRA = Path(__file__).with_name("relevance_queries.jsonl")
HARD = Path(__file__).with_name("hard_queries_zh.jsonl")
ANSWERABLE = Path(__file__).with_name("answerable_questions.jsonl")
UNANSWERABLE = Path(__file__).with_name("unanswerable_questions.jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query and the articles that answer it; none where nothing in the collection does."""

    text: str
    doc_ids: frozenset[str]
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalSet:
    """A collection with questions to it."""

    name: str
    articles: tuple[Article, ...]
    questions: tuple[Question, ...]


def sample_shop(*, extra: bool = False) -> RetrievalSet:
    """The sample shop's articles with the sample tickets' expected sources, or with the short extra queries."""
    articles = list(read_articles([SAMPLES / "knowledge.jsonl", SAMPLES / "articles"]))
    assert all(isinstance(row, Article) for row in articles)
    questions = _extra_questions() if extra else _ticket_questions()
    return RetrievalSet(
        name="sample shop, short queries" if extra else "sample shop, tickets",
        articles=tuple(row for row in articles if isinstance(row, Article)),
        questions=tuple(questions),
    )


def real_sets(folder: Path = BENCH) -> Iterator[RetrievalSet]:
    """The collections of other people that lie in `folder`; missing ones are left out."""
    if (folder / "kb_zh_dureader_demo.jsonl").exists() and (folder / "reply_zh_dureader_demo.jsonl").exists():
        yield _dureader(folder)
    if (folder / "kb_en_dstc11_hotel_restaurant.jsonl").exists() and (folder / "reply_en_dstc11.jsonl").exists():
        yield _dstc11(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductQuestion:
    """A question with ten candidate passages, of which `answers` answer it."""

    question: str
    candidates: tuple[str, ...]
    answers: frozenset[str]


def product_question_rows(folder: Path = BENCH) -> list[ProductQuestion]:
    """Questions about products of a marketplace; none where the folder is missing."""
    path = folder / "reply_en_epqa.jsonl"
    return [
        ProductQuestion(
            question=row["question"],
            candidates=tuple(one["text"] for one in row["candidates"]),
            answers=frozenset(one["text"] for one in row["candidates"] if one["label"] == 2),
        )
        for row in (_rows(path) if path.exists() else ())
    ]


def written_sets(part: str, folder: Path = BENCH) -> Iterator[RetrievalSet]:
    """Questions and hard queries that were written for measuring; `part` is "tune" or "held"."""
    shop = sample_shop().articles
    rows = [row for row in _rows(ANSWERABLE) if row["part"] == part]
    yield RetrievalSet(
        name="sample shop, written questions",
        articles=shop,
        questions=tuple(Question(text=row["query"], doc_ids=frozenset(row["doc_ids"])) for row in rows),
    )
    hard = [row for row in _rows(HARD) if row["part"] == part]
    for store, articles in (("shop", shop), ("law", law_articles(folder))):
        if articles:
            questions = tuple(
                Question(text=row["query"], doc_ids=frozenset(row["doc_ids"]), kind=row["kind"])
                for row in hard
                if row["store"] == store
            )
            yield RetrievalSet(name=f"hard queries, {store}", articles=articles, questions=questions)


def unanswerable(part: str) -> list[Question]:
    """Questions that nothing in the sample shop answers."""
    return [
        Question(text=row["query"], doc_ids=frozenset(), kind=row["kind"])
        for row in _rows(UNANSWERABLE)
        if row["part"] == part
    ]


def law_articles(folder: Path = BENCH) -> tuple[Article, ...]:
    """The articles of Chinese consumer law."""
    path = folder / "kb_zh_consumer_law_articles.jsonl"
    return tuple(
        Article(doc_id=row["id"], title=f"{row['law']} {row['article']}", text=row["text"], language=Language.ZH)
        for row in (_rows(path) if path.exists() else ())
    )


async def index_set(
    database: Database, articles: tuple[Article, ...], embed: Embed, read: Read | None = None
) -> KnowledgeStore:
    """Index `articles` with vectors, and with what their questions want where there is a `read`."""
    store = KnowledgeStore(database)
    index = KnowledgeIndex(store)
    plans = [await index.plan(article, model="bench") for article in articles]
    passages = iter(embed([text for plan in plans for text in plan.passage_texts], TextKind.PASSAGE))
    questions = iter(embed([text for plan in plans for text in plan.questions], TextKind.QUERY))
    for plan in plans:
        await index.store(
            plan,
            passage_vectors=[next(passages) for _ in plan.passages],
            question_vectors=[next(questions) for _ in plan.questions],
        )
    if read is not None:
        await _profile(database, store, articles, read)
    return store


async def _profile(database: Database, store: KnowledgeStore, articles: tuple[Article, ...], read: Read) -> None:
    asked = {article.doc_id: questions_of(article) for article in articles}
    texts = [text for one in asked.values() for text in one]
    found = iter(read(texts) if texts else ())
    profiles = {doc_id: [profile_of(next(found)) for _ in texts] for doc_id, texts in asked.items()}
    for article in articles:
        if article.intents:
            profiles[article.doc_id].append(profile_of_labels(article.intents))
    await ArticleProfileStore(database).save({doc_id: ("", one) for doc_id, one in profiles.items()}, model="bench")


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def _ticket_questions() -> list[Question]:
    expected = {row["id"]: row["expect"]["doc_ids"] for row in _rows(SAMPLES / "tickets.jsonl")}
    tickets: list[Ticket] = [
        row.ticket for row in read_tickets([SAMPLES / "tickets.jsonl"]) if isinstance(row, ParsedTicket)
    ]
    return [Question(text=thread_query(ticket.messages), doc_ids=frozenset(expected[ticket.id])) for ticket in tickets]


def _extra_questions() -> list[Question]:
    return [Question(text=row["query"], doc_ids=frozenset(row["doc_ids"])) for row in _rows(EXTRA)]


def _dureader(folder: Path) -> RetrievalSet:
    return RetrievalSet(
        name="DuReader (zh web pages)",
        articles=tuple(
            Article(doc_id=row["id"], title=row["title"], text=row["text"], language=Language.ZH)
            for row in _rows(folder / "kb_zh_dureader_demo.jsonl")
            if row["text"].strip()
        ),
        questions=tuple(
            Question(text=row["question"], doc_ids=frozenset(row["gold"]))
            for row in _rows(folder / "reply_zh_dureader_demo.jsonl")
        ),
    )


def _dstc11(folder: Path) -> RetrievalSet:
    rows = _rows(folder / "reply_en_dstc11.jsonl")[:200]
    return RetrievalSet(
        name="DSTC11 (en snippets)",
        articles=tuple(_snippet(row) for row in _rows(folder / "kb_en_dstc11_hotel_restaurant.jsonl")),
        questions=tuple(
            Question(
                text="\n".join([turn["text"] for turn in row["context"] if turn["role"] == "user"][-4:]),
                doc_ids=frozenset(row["gold"]),
            )
            for row in rows
        ),
    )


def _snippet(row: dict[str, Any]) -> Article:
    return Article(
        doc_id=row["id"],
        title=row["entity"],
        text=row.get("answer") or row.get("text") or "",
        question=row.get("question") or "",
        language=Language.EN,
        kind=ArticleKind.FAQ if row.get("question") else ArticleKind.ARTICLE,
    )
