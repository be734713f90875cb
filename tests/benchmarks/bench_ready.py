"""How soon a prepared draft is on the screen: `python -m tests.benchmarks.bench_ready [--tickets N] [--drafts N]`.

The real window (offscreen), presenters, services and store. 200 tickets are prepared ahead and opened at random: from
the choice in the list until the draft is shown and painted. Beside it the same for tickets that nobody prepared, with
the real engine: until the first words and until the whole draft. While the real engine drafts, a timer of 10 ms beats
in the window's loop; printed is how late it comes, beside a window that only waits. Needs the built models for the
second half; it prints what else the machine had to do.
"""

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from agent_assist.composition import open_app
from agent_assist.domain.events import EngineState
from agent_assist.domain.ids import utc_now
from agent_assist.domain.suggestion import SuggestionKind
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.knowledge import read_articles
from tests.e2e.desk import Desk, open_desk, run
from tests.helpers.models import models_dir
from tests.helpers.shop import write_rows
from ui.composer.presenter import Phase

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
ASKED = (
    "I want to return the earbuds, they hurt. Who pays for the return shipping? (case {n})",
    "退货的运费谁出？耳机戴着不舒服，想退。（单 {n}）",
    "When do I get my refund for order number {n}? It has been a week.",
    "退款一直没到账，已经一周了，麻烦查一下（{n}）",
)
BEAT_MS = 10.0
PATIENCE_S = 300.0


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def load() -> str:
    """What the machine had to do, over the last minute."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


async def fill(profile: Path, count: int) -> list[str]:
    """Store `count` tickets and prepare them; returns the ids of those with a draft of their own."""
    articles = [one.text for one in read_articles([SAMPLES / "knowledge.jsonl"]) if hasattr(one, "text")]
    engine = ScriptedEngine(
        answers=[f"{number}: {articles[number % len(articles)][:400]}" for number in range(2 * count)]
    )
    app = await open_app(profile, engine=engine)
    app.settings.update({"suggestion.minimum_relevance": 0.0, "suggestion.prefetch": False})
    await app.start(background=False)
    await app.tickets.import_shop(orders=SAMPLES / "orders.jsonl", products=SAMPLES / "products.jsonl")
    await app.knowledge.add_paths([SAMPLES / "knowledge.jsonl"])
    await app.tickets.import_paths([write_rows(profile.parent / "tickets.jsonl", tickets(count))])
    ready: list[str] = []
    for number in range(count):
        suggestion = await app.suggestions.finished(f"B{number:04}")
        if suggestion.kind is SuggestionKind.GENERATED:  # reviewed texts may be alike: nothing would be painted anew
            ready.append(suggestion.ticket_id)
    await app.close()
    return ready


def tickets(count: int, *, prefix: str = "B") -> list[dict[str, object]]:
    """Chats of one to three messages."""
    return [
        {
            "id": f"{prefix}{number:04}",
            "channel": "chat",
            "customer": f"Customer {number}",
            "created_at": utc_now().isoformat(),
            "messages": [
                *(
                    {"role": role, "text": text, "at": utc_now().isoformat()}
                    for role, text in (("customer", "Hello?"), ("agent", "How can I help?"))[: 2 * (number % 2)]
                ),
                {"role": "customer", "text": ASKED[number % len(ASKED)].format(n=number), "at": utc_now().isoformat()},
            ],
        }
        for number in range(count)
    ]


class Painted(QObject):
    """Tells when the draft on the screen has got its pixels."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._composer = desk.session.desk.composer
        self._draft = desk.session.view.composer.card.draft
        self._wanted = ""
        self._done: Callable[[], bool] = lambda: False
        self._waiting: asyncio.Future[float] | None = None
        self._draft.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at what is painted; Qt paints it when this returns, a fraction of a millisecond later."""
        waiting, view = self._waiting, self._composer.view
        if event.type() is QEvent.Type.Paint and waiting is not None and not waiting.done():
            here = view is not None and view.ticket.id == self._wanted
            shown, draft = self._draft.toPlainText(), self._composer.draft
            if here and self._done() and draft and shown[:20] == draft[:20]:
                waiting.set_result(time.perf_counter())
        return False

    async def of(self, ticket_id: str, choose: Callable[[str], None], done: Callable[[], bool]) -> float:
        """Milliseconds from choosing a ticket until its draft is painted and `done`."""
        self._wanted, self._done = ticket_id, done
        self._waiting = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        choose(ticket_id)
        return (await asyncio.wait_for(self._waiting, PATIENCE_S) - began) * 1000


async def quiet() -> None:
    """Wait until the window's own work of the first seconds is over: two tenths of a second with next to none."""
    spent = time.process_time()
    while True:
        await asyncio.sleep(0.2)
        if time.process_time() - spent < 0.01:
            return
        spent = time.process_time()


