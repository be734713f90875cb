"""How soon the window is there, and how the list of 100,000 tickets feels: `python -m tests.benchmarks.bench_window`.

Times are medians of several runs in fresh processes (start) or in one (list). The peers in the same run: a bare
QApplication with an empty window for the start, a QListView over strings in memory for the list's first paint.
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
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]

BARE = """
import time; began = time.perf_counter()
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([]); label = QLabel("x"); label.resize(1440, 900); label.show(); label.grab()
print(time.perf_counter() - began)
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
    shown = time.perf_counter() - began
    while program.session is None or not program.session.desk.inbox.total:
        await asyncio.sleep(0)
    program.window.grab()
    print(shown, time.perf_counter() - began)
    program.window.close()
    await running
with qasync.QEventLoop(application) as loop:
    loop.run_until_complete(main())
"""


def fresh(program: str, *arguments: str, runs: int) -> list[list[float]]:
    """Run a program several times; the numbers that it prints, a row a run."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "AGENT_ASSIST_MODELS": "/nonexistent"}
    rows = []
    for _ in range(runs):
        result = subprocess.run(
            [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True, env=environment
        )
        rows.append([float(word) for word in result.stdout.split()])
    return rows


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
                "created_at": (began + timedelta(seconds=number)).isoformat(),
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    app = await open_app(profile, engine=ScriptedEngine())
    clock = time.perf_counter()
    await app.tickets.import_paths([source])
    print(f"import            {count / (time.perf_counter() - clock):10,.0f} tickets/s")
    await app.close()


async def use_list(profile: Path) -> None:
    """Open, filter, scroll and open a ticket in the real window over the big profile."""
    from PySide6.QtWidgets import QApplication

    from agent_assist.engine.testing import ScriptedEngine
    from tests.e2e.desk import open_desk

    application = QApplication.instance()
    assert isinstance(application, QApplication)
    engine = ScriptedEngine()
    engine.available = False  # it would answer on this very thread; the real one has a process of its own
    async with open_desk(application, profile, engine=engine) as desk:
        inbox, view = desk.session.desk.inbox, desk.session.view.inbox
        await desk.until(lambda: inbox.total > 0)
        filters = []
        for text in ("退款", "parcel", "GF2611012345", "客户77", ""):
            changed: list[bool] = []
            unsubscribe = inbox.counted.subscribe(lambda seen=changed: seen.append(True))
            clock = time.perf_counter()
            inbox.set_text(text)
            await desk.until(lambda seen=changed: bool(seen))
            view.list.grab()
            filters.append((text, inbox.total, (time.perf_counter() - clock) * 1000))
            unsubscribe()
        for text, total, ms in filters:
            print(f"filter {text or '(all)':14} {ms:8.1f} ms  ({total:,} tickets)")
        frames = []
        bar = view.list.verticalScrollBar()
        for step in range(200):
            clock = time.perf_counter()
            bar.setValue(bar.maximum() * step // 200)
            view.list.viewport().repaint()
            frames.append((time.perf_counter() - clock) * 1000)
            await asyncio.sleep(0.01)
        frames.sort()
        print(f"scroll frame      p50 {frames[100]:6.2f} ms  p95 {frames[190]:6.2f} ms  max {frames[-1]:6.2f} ms")
        opened = []
        for index in (0, 500, 20_000, 99_000):
            await desk.until(lambda at=index: inbox.row(at) is not None)
            row = inbox.row(index)
            assert row is not None
            clock = time.perf_counter()
            await desk.open(row.id)
            desk.program.window.grab()
            opened.append((time.perf_counter() - clock) * 1000)
        print(f"open a ticket     p50 {statistics.median(opened):6.1f} ms  max {max(opened):6.1f} ms")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile"
        asyncio.run(fill(profile, options.tickets))
        bare = fresh(BARE, runs=options.runs)
        ours = fresh(OURS, str(profile), runs=options.runs)
        print(f"bare Qt window    {median(bare, 0) * 1000:8.0f} ms")
        print(f"window shown      {median(ours, 0) * 1000:8.0f} ms  (x{median(ours, 0) / median(bare, 0):.2f} of bare)")
        print(f"list of {options.tickets:,} {median(ours, 1) * 1000:8.0f} ms after the start")
        from PySide6.QtWidgets import QApplication

        from tests.e2e.desk import run

        application = QApplication([])
        run(application, lambda: use_list(profile))


if __name__ == "__main__":
    main()
