"""A small shop for tests: an open app over a scripted engine, with a few articles and tickets."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from agent_assist.composition import App, open_app
from agent_assist.engine.testing import ScriptedEngine

ARTICLES = [
    {
        "id": "faq-refund",
        "title": "Refund time",
        "text": "Refunds reach your card within 3 business days.",
        "kind": "faq",
        "question": "How long does a refund take?",
        "language": "en",
    },
    {
        "id": "art-return",
        "title": "Returns",
        "text": "You can return goods within 7 days of delivery. Return shipping costs $5.",
        "language": "en",
    },
    {
        "id": "art-invoice",
        "title": "发票说明",
        "text": "电子发票在确认收货后24小时内开具，发送到下单邮箱。",
        "language": "zh",
    },
    {
        "id": "int-refund",
        "title": "Internal refund note",
        "text": "Refund over $500 needs a supervisor. How long does a refund take?",
        "visibility": "internal",
        "language": "en",
    },
]
TICKETS = [
    {"id": "t-refund", "customer": "Ann", "text": "How long does a refund take?"},
    {"id": "t-return", "customer": "Bob", "text": "I want to return my bag, what does return shipping cost me?"},
    {"id": "t-zh", "customer": "小李", "text": "什么时候能开发票"},
    {"id": "t-oos", "customer": "Zed", "text": "zzzz qqqq xxxx"},
]
CREATED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def write_rows(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")
    return path


def ticket_rows() -> list[dict[str, str]]:
    return [row | {"created_at": CREATED.isoformat()} for row in TICKETS]


@asynccontextmanager
async def open_shop(folder: Path, engine: ScriptedEngine | None = None) -> AsyncIterator[tuple[App, ScriptedEngine]]:
    """An app whose knowledge and tickets are loaded; background work is off, so that tests see every step."""
    engine = engine or ScriptedEngine()
    app = await open_app(folder / "profile", engine=engine)
    try:
        # The scripted engine's bigram vectors are weaker than an encoder's; the coefficients are fitted to the latter.
        app.settings.set("suggestion.minimum_relevance", 0.1)
        await app.start(background=False)
        await app.knowledge.add_paths([write_rows(folder / "articles.jsonl", ARTICLES)])
        await app.tickets.import_paths([write_rows(folder / "tickets.jsonl", ticket_rows())])
        yield app, engine
    finally:
        await app.close()
