"""The real window over the real profile, which works on one ticket after the other and says what is stored.

`python -m tests.crash.window_child PROFILE [answer|hold|note]`; a line is printed, flushed, once the window itself was
told that it is so. "typed TICKET TEXT": the unsent text is kept. "act ID": a reply is sent, held back as every reply of
the window is. With `hold` every other one is taken back again: "undone ID". With `note` nothing is sent: "draft TICKET
TEXT" for a note that is kept unfinished, "note ID TICKET" for one that is written. Runs until it is killed.
"""

import asyncio
import itertools
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


async def write_reply(session: Session) -> str:
    """Write into the open ticket's editor; its id, once the text is kept."""
    composer: ComposerPresenter = session.desk.composer
    await until(lambda: composer.phase in {Phase.READY, Phase.NONE, Phase.AWAY})
    assert composer.view is not None
    ticket_id = composer.view.ticket.id
    words = f"reply to {ticket_id}"
    session.view.composer.editor.setPlainText(words)
    composer.typed(words)
    composer.save()
    await until(lambda: composer.kept)
    say(f"typed {ticket_id} {words}")
    return ticket_id


async def send(session: Session, action: str) -> None:
    """Send what is written by an action of the window."""
    history = session.desk.history
    sent = history.sent
    session.window.table.trigger(action)
    await until(lambda: history.sent > sent)
    assert history.toast is not None
    assert history.toast.event is not None
    say(f"act {history.toast.event.id}")


async def go_on(session: Session, old: str) -> None:
    """Wait until another ticket is open."""
    composer: ComposerPresenter = session.desk.composer
    await until(lambda: composer.view is not None and composer.view.ticket.id != old)


async def answer_for_ever(session: Session) -> None:
    """Send and go on with the next ticket."""
    while True:
        ticket_id = await write_reply(session)
        await send(session, "send_next")
        await go_on(session, ticket_id)


async def hold_for_ever(session: Session) -> None:
    """Send, take every other reply back while it is held, and go on."""
    history, inbox = session.desk.history, session.desk.inbox
    for count in itertools.count():
        ticket_id = await write_reply(session)
        await send(session, "send")
        if count % 2:
            sent = history.sent
            session.window.table.trigger("undo")
            await until(lambda before=sent: history.sent < before)
            assert history.toast is not None
            assert history.toast.act is not None
            say(f"undone {history.toast.act.id}")
            await until(lambda old=ticket_id: old in {row.id for row in map(inbox.peek, range(inbox.total)) if row})
        inbox.move(1)
        await go_on(session, ticket_id)


async def note_for_ever(session: Session) -> None:
    """Write notes, which are kept unfinished before they are written."""
    notes, inbox, history = session.desk.notes, session.desk.inbox, session.desk.history
    for count in itertools.count():
        await until(lambda: notes.ticket_id is not None and notes.ticket_id == inbox.selected_id)
        ticket_id = notes.ticket_id
        assert ticket_id is not None
        words = f"note {os.getpid()}-{count} on {ticket_id}"
        notes.begin()
        session.view.note.editor.setPlainText(words)
        notes.typed(words)
        await notes.finish()
        say(f"draft {ticket_id} {words}")
        notes.keep()
        await until(lambda: not notes.keeping)
        assert history.toast is not None
        assert history.toast.event is not None
        say(f"note {history.toast.event.id} {ticket_id}")
        inbox.move(1)
        await until(lambda old=ticket_id: notes.ticket_id != old)


WORK = {"answer": answer_for_ever, "hold": hold_for_ever, "note": note_for_ever}


async def run(application: QApplication, profile: Path, work: str) -> None:
    async def open_profile(passphrase: str | None) -> OpenProfile:
        return await open_app(profile, passphrase=passphrase, engine=ScriptedEngine())

    memory = QSettings(str(profile / "window.ini"), QSettings.Format.IniFormat)
    program = Program(application, memory, open_profile)
    window = asyncio.create_task(program.run())
    while program.session is None:
        await asyncio.sleep(0.01)
    assert isinstance(program.session, Session)
    say("ready")
    inbox = program.session.desk.inbox
    await until(lambda: inbox.total > 0)
    inbox.select_index(0)
    await WORK[work](program.session)
    await window


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    with qasync.QEventLoop(application) as loop:
        loop.run_until_complete(run(application, Path(sys.argv[1]), (sys.argv[2:] or ["answer"])[0]))
