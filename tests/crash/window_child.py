"""The real window over the real profile, which answers one ticket after the other and says which acts are stored.

`python -m tests.crash.window_child PROFILE`; "act ID" is printed, flushed, once the window itself was told that the act
is stored, and "typed TICKET TEXT" once it shows the agent's unsent text as kept. Runs until it is killed.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import qasync
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from agent_assist.composition import open_app
from agent_assist.engine.testing import ScriptedEngine
from ui.app import OpenProfile, Program
from ui.composer.presenter import ComposerPresenter, Phase
from ui.shell.session import Session


def say(line: str) -> None:
    print(line, flush=True)


async def until(check: Callable[[], bool]) -> None:
    while not check():
        await asyncio.sleep(0.002)


async def answer_for_ever(session: Session) -> None:
    desk = session.desk
    composer: ComposerPresenter = desk.composer
    await until(lambda: desk.inbox.total > 0)
    desk.inbox.select_index(0)
    while True:
        await until(lambda: composer.phase in {Phase.READY, Phase.NONE, Phase.AWAY})
        assert composer.view is not None
        ticket_id = composer.view.ticket.id
        words = f"reply to {ticket_id}"
        session.view.composer.editor.setPlainText(words)
        composer.typed(words)
        composer.save()
        await until(lambda: composer.kept)
        say(f"typed {ticket_id} {words}")
        sent = desk.history.sent
        session.window.table.trigger("send_next")
        await until(lambda before=sent: desk.history.sent > before)
        toast = desk.history.toast
        assert toast is not None
        assert toast.event is not None
        say(f"act {toast.event.id}")
        await until(lambda old=ticket_id: composer.view is not None and composer.view.ticket.id != old)


async def run(application: QApplication, profile: Path) -> None:
    async def open_profile(passphrase: str | None) -> OpenProfile:
        return await open_app(profile, passphrase=passphrase, engine=ScriptedEngine())

    memory = QSettings(str(profile / "window.ini"), QSettings.Format.IniFormat)
    program = Program(application, memory, open_profile)
    window = asyncio.create_task(program.run())
    while program.session is None:
        await asyncio.sleep(0.01)
    assert isinstance(program.session, Session)
    say("ready")
    await answer_for_ever(program.session)
    await window


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    with qasync.QEventLoop(application) as loop:
        loop.run_until_complete(run(application, Path(sys.argv[1])))