async def open_prepared(application: QApplication, profile: Path, ready: Sequence[str]) -> None:
    """Print how soon prepared drafts are there."""
    engine = ScriptedEngine()
    async with open_desk(application, profile, engine=engine) as desk:
        composer, choose = desk.session.desk.composer, desk.session.desk.inbox.select
        painted = Painted(desk)
        await desk.until(lambda: desk.session.desk.inbox.total)
        await quiet()
        order = random.Random(5).sample(list(ready), len(ready))
        await painted.of(order[0], choose, lambda: composer.phase is Phase.READY)  # fonts and styles are made once
        took, computed = [], []
        for ticket_id in order[1:]:
            began = time.process_time()
            took.append(await painted.of(ticket_id, choose, lambda: composer.phase is Phase.READY))
            computed.append((time.process_time() - began) * 1000)
            await asyncio.sleep(0.02)  # the agent's eyes
        assert not engine.orders, "a prepared draft was written again"
    print(
        f"prepared, {len(took)} opened at random   p50 {statistics.median(took):6.1f} ms   "
        f"p95 {percentile(took, 0.95):6.1f} ms   max {max(took):6.1f} ms   ({load()})\n"
        f"{'':28s}   of it computing   p50 {statistics.median(computed):6.1f} ms   "
        f"p95 {percentile(computed, 0.95):6.1f} ms"
    )


@asynccontextmanager
async def heartbeat() -> AsyncIterator[list[float]]:
    """Milliseconds by which each beat of a 10 ms timer came late."""
    late: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(max(0.0, (now - last) * 1000 - BEAT_MS))
        last = now

    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=int(BEAT_MS))
    timer.timeout.connect(beat)
    timer.start()
    try:
        yield late
    finally:
        timer.stop()


def tell_beats(name: str, late: Sequence[float]) -> None:
    """Print how late the beats came."""
    print(
        f"{name:34s}   p50 {statistics.median(late):6.1f} ms   p99 {percentile(late, 0.99):6.1f} ms   "
        f"max {max(late):6.1f} ms   over {len(late)} beats   ({load()})"
    )


async def with_the_engine(application: QApplication, profile: Path, drafts: int) -> None:
    """Print what a draft takes that nobody prepared, and the heartbeat while drafts are written."""
    async with open_desk(application, profile) as desk:
        composer, states = desk.session.desk.composer, desk.session.desk.status.states
        painted, choose = Painted(desk), desk.session.desk.inbox.select
        desk.app.settings.update({"suggestion.minimum_relevance": 0.3, "suggestion.approved_threshold": 1.0})
        await desk.until(lambda: "reply" in states and states["reply"].state is EngineState.READY)
        await desk.app.tickets.import_paths(
            [write_rows(profile.parent / "fresh.jsonl", tickets(2 * drafts, prefix="F"))]
        )
        async with heartbeat() as waiting:
            await asyncio.sleep(5)
        tell_beats("heartbeat of a window that waits", waiting)
        first, whole = [], []
        async with heartbeat() as writing:
            for number in range(drafts):
                ticket_id = f"F{number:04}"
                began = time.perf_counter()
                first.append(await painted.of(ticket_id, choose, lambda: True))
                await desk.until(lambda: composer.phase in (Phase.READY, Phase.NONE))
                whole.append((time.perf_counter() - began) * 1000)
        tell_beats("heartbeat while it shows drafts", writing)
        for name, values in (("first words", first), ("whole draft", whole)):
            print(
                f"unprepared, {len(values)} tickets, {name:12s}   p50 {statistics.median(values):6.0f} ms   "
                f"p95 {percentile(values, 0.95):6.0f} ms"
            )
        desk.app.settings.update({"suggestion.prefetch": True})
        async with heartbeat() as ahead:
            desk.app.prefetch._background.wake()
            await desk.until(lambda: desk.session.desk.status.prepared.in_work)
            await asyncio.wait_for(_prepared(desk), PATIENCE_S)
        tell_beats("heartbeat while it prepares ahead", ahead)


async def _prepared(desk: Desk) -> None:
    while desk.session.desk.status.prepared.in_work:
        await asyncio.sleep(0.05)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=200)
    parser.add_argument("--drafts", type=int, default=10, help="drafts by the real engine; 0: none")
    options = parser.parse_args()
    application = QApplication([])

    async def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            profile = Path(folder) / "profile"
            ready = (await fill(profile, options.tickets * 3 // 2))[: options.tickets]
            await open_prepared(application, profile, ready)
            if options.drafts and (models_dir() / "reply").is_dir():
                await with_the_engine(application, profile, options.drafts)

    run(application, work)


if __name__ == "__main__":
    main()
