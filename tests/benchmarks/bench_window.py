"""How soon the window is there, and how the list of 100,000 tickets feels: `python -m tests.benchmarks.bench_window`.

Times are medians of several runs in fresh processes (start) or in one (list), from the act to the painted window. The
floor in the same run: a bare QApplication with an empty window for start and memory. Modules are compiled before, as an
installation does. `--profile DIR` keeps the filled profile for the next time. Times are what a person waits, and in
brackets what a core worked for it in all threads: on a machine that does much else only the latter can be compared, so
its load is printed too.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from agent_assist.domain.language import Language
from agent_assist.domain.tickets import TicketSort

if TYPE_CHECKING:
    from tests.e2e.desk import Desk

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]

BARE = """
import time; began = time.perf_counter()
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([]); label = QLabel("x"); label.resize(1440, 900); label.show(); label.grab()
took = time.perf_counter() - began
import resource; print(took, time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
OURS = """
import asyncio, sys, time; began = time.perf_counter()
from pathlib import Path
import qasync
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from ui.app import Program, _opener
application = QApplication([]); application.setStyle("Fusion"); application.setQuitOnLastWindowClosed(False)
async def main():
    profile = Path(sys.argv[1])
    program = Program(application, QSettings(str(profile / "w.ini"), QSettings.Format.IniFormat), _opener(profile))
    running = asyncio.create_task(program.run())
    while not program.window.isVisible():
        await asyncio.sleep(0)
    program.window.grab()
    shown, worked = time.perf_counter() - began, time.process_time()
    while program.session is None or not program.session.desk.inbox.total:
        await asyncio.sleep(0.001)
    program.window.grab()
    took = time.perf_counter() - began
    import resource
    print(shown, worked, took, time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    program.window.close()
    await running
with qasync.QEventLoop(application) as loop:
    loop.run_until_complete(main())
"""


def fresh(program: str, *arguments: str, runs: int) -> list[list[float]]:
    """Run a program several times, once more before to compile its modules; the numbers that it prints, a row a run."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "AGENT_ASSIST_MODELS": "/nonexistent"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "agent-assist-compiled")
    rows = []
    for _ in range(runs + 1):
        result = subprocess.run(
            [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True, env=environment
        )
        rows.append([float(word) for word in result.stdout.split()])
    return rows[1:]


def median(rows: list[list[float]], column: int) -> float:
    return statistics.median(row[column] for row in rows)


async def fill(profile: Path, count: int) -> None:
    """Store `count` tickets through the product's own import."""
    from agent_assist.composition import open_app
    from agent_assist.engine.testing import ScriptedEngine

    source = profile.parent / "many.jsonl"
    began = datetime(2026, 11, 1, tzinfo=UTC)
    words = [
        "退款什么时候到",
        "where is my parcel",
        "想换个颜色",
        "invoice please",
        "快递还没到",
        "wrong size, exchange?",
    ]
    with source.open("w", encoding="utf-8") as out:
        for number in range(count):
            row = {
                "id": f"B{number:06}",
                "customer": f"客户{number % 997}" if number % 2 else f"Customer {number % 997}",
                "text": f"{words[number % len(words)]} GF26110{number:05}",
                "channel": ("chat", "email", "other")[number % 3],
                "assignee": ("", "", "", "Kim", "王芳")[number % 5],
                "created_at": (began + timedelta(seconds=number)).isoformat(),
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    app = await open_app(profile, engine=ScriptedEngine())
    clock = time.perf_counter()
    await app.tickets.import_paths([source])
    print(f"import            {count / (time.perf_counter() - clock):10,.0f} tickets/s")
    await app.close()


async def use_list(profile: Path) -> None:
    """Open, filter, scroll, open a ticket and move many in the real window over the big profile."""
    from PySide6.QtWidgets import QApplication

    from agent_assist.domain.tickets import Queue
    from agent_assist.engine.testing import ScriptedEngine
    from tests.e2e.desk import open_desk

    application = QApplication.instance()
    assert isinstance(application, QApplication)
    engine = ScriptedEngine()
    engine.available = False  # it would answer on this very thread; the real one has a process of its own
    async with open_desk(application, profile, engine=engine) as desk:
        inbox, view = desk.session.desk.inbox, desk.session.view.inbox
        await desk.until(lambda: inbox.total > 0)
        desk.app.settings.set_text("agent.name", "Kim")
        await desk.program.opened.wait()
        await desk.program.tasks.idle()  # the start is over

        async def asked(name: str, act: Callable[[], object]) -> None:
            changed: list[bool] = []
            unsubscribe = inbox.counted.subscribe(lambda: changed.append(True))
            clock = Clock()
            act()
            await desk.until(lambda: bool(changed))
            view.list.grab()
            print(f"{name:24} {clock}  {inbox.total:,} tickets")
            unsubscribe()

        for text in ("退款", "parcel", "GF2611012345", "客户77", ""):
            await asked(f"text {text or '(none)'}", partial(inbox.set_text, text))
        for name, act in (
            ("language", partial(inbox.set_language, Language.ZH)),
            ("+ nobody's", partial(inbox.set_assignee, "")),
            ("+ urgency", partial(inbox.set_urgency, "high")),
            ("+ sentiment", partial(inbox.set_sentiment, "negative")),
            ("+ intent", partial(inbox.set_intent, "refund.status")),
            ("clear", inbox.clear_filters),
            ("by urgency", partial(inbox.set_sort, TicketSort.URGENCY)),
            ("by newest", partial(inbox.set_sort, TicketSort.NEWEST)),
            ("by due", partial(inbox.set_sort, TicketSort.DUE)),
            *((f"view {queue}", partial(inbox.set_queue, queue)) for queue in Queue),
            ("view waiting", partial(inbox.set_queue, Queue.WAITING)),
            ("by customer", partial(inbox.set_grouped, True)),
            ("+ urgency", partial(inbox.set_urgency, "high")),
            ("- urgency", partial(inbox.set_urgency, "")),
            ("by ticket", partial(inbox.set_grouped, False)),
        ):
            await asked(f"filter {name}", act)
        clock = Clock()
        await desk.app.tickets.counts()
        print(f"counts of all views      {clock}")
        await scroll(desk)
        for index in (0, 500, 20_000, 99_000):
            await desk.until(lambda at=index: inbox.row(at) is not None)
            row = inbox.row(index)
            assert row is not None
            clock = Clock()
            await desk.open(row.id)
            desk.program.window.grab()
            print(f"open ticket {index:6,}       {clock}")
        await move_many(desk)
        await open_rooms(desk)


async def open_rooms(desk: "Desk") -> None:
    """Each room the first time, from the key to the painted screen, and back to the tickets."""
    session, window = desk.session, desk.program.window
    for name, act in (
        ("knowledge", session.show_knowledge),
        ("log", session.show_log),
        ("settings", session.rooms.show_settings),
        ("models", session.rooms.show_models),
        ("palette", lambda: session.rooms.palette_view.open()),
    ):
        for time_ in ("first", "again"):
            clock = Clock()
            act()
            window.grab()
            print(f"{name + ', ' + time_:24} {clock}")
            session.rooms.palette_view.dismiss()
            session.show_desk()
            await asyncio.sleep(0.2)


class Clock:
    """Milliseconds waited and worked since it was made."""

    def __init__(self) -> None:
        self._began, self._worked = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        waited, worked = time.perf_counter() - self._began, time.process_time() - self._worked
        return f"{waited * 1000:8.1f} ms ({worked * 1000:7.1f} ms)"


async def scroll(desk: "Desk") -> None:
    """Jumps through the whole list, and the wheel's steps; a frame is painted within the call."""
    view = desk.session.view.inbox.list
    bar = view.verticalScrollBar()
    for name, places in (
        ("jumps", [bar.maximum() * step // 200 for step in range(200)]),
        ("wheel", [step * 60 for step in range(400)]),
    ):
        frames, works = [], []
        for place in places:
            clock, work = time.perf_counter(), time.thread_time()
            bar.setValue(place)
            view.viewport().repaint()
            frames.append((time.perf_counter() - clock) * 1000)
            works.append((time.thread_time() - work) * 1000)
            await asyncio.sleep(0.01)
        for what, times in (("frame", frames), ("work a frame", works)):
            times.sort()
            p50, p95 = times[len(times) // 2], times[len(times) * 95 // 100]
            print(f"scroll, {name}, {what:12} p50 {p50:6.2f} ms  p95 {p95:6.2f} ms  max {times[-1]:6.2f} ms")


async def move_many(desk: "Desk") -> None:
    """Mark 10,000 tickets, put them among those that are done, and take it back; how long the window stood still."""
    inbox, triage = desk.session.desk.inbox, desk.session.desk.triage
    beats: list[float] = []

    async def beat() -> None:
        while True:
            clock = time.perf_counter()
            await asyncio.sleep(0.005)
            beats.append((time.perf_counter() - clock) * 1000 - 5)

    task = asyncio.create_task(beat())
    clock = Clock()
    inbox.select_index(0)
    inbox.toggle_mark(0)
    inbox.mark_to(9_999)
    await desk.until(lambda: len(inbox.marks) == 10_000)
    print(f"mark 10,000              {clock}")
    for name, act in (("done", triage.finish), ("undone", desk.session.desk.history.undo)):
        beats.clear()
        said: list[bool] = []
        unsubscribe = desk.session.desk.history.toasted.subscribe(lambda said=said: said.append(True))
        clock = Clock()
        act()
        await desk.until(lambda said=said: bool(said))
        print(f"10,000 {name:17} {clock}  the window stood still for {max(beats):.0f} ms at most")
        unsubscribe()
    task.cancel()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--profile", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        profile = options.profile or Path(folder) / "profile"
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
        if not profile.exists():
            profile.parent.mkdir(parents=True, exist_ok=True)
            asyncio.run(fill(profile, options.tickets))
        bare = fresh(BARE, runs=options.runs)
        ours = fresh(OURS, str(profile), runs=options.runs)
        for name, rows, column in (
            ("bare Qt window", bare, 0),
            ("window shown", ours, 0),
            (f"list of {options.tickets:,}", ours, 2),
        ):
            print(f"{name:24} {median(rows, column) * 1000:8.1f} ms ({median(rows, column + 1) * 1000:7.1f} ms)")
        print(f"memory at most           {median(ours, 4):8.0f} MB (bare Qt {median(bare, 2):.0f} MB)")
        from PySide6.QtWidgets import QApplication

        from tests.e2e.desk import run

        application = QApplication([])
        run(application, lambda: use_list(profile))
        print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
