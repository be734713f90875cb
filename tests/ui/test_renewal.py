"""A draft that no longer fits is withdrawn where everybody sees it: real window, services and store."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_assist.domain.ids import utc_now
from agent_assist.engine.testing import ScriptedEngine
from tests.e2e.desk import Desk, open_desk, run
from tests.helpers.shop import ARTICLES, write_rows
from ui.composer.presenter import Phase
from ui.composer.renewal import Why
from ui.text_keys import Key

ASKED = "my bag from order GF2611020017: what does return shipping cost me, and the refund"
ORDER = {
    "order_number": "GF2611020017",
    "customer": "Ann",
    "placed_at": "2026-11-02T09:00:00+00:00",
    "status": "paid",
    "currency": "USD",
    "total": 59.0,
}
Job = Callable[[Desk, ScriptedEngine], Awaitable[None]]


def rows(*texts: str) -> list[dict[str, object]]:
    at = utc_now() - timedelta(minutes=5)
    messages = [
        {"role": "customer", "text": text, "at": (at + timedelta(minutes=number)).isoformat()}
        for number, text in enumerate(texts)
    ]
    return [{"id": "T", "channel": "chat", "customer": "Ann", "messages": messages}]


@pytest.fixture
def with_a_draft(qapp: QApplication, tmp_path: Path) -> Callable[[Job], None]:
    """A window on one ticket with a draft and an unsent text."""

    def do(job: Job) -> None:
        async def work() -> None:
            engine = ScriptedEngine()
            engine.entities["GF2611020017"] = "order_number"
            async with open_desk(qapp, tmp_path / "profile", engine=engine) as desk:
                app, composer = desk.app, desk.session.desk.composer
                app.settings.set("suggestion.minimum_relevance", 0.1)
                await app.knowledge.add_paths([write_rows(tmp_path / "articles.jsonl", ARTICLES)])
                await app.tickets.import_shop(orders=write_rows(tmp_path / "orders.jsonl", [ORDER]))
                await app.tickets.import_paths([write_rows(tmp_path / "tickets.jsonl", rows(ASKED))])
                await desk.until(lambda: desk.session.desk.inbox.total == 1)
                await desk.open("T")
                await desk.suggested()
                await desk.type("half a thought")
                await job(desk, engine)
                assert composer.text == "half a thought"
                assert not desk.program.window.notice.isVisible()

        run(qapp, work)

    return do


async def renewed(desk: Desk, why: Why) -> None:
    composer = desk.session.desk.composer
    await desk.until(lambda: composer.renewal.why is why and composer.phase is Phase.READY)


def test_a_newer_message(with_a_draft: Callable[[Job], None], tmp_path: Path) -> None:
    async def job(desk: Desk, engine: ScriptedEngine) -> None:
        composer, bar = desk.session.desk.composer, desk.session.view.composer.card.renewal
        first, engine.available = composer.draft, False  # so that it is seen at work
        assert not bar.isVisible()
        more = [write_rows(tmp_path / "more.jsonl", rows(ASKED, "And do you refund return shipping?"))]
        await desk.app.tickets.import_paths(more)
        await desk.until(lambda: composer.renewal.why is Why.MESSAGE)
        assert not composer.can_accept
        await desk.until(bar.isVisible)
        assert bar.said.text() == desk.program.window.i18n(Key.RENEWAL_MESSAGE)
        await desk.press(
            desk.program.window,
            Qt.Key.Key_G,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
        await desk.until(bar.earlier.isVisible)
        assert bar.earlier.toPlainText() == first
        engine.available = True
        composer.ask()
        await renewed(desk, Why.MESSAGE)
        assert composer.suggestion is not None
        assert composer.suggestion.ticket_version == 2
        assert bar.earlier.toPlainText() == first

    with_a_draft(job)


def test_a_cited_article_that_was_changed(with_a_draft: Callable[[Job], None]) -> None:
    async def job(desk: Desk, _engine: ScriptedEngine) -> None:
        composer, app = desk.session.desk.composer, desk.app
        first = composer.suggestion
        invoice = await app.articles.get("art-invoice")
        await app.articles.save(replace(invoice.article, text="电子发票在三天内开具。"))
        assert "art-invoice" not in {source.doc_id for source in composer.sources}
        shipping = await app.articles.get("art-return")
        await app.articles.save(replace(shipping.article, text="You can return goods within 9 days of delivery."))
        await renewed(desk, Why.KNOWLEDGE)
        assert composer.suggestion is not first
        assert "7 days" not in " ".join(source.passage for source in composer.sources)

    with_a_draft(job)


def test_an_order_in_another_state(with_a_draft: Callable[[Job], None], tmp_path: Path) -> None:
    async def job(desk: Desk, _engine: ScriptedEngine) -> None:
        composer = desk.session.desk.composer
        assert any("paid" in source.passage for source in composer.sources)
        shipped = write_rows(tmp_path / "orders.jsonl", [ORDER | {"status": "shipped"}])
        await desk.app.tickets.import_shop(orders=shipped)
        await renewed(desk, Why.ORDER)
        assert any("shipped" in source.passage for source in composer.sources)
        assert composer.view is not None
        assert composer.view.order is not None

    with_a_draft(job)
