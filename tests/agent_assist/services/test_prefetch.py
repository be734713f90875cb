"""Work ahead of the agent: in order, never twice, out of the agent's way, and past what fails."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from agent_assist.composition import App
from agent_assist.domain.events import DomainEvent, DraftsPrepared, EngineState, EngineStateChanged
from agent_assist.domain.ids import utc_now
from agent_assist.domain.suggestion import SuggestionKind
from agent_assist.engine.api import DraftOrder
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import EngineUnavailableError
from agent_assist.services.suggestions import DraftChunk
from tests.helpers.shop import TICKETS, open_shop, write_rows

RETURN = "I want to return my bag, what does return shipping cost me"


@dataclass
class Bench:
    """An app with its work ahead going on, and a clock for the pauses that a test turns on by hand."""

    app: App
    engine: ScriptedEngine
    folder: Path
    now: float = 0.0
    pauses: list[asyncio.Future[None]] = field(default_factory=list)
    counts: list[DraftsPrepared] = field(default_factory=list)

    async def sleep(self, _seconds: float) -> None:
        self.pauses.append(asyncio.get_running_loop().create_future())
        await self.pauses[-1]

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        for pause in self.pauses:
            if not pause.done():
                pause.set_result(None)

    def heard(self, event: DomainEvent) -> None:
        if isinstance(event, DraftsPrepared):
            self.counts.append(event)

    async def until(self, condition: Callable[[], object]) -> None:
        for _ in range(100_000):
            if condition():
                return
            await asyncio.sleep(0)
        raise AssertionError("never")

    async def idle(self) -> None:
        """Until nothing is left to prepare."""
        await self.until(lambda: self.counts and self.counts[-1].in_work == 0)

    async def bring(self, *rows: dict[str, object]) -> None:
        await self.app.tickets.import_paths([write_rows(self.folder / f"more{len(rows)}.jsonl", rows)])

    @property
    def asked(self) -> list[str]:
        """The messages that drafts were written for, in order."""
        return [order.thread[-1].text for order in self.engine.orders]


@asynccontextmanager
async def at_work(folder: Path, *, start: bool = True) -> AsyncIterator[Bench]:
    async with open_shop(folder) as (app, engine):
        bench = Bench(app, engine, folder)
        app.prefetch._monotonic = lambda: bench.now
        app.prefetch._sleep = bench.sleep
        app.events.subscribe(bench.heard)
        if start:
            app.prefetch.start()
        yield bench


def chat(name: str, text: str, *, seconds: float, **more: object) -> dict[str, object]:
    at = (utc_now() - timedelta(seconds=seconds)).isoformat()
    return {"id": name, "channel": "chat", "text": text, "created_at": at} | more


async def test_the_least_time_left_comes_first(tmp_path: Path) -> None:
    async with at_work(tmp_path, start=False) as bench:
        await bench.bring(
            chat("mail", f"{RETURN} (mail)", seconds=60, channel="email"),
            chat("old", f"{RETURN} (old)", seconds=86_400 * 900),
            chat("new", f"{RETURN} (new)", seconds=0),
        )
        bench.app.prefetch.start()
        await bench.idle()
        told = [text.rpartition(" (")[2].rstrip(")") for text in bench.asked if "(" in text]
        assert told == ["new", "old", "mail"]


async def test_everything_is_prepared_once_and_counted(tmp_path: Path) -> None:
    async with at_work(tmp_path) as bench:
        await bench.idle()
        assert bench.counts[0] == DraftsPrepared(ready=0, in_work=len(TICKETS))
        assert bench.counts[-1] == DraftsPrepared(ready=2, in_work=0)  # two questions find nothing
        written = list(bench.asked)
        assert written == [TICKETS[1]["text"]]  # the other reply is a reviewed text
        await bench.app.prefetch._prepare()
        assert bench.asked == written


async def test_no_further_ahead_than_the_setting(tmp_path: Path) -> None:
    async with at_work(tmp_path, start=False) as bench:
        bench.app.settings.set("suggestion.prefetch_ahead", 1)
        bench.app.prefetch.start()
        await bench.idle()
        kept = [(await bench.app.tickets.open(str(row["id"]))).suggestion for row in TICKETS]
        assert sum(one is not None for one in kept) == 1


async def test_a_new_message_makes_a_new_draft(tmp_path: Path) -> None:
    async with at_work(tmp_path) as bench:
        await bench.bring(chat("T", RETURN, seconds=0))
        await bench.until(lambda: RETURN in bench.asked)
        await bench.idle()
        at = utc_now().isoformat()
        messages = [
            {"role": "customer", "text": RETURN, "at": at},
            {"role": "customer", "text": f"{RETURN} now", "at": at},
        ]
        await bench.bring({"id": "T", "channel": "chat", "messages": messages}, chat("U", "zzzz", seconds=0))
        await bench.until(lambda: f"{RETURN} now" in bench.asked)
        await bench.idle()
        assert bench.asked.count(RETURN) == 1
        kept = (await bench.app.tickets.open("T")).suggestion
        assert kept is not None
        assert kept.ticket_version == 2


async def test_keys_stop_the_work_and_silence_lets_it_go_on(tmp_path: Path) -> None:
    async with at_work(tmp_path, start=False) as bench:
        begun, cancelled = asyncio.Event(), asyncio.Event()

        async def hang(_order: DraftOrder) -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.set()
                raise

        bench.engine.before_draft = hang
        bench.app.prefetch.start()
        await begun.wait()
        bench.app.prefetch.typing()
        await cancelled.wait()
        bench.engine.before_draft = None
        await bench.until(lambda: bench.pauses)
        written = len(bench.asked)
        assert bench.counts[-1].paused
        bench.now = 1.0
        bench.app.prefetch.typing()
        bench.pass_time(2.5)  # of the three seconds since the last key
        await bench.until(lambda: len(bench.pauses) == 2)
        assert len(bench.asked) == written
        bench.pass_time(1.0)
        await bench.idle()
        assert not bench.counts[-1].paused
        assert len(bench.asked) > written


async def test_the_open_tickets_draft_is_written_once_for_whoever_looks(tmp_path: Path) -> None:
    async with at_work(tmp_path, start=False) as bench:
        begun = asyncio.Event()
        held = [True]

        async def hold(order: DraftOrder) -> None:
            if held[0] and "bag" in order.thread[-1].text:
                begun.set()
                await asyncio.Event().wait()

        bench.engine.before_draft = hold
        bench.app.prefetch.start()
        await begun.wait()
        held[0] = False
        chunks = [step async for step in bench.app.suggestions.suggest("t-return") if isinstance(step, DraftChunk)]
        assert chunks
        await bench.idle()
        # Begun ahead, given up for the window's own request, and not begun again.
        assert sum("bag" in text for text in bench.asked) == 2


async def test_what_the_agent_left_half_written_is_finished_ahead(tmp_path: Path) -> None:
    async with at_work(tmp_path) as bench:
        await bench.idle()
        await bench.bring(chat("T", f"{RETURN} again", seconds=0))
        steps = bench.app.suggestions.suggest("T")
        await anext(steps)
        await steps.aclose()
        await bench.until(lambda: bench.counts[-1] == DraftsPrepared(ready=3, in_work=0))


async def test_a_ticket_that_fails_is_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with at_work(tmp_path, start=False) as bench:
        tries = 0

        async def fail(order: DraftOrder) -> None:
            nonlocal tries
            if "bag" in order.thread[-1].text:
                tries += 1
                raise ValueError(order.thread[-1].text)

        bench.engine.before_draft = fail
        bench.app.prefetch.start()
        await bench.idle()
        for text in ("zzzz", "zzzz zzzz", "zzzz zzzz zzzz"):  # each arrival is another chance
            told = len(bench.counts)
            await bench.bring(chat(text, text, seconds=0))
            await bench.until(lambda told=told: any(one.in_work for one in bench.counts[told:]))
            await bench.idle()
        assert tries == 2
        assert bench.counts[-1] == DraftsPrepared(ready=1, in_work=0)
        assert "t-return" in caplog.text
        assert "bag" not in caplog.text


async def test_a_request_that_the_engine_refuses_keeps_nobody_waiting(tmp_path: Path) -> None:
    async with at_work(tmp_path, start=False) as bench:

        async def refuse(order: DraftOrder) -> None:
            if "bag" in order.thread[-1].text:
                raise EngineUnavailableError("poison")

        bench.engine.before_draft = refuse
        bench.app.prefetch.start()
        await bench.until(lambda: bench.counts and bench.counts[-1] == DraftsPrepared(ready=1, in_work=0))
        assert (await bench.app.tickets.open("t-zh")).suggestion is not None  # which comes after it


async def test_it_rests_while_the_engine_is_away(tmp_path: Path) -> None:
    async with at_work(tmp_path, start=False) as bench:
        bench.engine.available = False
        bench.app.prefetch.start()
        await bench.until(lambda: len(bench.counts) == 2)
        for _ in range(500):
            await asyncio.sleep(0)
        assert [one.in_work for one in bench.counts] == [len(TICKETS), len(TICKETS) - 1]  # two were tried, no third
        bench.engine.available = True
        bench.app.events.publish(EngineStateChanged(model="reply", state=EngineState.READY))
        await bench.idle()
        assert bench.counts[-1].ready == 2


async def test_an_order_in_another_state_makes_a_new_draft(tmp_path: Path) -> None:
    order = {
        "order_number": "GF2611020017",
        "customer": "Ann",
        "placed_at": "2026-11-02T09:00:00+00:00",
        "status": "paid",
        "currency": "USD",
        "total": 59.0,
    }
    async with at_work(tmp_path) as bench:
        await bench.app.tickets.import_shop(orders=write_rows(tmp_path / "orders.jsonl", [order]))
        bench.engine.entities["GF2611020017"] = "order_number"
        await bench.bring(chat("T", "where is my order GF2611020017", seconds=0))
        await bench.idle()
        kept = (await bench.app.tickets.open("T")).suggestion
        assert kept is not None
        assert kept.kind is SuggestionKind.GENERATED
        await bench.app.tickets.import_shop(
            orders=write_rows(tmp_path / "orders.jsonl", [order | {"status": "shipped"}])
        )
        assert (await bench.app.tickets.open("T")).suggestion is None
        await bench.until(lambda: any("shipped" in fact for one in bench.engine.orders for fact in one.order_facts))
