"""Bringing tickets in and reading them in the background."""

import asyncio
from pathlib import Path

from agent_assist.composition import open_app
from agent_assist.domain.events import TicketChanged, TicketsArrived
from agent_assist.domain.tickets import TicketQuery
from agent_assist.engine.testing import ScriptedEngine
from tests.helpers.shop import open_shop, ticket_rows, write_rows


async def test_importing_twice_adds_nothing(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        report = await app.tickets.import_paths([tmp_path / "tickets.jsonl"])
        assert (report.imported, report.duplicates, report.rejected) == (0, 4, ())


async def test_a_bad_row_does_not_stop_the_good_ones(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        path = tmp_path / "more.jsonl"
        path.write_text('{"id":"a","text":"hi"}\nnot json\n{"id":"b"}\n{"id":"c","text":"ok"}\n', encoding="utf-8")
        report = await app.tickets.import_paths([path])
        assert report.imported == 2
        assert [row.line for row in report.rejected] == [2, 3]


async def test_waiting_tickets_are_read_in_the_background(tmp_path: Path) -> None:
    app = await open_app(tmp_path / "profile", engine=ScriptedEngine())
    read: set[str] = set()
    all_read = asyncio.Event()

    def listen(event: object) -> None:
        if isinstance(event, TicketChanged):
            read.add(event.ticket_id)
            if len(read) == 4:
                all_read.set()

    app.events.subscribe(listen)
    await app.start()
    await app.tickets.import_paths([write_rows(tmp_path / "tickets.jsonl", ticket_rows())])
    await asyncio.wait_for(all_read.wait(), 10)
    rows = await app.tickets.page(TicketQuery(), offset=0, limit=10)
    assert {row.id: row.intent for row in rows}["t-refund"] == "refund.status"
    await app.close()


async def test_arrival_is_told(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        told: list[object] = []
        app.events.subscribe(told.append)
        await app.tickets.import_paths([write_rows(tmp_path / "new.jsonl", [{"id": "n", "text": "new"}])])
        assert told == [TicketsArrived(count=1)]


async def test_articles_added_without_engine_get_their_vectors_later(tmp_path: Path) -> None:
    engine = ScriptedEngine()
    engine.available = False
    async with open_shop(tmp_path, engine) as (app, _):
        assert (await app.knowledge.search("refund"))[0].similarity == 0.0
        engine.available = True
        report = await app.knowledge.add_paths([tmp_path / "articles.jsonl"])
        assert report.updated == 4
        assert (await app.knowledge.search("refund"))[0].similarity > 0.0


async def test_an_id_of_another_conversation_is_refused(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        path = write_rows(tmp_path / "other.jsonl", [{"id": "t-refund", "text": "something else entirely"}])
        report = await app.tickets.import_paths([path])
        assert (report.imported, report.duplicates) == (0, 0)
        [row] = report.rejected
        assert row.line == 1
        assert "t-refund" in row.reason
