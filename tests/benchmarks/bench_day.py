"""Memory of the window's process over a working day: `python -m tests.benchmarks.bench_day [--minutes 10]`.

Tickets are opened, drafts taken, edited, compared and sent, intents corrected, acts undone, screens changed, as fast as
it goes, in the real window over a real profile. The engine is scripted, so that what is measured is the window alone
(models live in a process of their own). After a warm-up memory has to stay flat: within 5 %.
"""

import argparse
import asyncio
import ctypes
import gc
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from agent_assist.engine.testing import ScriptedEngine
from tests.benchmarks.bench_window import fill
from tests.e2e.desk import Desk, open_desk, run
from ui.composer.presenter import Phase

TICKETS = 20_000
READINGS = 10
# The first readings are the warm-up: pages, caches and fonts fill.
WARM_UP = 0.2
FLAT = 0.05
SETTLED = (Phase.READY, Phase.NONE, Phase.AWAY)


def resident() -> float:
    """What of the process is in memory, MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def megabytes() -> float:
    """What of the process is in memory after a collection and once free pages were given back, MB."""
    gc.collect()
    if hasattr(ctypes.CDLL(None), "malloc_trim"):
        ctypes.CDLL(None).malloc_trim(0)
    return resident()


async def answer(desk: Desk, number: int) -> None:
    """One ticket, as an agent would; now and then with more around it."""
    session = desk.session
    composer, view, history = session.desk.composer, session.view.composer, session.desk.history
    await desk.until(lambda: composer.phase in SETTLED and desk.shown == session.desk.inbox.selected_id)
    ticket = desk.shown
    if number % 5 == 0:
        thread, acts = session.desk.thread, len(history._acts)
        thread.correct_intents(thread.correct_index() or 0, ["refund.status"])
        await desk.until(lambda: len(history._acts) > acts)
    if composer.phase is Phase.READY:
        view.take()
    QTest.keyClicks(view.editor, "Thank you, we look into it. ")
    if number % 3 == 0:
        view.compare()
        await asyncio.sleep(0)
        composer.comparison.stop()
    if number % 7 == 0:
        composer.unfold_next()
    sent = history.sent
    view.send_or_take(goes_on=True)
    await asyncio.sleep(0)
    await desk.until(lambda: history.sent > sent or composer.confirming is not None)
    if history.sent == sent:
        view.send_or_take(goes_on=True)
        await desk.until(lambda: history.sent > sent)
    await desk.until(lambda: desk.shown != ticket)
    if number % 10 == 0:
        history.undo()
        await desk.until(lambda: desk.shown == ticket)
        session.desk.inbox.move(1)
        await desk.until(lambda: desk.shown != ticket)
    if number % 20 == 0:
        for show in (session.show_knowledge, session.show_log, session.show_desk):
            show()
            await asyncio.sleep(0.02)


async def day(desk: Desk, engine: ScriptedEngine, minutes: float) -> None:
    session = desk.session
    await desk.until(lambda: session.desk.inbox.total > 0)
    session.desk.inbox.move(1)
    await desk.until(lambda: desk.shown)
    began, number, readings = time.monotonic(), 0, list[float]()
    while len(readings) < READINGS:
        await answer(desk, number)
        number += 1
        engine.orders.clear()  # what a test would look at
        if time.monotonic() - began >= minutes * 60 * (len(readings) + 1) / READINGS:
            before = resident()
            readings.append(megabytes())
            minutes_gone = (time.monotonic() - began) / 60
            print(
                f"{minutes_gone:5.1f} min  {number:6} tickets  {readings[-1]:7.1f} MB ({before:.1f} before)", flush=True
            )
    warm = readings[int(READINGS * WARM_UP)]
    growth = (readings[-1] - warm) / warm
    print(f"{number} tickets; from {warm:.1f} to {readings[-1]:.1f} MB after the warm-up: {growth:+.1%}", end="")
    print(f" ({'flat' if abs(growth) <= FLAT else 'NOT flat'}, within {FLAT:.0%})")
    per_day = (readings[-1] - warm) / (number * (1 - (int(READINGS * WARM_UP) + 1) / READINGS)) * 200
    print(f"growth for a day of 200 tickets: {per_day:+.2f} MB")


def main() -> None:
    """Print the readings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--tickets", type=int, default=TICKETS)
    options = parser.parse_args()
    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile"
        asyncio.run(fill(profile, options.tickets))

        async def work() -> None:
            engine = ScriptedEngine()
            async with open_desk(application, profile, engine=engine) as desk:
                desk.app.settings.set("suggestion.prefetch", False)
                await day(desk, engine, options.minutes)

        run(application, work)


if __name__ == "__main__":
    main()
