"""The main job through the real window: import, open, suggestion with source, edit and send, export."""

import asyncio
import json
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_assist.domain.feedback import FeedbackKind, RejectReason
from agent_assist.domain.suggestion import SuggestionKind
from agent_assist.domain.tickets import TicketState
from agent_assist.engine.client import EngineProcess
from agent_assist.engine.local import local_engine
from tests.e2e.desk import Desk, open_desk, run
from tests.helpers.models import models_dir
from tests.helpers.modifiers import ALT, CTRL, SHIFT
from ui.composer.presenter import Phase

pytestmark = [pytest.mark.e2e, pytest.mark.models]


async def first_generated(desk: Desk) -> str:
    """Open waiting tickets until one has a draft of the reply model."""
    rows = [desk.session.desk.inbox.row(index) for index in range(min(40, desk.session.desk.inbox.total))]
    composer = desk.session.desk.composer
    for row in filter(None, rows):
        await desk.open(row.id)
        await desk.until(lambda: composer.phase in {Phase.READY, Phase.NONE})
        if composer.suggestion is not None and composer.suggestion.kind is SuggestionKind.GENERATED:
            return row.id
    raise AssertionError("none of the first 40 sample tickets got a draft")


def test_from_import_to_training_pair(qapp: QApplication, tmp_path: Path) -> None:
    async def job() -> None:
        async with open_desk(qapp, tmp_path / "profile") as desk:
            await desk.load_shop()
            ticket_id = await first_generated(desk)
            composer, editor = desk.session.desk.composer, desk.session.view.composer.editor
            suggestion = composer.suggestion
            assert suggestion is not None
            assert suggestion.sources
            assert suggestion.draft

            editor.setFocus()
            await desk.press(editor, Qt.Key.Key_Tab)
            assert editor.toPlainText() == suggestion.draft
            await desk.type(" Edited by hand.")
            await desk.press(editor, Qt.Key.Key_Return, CTRL | SHIFT)
            await desk.until(lambda: desk.shown != ticket_id)

            ticket = await desk.app.tickets.get(ticket_id)
            assert ticket.state is TicketState.ANSWERED
            assert ticket.messages[-1].text.endswith("Edited by hand.")
            [event] = (await desk.app.tickets.open(ticket_id)).events
            assert event.kind is FeedbackKind.EDITED
            assert event.suggestion == suggestion
            assert event.predicted is not None

            await desk.until(lambda: event.leaves_at <= datetime.now(UTC))
            pairs, chats = tmp_path / "preference.jsonl", tmp_path / "sft.jsonl"
            assert await desk.app.feedback.export("preference", pairs) == 1
            assert await desk.app.feedback.export("sft", chats) == 1
            pair = json.loads(pairs.read_text(encoding="utf-8"))
            assert pair["chosen"][-1]["content"].endswith("Edited by hand.")
            assert pair["rejected"][-1]["content"]
            assert suggestion.sources[0].passage[:20] in json.dumps(pair["prompt"], ensure_ascii=False)

    run(qapp, job)


def test_accept_reject_relabel_and_undo_by_keys(qapp: QApplication, tmp_path: Path) -> None:
    async def job() -> None:
        async with open_desk(qapp, tmp_path / "profile") as desk:
            await desk.load_shop()
            history, composer = desk.session.desk.history, desk.session.desk.composer
            window = desk.program.window
            ticket_id = await first_generated(desk)
            composer.reject(RejectReason.WRONG_TONE)
            await desk.until(lambda: composer.phase is Phase.REJECTED)
            desk.session.window.table.trigger("undo")
            await desk.until(lambda: composer.phase is Phase.READY)

            desk.session.desk.thread.correct_intents(desk.session.desk.thread.correct_index() or 0, ["refund.status"])
            await desk.until(lambda: history.toast is not None and history.toast.event is not None)
            await desk.until(
                lambda: (
                    desk.session.desk.thread.intents_of(desk.session.desk.thread.correct_index() or 0)
                    == ("refund.status",)
                )
            )

            while desk.shown == ticket_id:  # a draft with doubtful facts asks for a second press
                await desk.press(window, Qt.Key.Key_A, ALT)
                await asyncio.sleep(0.05)
            assert (await desk.app.tickets.get(ticket_id)).state is TicketState.ANSWERED
            desk.session.window.table.trigger("undo")
            await desk.until(lambda: desk.shown == ticket_id)
            assert (await desk.app.tickets.get(ticket_id)).state is TicketState.WAITING

    run(qapp, job)


def test_the_window_outlives_its_engine(qapp: QApplication, tmp_path: Path) -> None:
    async def job() -> None:
        engine: EngineProcess = local_engine(models_dir())
        async with open_desk(qapp, tmp_path / "profile", engine=engine) as desk:
            await desk.load_shop()
            ticket_id = await first_generated(desk)
            await desk.type("half a sentence")
            composer = desk.session.desk.composer
            assert engine.pid is not None
            first = engine.pid
            composer.ask(again=True)
            os.kill(first, signal.SIGKILL)
            await desk.until(lambda: engine.pid not in {None, first})
            await desk.suggested()
            assert desk.shown == ticket_id
            assert desk.session.view.composer.editor.toPlainText() == "half a sentence"
        async with open_desk(qapp, tmp_path / "profile", engine=local_engine(models_dir())) as desk:
            await desk.until(lambda: desk.session.desk.inbox.total > 0)
            await desk.open(ticket_id)
            assert desk.session.view.composer.editor.toPlainText() == "half a sentence"

    run(qapp, job)
