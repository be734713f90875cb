"""A reply that is held back: stored at once, taken back in time, handed on and exported only after its time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent_assist.composition import App
from agent_assist.domain.tickets import TicketState
from agent_assist.errors import NotFoundError
from tests.helpers.shop import open_shop


class Clock:
    """Time that passes only when a test says so."""

    def __init__(self, app: App) -> None:
        self.now = datetime(2026, 11, 24, 9, tzinfo=UTC)
        app.feedback._now = lambda: self.now


async def test_a_held_reply_is_stored_at_once_and_goes_out_after_its_time(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        clock = Clock(app)
        event = await app.feedback.send("t-zh", "好的", suggestion=None, held=True)
        assert event.held_seconds == 5.0
        assert (await app.tickets.get("t-zh")).state is TicketState.ANSWERED
        assert await app.feedback.sent() == []
        clock.now += timedelta(seconds=4.9)
        assert await app.feedback.sent() == []
        clock.now += timedelta(seconds=0.1)
        assert [one.id for one in await app.feedback.sent()] == [event.id]


async def test_one_that_is_taken_back_in_time_never_goes_out(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        clock = Clock(app)
        event = await app.feedback.send("t-zh", "好的", suggestion=None, held=True)
        await app.feedback.undo(event.id)
        clock.now += timedelta(minutes=1)
        assert await app.feedback.sent() == []
        assert (await app.tickets.open("t-zh")).composer == "好的"


async def test_nothing_passes_over_one_that_is_held(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        clock = Clock(app)
        held = await app.feedback.send("t-zh", "好的", suggestion=None, held=True)
        at_once = await app.feedback.send("t-return", "Yes.", suggestion=None)
        assert await app.feedback.sent() == []
        clock.now += timedelta(seconds=5)
        assert [one.id for one in await app.feedback.sent()] == [held.id, at_once.id]
        assert [one.id for one in await app.feedback.sent(after=held.id)] == [at_once.id]
        assert [one.id for one in await app.feedback.sent(limit=1)] == [held.id]
        with pytest.raises(NotFoundError):
            await app.feedback.sent(after="nothing")


async def test_an_export_leaves_out_what_may_yet_be_taken_back(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        clock = Clock(app)
        app.settings.set("sending.undo_seconds", 30)
        await app.feedback.send("t-zh", "好的", suggestion=None, held=True)
        app.settings.set("sending.undo_seconds", 0)
        clock.now += timedelta(seconds=10)
        await app.feedback.send("t-return", "Yes.", suggestion=None, held=True)
        out = tmp_path / "sft.jsonl"
        assert await app.feedback.export("sft", out) == 1
        assert "好的" not in out.read_text(encoding="utf-8")
        clock.now += timedelta(seconds=20)
        assert await app.feedback.export("sft", out) == 2
