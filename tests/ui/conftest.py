"""The window's tests: offscreen, over the doubles, and an unexpected warning fails them."""

import asyncio
import gc
import logging
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
import qasync
from PySide6.QtCore import QEvent, QSettings, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.doubles import ServicesDouble
from ui.app import Program
from ui.shell.session import Session
from ui.shell.window import Window

T = TypeVar("T")
# The offscreen platform says these of itself.
HARMLESS = ("propagateSizeHints", "does not support raise()", "does not support grabbing")


@pytest.fixture(scope="session", autouse=True)
def little_to_collect() -> Iterator[None]:
    """A window collects all garbage when it closes; what was imported before the tests need not be looked at."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Collect what a test leaves on this thread, once nothing holds it: the next test may have threads of its own, and
    Qt crashes where another one destroys a widget with a running timer (ui/collector.py)."""
    result = yield
    gc.collect()
    return result


@pytest.fixture(autouse=True)
def no_window_left(qapp: QApplication) -> Iterator[None]:
    """Every change of the stylesheet polishes all widgets there are: let those of a test go with it."""
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def no_warnings(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logged a warning or worse, from Python or from Qt, unless it is marked as expecting it."""
    said: list[str] = []

    def from_qt(_kind: QtMsgType, _context: object, message: str) -> None:
        if not any(part in message for part in HARMLESS):
            said.append(message)

    before = qInstallMessageHandler(from_qt)
    yield
    qInstallMessageHandler(before)
    if request.node.get_closest_marker("expects_warnings"):
        return
    said += [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    assert not said, f"unexpected warnings: {said}"


class Loop(qasync.QEventLoop):  # type: ignore[misc]
    """Does not process events once more after the loop has ended, when tasks could not start others."""

    def run_until_complete(self, future: Any) -> Any:
        task = asyncio.ensure_future(future, loop=self)
        task.add_done_callback(lambda _done: self.stop())
        self.run_forever()
        return task.result()


class Desk:
    """A program over doubles with its loop; `settle` runs until nothing is left to do."""

    def __init__(self, loop: Loop, program: Program, services: ServicesDouble) -> None:
        self._loop = loop
        self.program = program
        self.services = services

    @property
    def window(self) -> Window:
        return self.program.window

    @property
    def session(self) -> Session:
        session = self.program._session
        assert isinstance(session, Session)
        return session

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)  # type: ignore[no-any-return]

    def settle(self) -> None:
        self.run(self._settled())

    async def _settled(self) -> None:
        for _ in range(3):
            await self.program.tasks.idle()
            await asyncio.sleep(0)

    def turn(self) -> None:
        """Let the loop go round a few times while something is held up on purpose."""

        async def work() -> None:
            for _ in range(12):
                await asyncio.sleep(0)

        self.run(work())

    def begin(self, act: Callable[[], object]) -> None:
        """Call something that starts work which is held up on purpose, and let the loop go round a few times."""

        async def work() -> None:
            act()
            for _ in range(12):
                await asyncio.sleep(0)

        self.run(work())

    def open(self, ticket_id: str) -> None:
        self.act(lambda: self.session.desk.inbox.select(ticket_id))

    def act(self, act: Callable[[], object]) -> None:
        """Call something that starts work, with the loop running, and wait for the end of the work."""

        async def work() -> None:
            act()
            await self._settled()

        self.run(work())

    def press(
        self,
        widget: QWidget,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        self.act(lambda: QTest.keyClick(widget, key, modifiers))

    def write(self, text: str) -> None:
        editor = self.session.view.composer.editor
        self.act(lambda: QTest.keyClicks(editor, text) if text.isascii() else editor.insertPlainText(text))


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[Loop]:
    qapp.setStyle("Fusion")
    qapp.setQuitOnLastWindowClosed(False)
    made = Loop(qapp)
    asyncio.set_event_loop(made)
    yield made
    made.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def open_desk(loop: Loop, qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Open a window over given doubles; all are closed in order at the end."""
    opened: list[tuple[Desk, asyncio.Task[None]]] = []

    def make(
        services: ServicesDouble | None = None, *, size: tuple[int, int] = (1440, 900), new_here: bool = False
    ) -> Desk:
        given = services or ServicesDouble()
        given.profile_dir = tmp_path

        async def opener(_passphrase: str | None) -> ServicesDouble:
            return given

        memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
        memory.setValue("tour/seen", "" if new_here else "1")
        for name, value in given.settings.values.items():
            memory.setValue(name, value)
        program = Program(qapp, memory, opener, refresh_pause=0.0)
        program.window.resize(*size)
        desk = Desk(loop, program, given)

        async def begin() -> asyncio.Task[None]:
            task = asyncio.ensure_future(program.run())
            while program._session is None:
                await asyncio.sleep(0.001)
            return task

        opened.append((desk, desk.run(begin())))
        desk.settle()
        return desk

    yield make
    for desk, task in opened:
        if not task.done():
            desk.run(_closed(desk, task))


async def _closed(desk: Desk, task: asyncio.Task[None]) -> None:
    """Close with the loop running: on a slow machine a pause in typing may end only now, and starts work."""
    desk.window.close()
    await asyncio.wait_for(task, 5)


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk()
