"""How soon a typed letter is on the screen, idle and while the model drafts: `python -m tests.benchmarks.bench_typing`.

From the key event's arrival in the queue until the editor has painted it, in the real window over the real models
where they are built (a process of their own), else over the scripted engine. Idle is the peer in the same run.
"""

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from agent_assist.engine.api import Engine
from agent_assist.engine.local import local_engine
from agent_assist.engine.testing import ScriptedEngine
from tests.e2e.desk import Desk, open_desk, run
from tests.helpers.models import models_dir
from ui.composer.presenter import Phase

# Between two letters: a fast typist's pace.
PACE_S = 0.06
LINE = 60
TARGET_MS = 16.0


class Painted(QObject):
    """Tells when the editor painted."""

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor)
        self.happened = asyncio.Event()
        editor.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            asyncio.get_running_loop().call_soon(self.happened.set)
        return super().eventFilter(watched, event)


async def letter(editor: QPlainTextEdit, painted: Painted) -> float:
    """Milliseconds from a key in the queue to the painted letter."""
    painted.happened.clear()
    began = time.perf_counter()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.postEvent(
            editor,
            QKeyEvent(kind, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a"),
            Qt.EventPriority.HighEventPriority.value,
        )
    await painted.happened.wait()
    return (time.perf_counter() - began) * 1_000


async def type_letters(desk: Desk, keys: int, *, drafting: bool) -> tuple[list[float], int]:
    """Milliseconds of each letter, and how many fell into the writing of a draft."""
    composer, editor = desk.session.desk.composer, desk.session.view.composer.editor
    painted = Painted(editor)
    taken, within = [], 0
    for number in range(keys):
        if number % LINE == 0:
            editor.clear()
            await asyncio.sleep(0.05)
        busy = composer.phase in (Phase.SEARCHING, Phase.WRITING)
        if drafting and not busy:
            composer.ask(again=True)
            await asyncio.sleep(0)
            busy = True
        within += busy
        taken.append(await letter(editor, painted))
        await asyncio.sleep(PACE_S)
    editor.viewport().removeEventFilter(painted)
    return sorted(taken), within


def tell(name: str, taken: list[float], within: int) -> None:
    p50, p95 = taken[len(taken) // 2], taken[len(taken) * 95 // 100]
    print(
        f"{name:28} p50 {p50:6.2f} ms  p95 {p95:6.2f} ms  max {taken[-1]:7.2f} ms  "
        f"({within} of {len(taken)} letters while a draft was written)"
    )


async def measure(desk: Desk, keys: int) -> None:
    composer = desk.session.desk.composer
    desk.session.desk.intake.load_samples()
    await desk.until(lambda: desk.session.desk.inbox.total > 0 and not desk.session.desk.intake.running)
    row = desk.session.desk.inbox.row(0)
    assert row is not None
    await desk.open(row.id)
    await desk.until(lambda: composer.phase in (Phase.READY, Phase.NONE, Phase.AWAY))
    desk.session.view.composer.focus_editor()
    desk.app.settings.set("suggestion.prefetch", False)
    for name, drafting in (("idle", False), ("while the model drafts", True)):
        tell(name, *await type_letters(desk, keys, drafting=drafting))
    print(f"{'target':28} p95 {TARGET_MS:6.2f} ms")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=400)
    options = parser.parse_args()
    built = (models_dir() / "encoder").is_dir()
    print("engine:", "real models" if built else "scripted")
    application = QApplication([])

    async def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            engine: Engine = local_engine(models_dir()) if built else ScriptedEngine()
            async with open_desk(application, Path(folder) / "profile", engine=engine) as desk:
                await measure(desk, options.keys)

    run(application, work)


if __name__ == "__main__":
    main()
