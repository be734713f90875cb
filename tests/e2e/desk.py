"""Drives the real window as an agent would: real key events into real widgets, real services and engine behind."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import qasync
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from agent_assist.composition import App, open_app
from agent_assist.engine.api import Engine
from ui.app import OpenProfile, Program
from ui.composer.presenter import Phase
from ui.shell.report import ReportDialog
from ui.shell.session import Session

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
# Models load within seconds; a machine at its limit may take a minute.
PATIENCE_S = 120.0


class Desk:
    """An open window. Waiting is for conditions, never for time."""

    def __init__(self, program: Program, session: Session, app: App) -> None:
        self.program, self.session, self.app = program, session, app

    @property
    def composer(self) -> QWidget:
        """The composer's view."""
        return self.session.view.composer

    async def until(self, condition: Callable[[], object]) -> None:
        """Let the window live until `condition` holds."""

        async def poll() -> None:
            while not condition():
                await asyncio.sleep(0.005)

        await asyncio.wait_for(poll(), PATIENCE_S)

    async def press(
        self, widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """One key press."""
        QTest.keyClick(widget, key, modifier)
        await asyncio.sleep(0)

    async def type(self, text: str) -> None:
        """Type into the reply editor."""
        QTest.keyClicks(self.session.view.composer.editor, text)
        await asyncio.sleep(0)

    async def open(self, ticket_id: str) -> None:
        """Choose a ticket and wait until it is shown."""
        self.session.desk.inbox.select(ticket_id)
        await self.until(lambda: self.shown == ticket_id)

    @property
    def shown(self) -> str:
        """Id of the ticket in the composer."""
        view = self.session.desk.composer.view
        return view.ticket.id if view else ""

    async def suggested(self) -> None:
        """Wait for a suggestion that can be sent."""
        await self.until(lambda: self.session.desk.composer.phase is Phase.READY)

    async def close_report(self) -> None:
        """Press Esc on the import's report, as whoever has read it does."""

        def reports() -> list[ReportDialog]:
            return [one for one in self.program.window.findChildren(ReportDialog) if one.isVisible()]

        for report in reports():
            await self.press(report, Qt.Key.Key_Escape)
        await self.until(lambda: not reports())
        self.program.window.activateWindow()
        await self.until(self.program.window.isActiveWindow)

    async def load_shop(self) -> None:
        """Bring in the sample shop's knowledge and tickets through the window's own imports."""
        intake = self.session.desk.intake
        for bring_in, path in (
            (intake.add_knowledge, SAMPLES / "knowledge.jsonl"),
            (intake.import_tickets, SAMPLES / "tickets.jsonl"),
        ):
            bring_in([path])
            await self.until(lambda: intake.report is not None and not intake.running)
            await self.close_report()
        await self.until(lambda: self.session.desk.inbox.total > 0)


@asynccontextmanager
async def open_desk(application: QApplication, profile: Path, *, engine: Engine | None = None) -> AsyncIterator[Desk]:
    """The program as `ui.app.main` runs it, closed in order at the end."""
    opened: list[App] = []

    async def open_profile(passphrase: str | None) -> OpenProfile:
        opened.append(await open_app(profile, passphrase=passphrase, engine=engine))
        return opened[-1]

    profile.mkdir(parents=True, exist_ok=True)
    memory = QSettings(os.fspath(profile / "window.ini"), QSettings.Format.IniFormat)
    memory.setValue("tour/seen", "1")
    program = Program(application, memory, open_profile)
    running = asyncio.create_task(program.run())
    while program.session is None:
        await asyncio.sleep(0.005)
    assert isinstance(program.session, Session)
    try:
        yield Desk(program, program.session, opened[-1])
    finally:
        if not program.closing:
            program.window.close()
        await running


def run(application: QApplication, work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` on the event loop that the program itself uses."""
    application.setQuitOnLastWindowClosed(False)
    application.setStyle("Fusion")

    async def whole() -> None:
        await work()

    with qasync.QEventLoop(application) as loop:
        loop.run_until_complete(whole())
