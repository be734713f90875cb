"""The real window over a real profile on an X display, which says what it shows, for somebody who drives it by keys.

`python -m tests.e2e.keyboard_child PROFILE [--scripted] [--prepare N]`; each line is a JSON object: {"said": "ready"},
then {"said": "state", …} whenever something of the composer, the list or the toast changed. Quits by Ctrl+Q.
"""

import argparse
import asyncio
import json
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from agent_assist.engine.api import Engine
from agent_assist.engine.local import local_engine
from agent_assist.engine.testing import ScriptedEngine
from tests.e2e import desk as desks
from tests.e2e.desk import Desk, open_desk, run
from tests.helpers.models import models_dir
from ui.shell.report import ReportDialog
from ui.widgets.inputs import TextInput
from ui.widgets.picker import Picker

# The sample shop is indexed by the real encoder first, which takes minutes on a machine at its limit.
desks.PATIENCE_S = 900.0
STALLED_S = 90.0


def say(said: str, **more: object) -> None:
    print(json.dumps({"said": said, **more}, ensure_ascii=False), flush=True)


def state(desk: Desk) -> dict[str, object]:
    """What an agent sees, as far as the driver needs it."""
    window, composer, view = desk.program.window, desk.session.desk.composer, desk.session.view
    focused = QApplication.focusWidget()
    draft = composer.suggestion
    return {
        "ticket": desk.shown,
        "selected": desk.session.desk.inbox.selected_id or "",
        "phase": composer.phase.value,
        "seen": view.composer.card.shows_draft,
        "doubts": len(draft.unsupported) if draft else 0,
        "confirming": composer.confirming.value if composer.confirming else "",
        "text": view.composer.editor.toPlainText(),
        "preedit": view.composer.editor.preedit,
        "writes": focused is view.composer.editor,
        "picks": any(one.isVisible() for one in window.findChildren(Picker)),
        "offers": view.composer.insertion.offering,
        "sent": desk.session.desk.history.sent,
        "acts": len(desk.session.desk.history._acts),
        "notice": window.notice.text if window.notice.isVisible() else "",
        "draft": f"{draft.kind}: {draft.draft}" if draft else "",
        "focus": focused.preedit if isinstance(focused, TextInput) else "",
    }


async def tell(desk: Desk) -> None:
    """Say every new state until the window is closed."""
    last: dict[str, object] = {}
    while not desk.program.closing:
        now = state(desk)
        if now != last:
            last = now
            say("state", **now)
        await asyncio.sleep(0.01)


async def prepared(desk: Desk, count: int) -> None:
    """Let the program prepare drafts until that many are there; goes on without one that does not come."""
    rows = [desk.session.desk.inbox.row(index) for index in range(min(count, desk.session.desk.inbox.total))]
    ids = [row.id for row in rows if row is not None]
    last, since = 0, time.monotonic()
    while last < len(ids) and time.monotonic() - since < STALLED_S:
        done = len(await desk.app.suggestions._tickets.prepared(ids))
        if done != last:
            last, since = done, time.monotonic()
            say("prepared", count=done)
        await asyncio.sleep(1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("profile", type=Path)
    parser.add_argument("--scripted", action="store_true")
    parser.add_argument("--prepare", type=int, default=0)
    options = parser.parse_args()
    application = QApplication([])

    async def work() -> None:
        engine: Engine = ScriptedEngine() if options.scripted else local_engine(models_dir())
        async with open_desk(application, options.profile, engine=engine) as desk:
            desk.program.choose("ui.language", "en")
            if options.scripted:  # its vectors are weaker than an encoder's
                desk.app.settings.set("suggestion.minimum_relevance", 0.1)
            intake = desk.session.desk.intake
            if not desk.session.desk.inbox.total and not await desk.app.count_tickets():
                intake.load_samples()
                await desk.until(lambda: desk.session.desk.inbox.total > 0 and not intake.running)
            for report in desk.program.window.findChildren(ReportDialog):
                report.close()
            await desk.until(lambda: desk.session.desk.inbox.total > 0)
            if options.prepare:
                await prepared(desk, options.prepare)
            desk.session.view.inbox.focus_list()
            say("ready", window=int(desk.program.window.winId()))
            await tell(desk)

    run(application, work)


if __name__ == "__main__":
    main()
