"""The desk: what one part does is seen by the others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent_assist.domain.events import (
    DraftsPrepared,
    EngineState,
    EngineStateChanged,
    KnowledgeChanged,
    WorkProgress,
)
from agent_assist.domain.feedback import FeedbackKind, RejectReason
from agent_assist.domain.suggestion import NoneReason
from tests.ui.doubles import ServicesDouble, sample_path, silent
from ui.composer.presenter import Phase
from ui.shell.engine_status import EngineStatus
from ui.shell.presenter import DeskPresenter
from ui.tasks import Tasks
from ui.text_keys import Key

REFUND, PARCEL = "TK-1009", "TK-1011"


class Bench:
    def __init__(self, services: ServicesDouble | None = None) -> None:
        self.services = services or ServicesDouble()
        self.errors: list[Exception] = []
        self.tasks = Tasks(self.errors.append)
        self.desk = DeskPresenter(self.services, self.tasks, refresh_pause=0)
        self.services.events.subscribe(self.desk.handle)

    async def do(self, act: Callable[[], object]) -> None:
        act()
        await self.tasks.idle()

    async def open(self, ticket_id: str) -> None:
        await self.do(lambda: self.desk.inbox.select(ticket_id))


@pytest.fixture
async def bench() -> Bench:
    made = Bench()
    await made.do(made.desk.start)
    return made


async def test_a_sent_reply_leaves_the_list_and_the_next_ticket_opens(bench: Bench) -> None:
    await bench.open(PARCEL)
    following = bench.desk.inbox.successor()
    await bench.do(bench.desk.composer.accept)
    assert following is not None
    assert bench.desk.inbox.selected_id == following.id
    assert bench.desk.inbox.total == 39
    assert bench.desk.composer.view is not None
    assert bench.desk.composer.view.ticket.id == following.id


async def test_a_rejection_stays_with_its_ticket(bench: Bench) -> None:
    await bench.open(PARCEL)
    await bench.do(lambda: bench.desk.composer.reject(RejectReason.OTHER))
    assert bench.desk.inbox.selected_id == PARCEL
    assert bench.desk.history.toast is not None
    assert bench.desk.history.toast.undoable


async def test_undo_goes_back_act_by_act(bench: Bench) -> None:
    await bench.open(PARCEL)
    await bench.do(lambda: bench.desk.thread.correct_intents(1, ["refund.status"]))
    await bench.do(bench.desk.composer.accept)
    assert bench.desk.history.sent == 1
    await bench.do(bench.desk.history.undo)
    assert bench.desk.inbox.selected_id == PARCEL
    assert bench.desk.history.sent == 0
    assert bench.desk.thread.intents_of(1) == ("refund.status",)
    await bench.do(bench.desk.history.undo)
    assert bench.desk.thread.intents_of(1) != ("refund.status",)
    await bench.do(bench.desk.history.undo)
    assert bench.desk.history.toast is not None
    assert bench.desk.history.toast.event is None
    assert bench.errors == []


async def test_an_act_undone_in_the_log_is_not_undone_twice(bench: Bench) -> None:
    await bench.open(PARCEL)
    await bench.do(bench.desk.composer.accept)
    await bench.do(bench.desk.log.load)
    await bench.do(lambda: bench.desk.log.undo(bench.desk.log.events[0]))
    assert list(bench.desk.log.events) == []
    await bench.do(bench.desk.history.undo)
    assert bench.errors == []
    assert bench.desk.inbox.selected_id == PARCEL


async def test_new_knowledge_asks_again_where_nothing_was_found(bench: Bench) -> None:
    ticket = bench.services.shelf.tickets[REFUND]
    bench.services.suggestions.kinds[REFUND] = silent(ticket, NoneReason.NOTHING_FOUND)
    await bench.open(REFUND)
    del bench.services.suggestions.kinds[REFUND]
    await bench.do(lambda: bench.desk.handle(KnowledgeChanged(articles=1)))
    assert bench.desk.composer.phase is Phase.READY


async def test_imports_report_what_became_of_the_rows(bench: Bench, tmp_path: Path) -> None:
    bad = tmp_path / "more.jsonl"
    bad.write_text('{"id": "X1", "messages": []}\nnot json\n', encoding="utf-8")
    await bench.do(lambda: bench.desk.intake.import_tickets([sample_path("tickets.jsonl"), bad]))
    report = bench.desk.intake.report
    assert report is not None
    assert dict(report.lines)[Key.IMPORT_IMPORTED] == 90
    assert dict(report.lines)[Key.IMPORT_DUPLICATES] == 40
    assert len(report.rejected) == 2
    assert bench.desk.inbox.total == 130
    assert bench.desk.status.progress is None


async def test_the_sample_shop_fills_an_empty_profile() -> None:
    bench = Bench(ServicesDouble([]))
    await bench.do(bench.desk.start)
    assert bench.desk.inbox.any_tickets is False
    await bench.do(bench.desk.intake.load_samples)
    assert bench.desk.inbox.total == 130


async def test_an_export_says_how_many(bench: Bench, tmp_path: Path) -> None:
    await bench.open(PARCEL)
    await bench.do(bench.desk.composer.accept)
    await bench.do(lambda: bench.desk.log.export("sft", tmp_path / "sft.jsonl"))
    assert bench.desk.log.exported is not None
    assert bench.desk.log.exported.count == 1
    assert bench.services.feedback.exports == [("sft", tmp_path / "sft.jsonl")]


async def test_sending_is_logged_once(bench: Bench) -> None:
    await bench.open(PARCEL)
    bench.desk.composer.typed("hello")
    bench.desk.composer.send()
    bench.desk.composer.send()
    await bench.tasks.idle()
    assert [event.kind for event in bench.services.shelf.log] == [FeedbackKind.EDITED]


def test_models_go_away_with_the_engine() -> None:
    status = EngineStatus()
    assert status.shown()[0].state is EngineState.STARTING
    status.update(EngineStateChanged(model="engine", state=EngineState.READY))
    status.update(EngineStateChanged(model="encoder", state=EngineState.READY, detail="CPU"))
    assert [event.model for event in status.shown()] == ["encoder"]
    status.update(EngineStateChanged(model="engine", state=EngineState.RESTARTING))
    assert [event.state for event in status.shown()] == [EngineState.RESTARTING]


def test_finished_work_is_shown_no_longer() -> None:
    status = EngineStatus()
    status.work(WorkProgress(task="index", done=3, total=9))
    assert status.progress is not None
    status.work(WorkProgress(task="index", done=9, total=9))
    assert status.progress is None


async def test_keys_in_the_editor_stop_the_work_ahead(bench: Bench) -> None:
    await bench.open(PARCEL)
    bench.desk.composer.typed("Hel")
    bench.desk.composer.typed("Hello")
    assert bench.services.prefetch.keys == 2


async def test_what_is_prepared_ahead_is_counted(bench: Bench) -> None:
    counts = DraftsPrepared(ready=12, in_work=3)
    bench.services.events.publish(counts)
    assert bench.desk.status.prepared == counts
