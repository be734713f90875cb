"""How fast files become an index: `python -m tests.benchmarks.bench_indexing [--models DIR] [--passages N]`.

Throughput from files to stored passages, with the share of the time in which the encoder worked, beside the encoder
alone over the same texts; one changed article in a store of 20,000 passages; and how soon after its opening in a new
process such a store answers, without a model. All profiles are encrypted.
"""

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from agent_assist.composition import App, open_app
from agent_assist.domain.knowledge import Article
from agent_assist.engine.client import EngineProcess
from agent_assist.engine.local import local_engine
from agent_assist.engine.protocol import ModelStatus, Priority, TextKind
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.knowledge import read_articles
from agent_assist.knowledge.index import plan_article
from tests.benchmarks.encoder import load_embed
from tests.benchmarks.made_up_shop import section, write_shop
from tests.helpers.models import models_dir

PASSPHRASE = "bench"
# What the cold start asks: words that the index holds, and one that it must guess from a slip.
QUERIES = ("运费 退款 保修", "退火运费由谁承担")


class Timed:
    """The real engine, and the time that it took to embed passages."""

    def __init__(self, engine: EngineProcess) -> None:
        self.engine, self.seconds = engine, 0.0
        embed = engine.embed

        async def timed(texts: Sequence[str], *, kind: TextKind, priority: Priority = Priority.BATCH) -> list[bytes]:
            began = time.perf_counter()
            try:
                return await embed(texts, kind=kind, priority=priority)
            finally:
                self.seconds += time.perf_counter() - began

        engine.embed = timed  # type: ignore[method-assign]


class StandIn(ScriptedEngine):
    """Fills a store at once with vectors that pass for those of the real encoder."""

    def __init__(self, trunk: str) -> None:
        super().__init__()
        self._trunk = trunk

    async def status(self) -> list[ModelStatus]:
        return [ModelStatus(name=one.name, state=one.state, trunk=self._trunk) for one in await super().status()]


def texts_of(folder: Path) -> list[str]:
    """What the encoder reads of the files."""
    articles = [row for row in read_articles([folder]) if isinstance(row, Article)]
    return [text for article in articles for text in plan_article(article, model="").passage_texts]


async def throughput(base: Path, models: Path, passages: int) -> str:
    """Print passages a second; returns what the encoder is called in the store."""
    folder = base / "shop"
    write_shop(folder, articles=passages // 4, sections=4)
    texts = texts_of(folder)
    embed = load_embed(models)
    embed(texts[:32], TextKind.PASSAGE)
    began = time.perf_counter()
    embed(texts, TextKind.PASSAGE)
    alone = len(texts) / (time.perf_counter() - began)
    timed = Timed(local_engine(models))
    app = await open_app(base / "profile", passphrase=PASSPHRASE, engine=timed.engine)
    await app.start(background=False)
    trunk = await app.indexing._room.vectors.encoder()
    timed.seconds, began = 0.0, time.perf_counter()
    report = await app.indexing.add([folder])
    seconds = time.perf_counter() - began
    await app.close()
    print(
        f"indexing {report.passages} passages of {report.added} files: {report.passages / seconds:.1f} passages/s, "
        f"of the time {timed.seconds / seconds:.0%} in the encoder; the encoder alone over the same texts: "
        f"{alone:.1f} passages/s"
    )
    return trunk


async def filled(base: Path, trunk: str) -> tuple[Path, Path]:
    """A store of 20,000 passages and its folder; prints how fast it is filled when vectors cost next to nothing."""
    folder, profile = base / "large", base / "large-profile"
    write_shop(folder, articles=5_000, sections=4)
    app = await open_app(profile, passphrase=PASSPHRASE, engine=StandIn(trunk))
    await app.start(background=False)
    longest = watch_writer(app)
    began = time.perf_counter()
    report = await app.indexing.add([folder])
    seconds = time.perf_counter() - began
    await app.close()
    slow = sorted(longest)
    print(
        f"all but the encoder: {report.passages / seconds:,.0f} passages/s; transactions of the writing thread: median "
        f"{statistics.median(slow):.0f} ms, 99th percentile {slow[int(len(slow) * 0.99)]:.0f} ms, longest "
        f"{slow[-1]:.0f} ms of {len(slow)}"
    )
    return folder, profile


def watch_writer(app: App) -> list[float]:
    """Milliseconds of every transaction from now on, on the thread itself."""
    pool = app._profile.database._writer
    spent: list[float] = []
    run = pool.run

    async def timed(fn):  # type: ignore[no-untyped-def]
        def on_thread(connection):  # type: ignore[no-untyped-def]
            began = time.perf_counter()
            try:
                return fn(connection)
            finally:
                spent.append((time.perf_counter() - began) * 1000)

        return await run(on_thread)

    pool.run = timed  # type: ignore[method-assign]
    return spent


async def one_change(folder: Path, profile: Path, models: Path) -> None:
    """Print how long one changed article takes, by its file and by a look at the whole watched folder."""
    app = await open_app(profile, passphrase=PASSPHRASE, engine=local_engine(models))
    await app.start(background=False)
    await app.indexing.watch(folder)
    await app.indexing.watcher.look()
    dice, by_file, by_look, worked, embedded = random.Random(3), list[float](), list[float](), list[float](), 0
    for number in range(20):
        path = folder / f"{number * 200:05}.md"
        parts = path.read_text(encoding="utf-8").split("\n\n## ")
        path.write_text("\n\n".join([*("\n\n## ".join(parts[:-1]).split("\n\n")), section(dice)]), encoding="utf-8")
        old = time.time() - 1000 + number
        os.utime(path, (old, old))
        began, spent = time.perf_counter(), time.process_time()
        if number % 2:
            await app.indexing.watcher.look()
            by_look.append((time.perf_counter() - began) * 1000)
        else:
            report = await app.indexing.add([folder])
            by_file.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - spent) * 1000)
            assert report.updated == 1, report
            embedded += report.embedded
    await app.close()
    print(
        f"one changed article in 20,000 passages (5,000 files looked at): {statistics.median(by_file):.0f} ms asked, "
        f"{statistics.median(by_look):.0f} ms found by the watcher; {embedded / len(by_file):.1f} texts embedded each, "
        f"processor time beside the encoder {statistics.median(worked):.0f} ms"
    )


_CHILD = """
import time
began = time.perf_counter()
import asyncio, sys
from pathlib import Path
from agent_assist.composition import open_app
from agent_assist.engine.testing import ScriptedEngine
async def main():
    imported, spent = time.perf_counter(), time.process_time()
    app = await open_app(Path(sys.argv[1]), passphrase=sys.argv[2], engine=ScriptedEngine())
    hits = await app.knowledge.search_vector(sys.argv[3], b"")
    opened, spent = time.perf_counter() - imported, time.process_time() - spent
    print(1000 * (imported - began), 1000 * opened, 1000 * spent, len(hits), flush=True)
    await app.close()
asyncio.run(main())
"""


def cold_open(profile: Path) -> None:
    """Print how soon a new process answers its first search, and the same of a bare SQLCipher connection."""
    for query in QUERIES:
        rows = []
        for _ in range(5):
            command = [sys.executable, "-c", _CHILD, str(profile), PASSPHRASE, query]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            rows.append(tuple(map(float, said[:3])))
            assert int(said[3]), "nothing found"
        imports, opened, spent = (statistics.median(column) for column in zip(*rows, strict=True))
        print(
            f"cold open of 20,000 passages to the first search ({query}): {opened:.0f} ms (processor {spent:.0f} ms) "
            f"after {imports:.0f} ms of imports; a bare encrypted connection to its first row: {bare(profile):.0f} ms"
        )


def bare(profile: Path) -> float:
    """Median milliseconds of opening with the driver alone and reading one row."""
    program = (
        "import sys, time; import sqlcipher3.dbapi2 as d; b = time.perf_counter(); c = d.connect(sys.argv[1]); "
        "c.execute(f\"PRAGMA key = '{sys.argv[2]}'\"); c.execute('SELECT title FROM articles LIMIT 1').fetchone(); "
        "print(1000 * (time.perf_counter() - b))"
    )
    command = [sys.executable, "-c", program, str(profile / "profile.db"), PASSPHRASE]
    times = [float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    return statistics.median(times)


async def _run(models: Path, passages: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        trunk = await throughput(base, models, passages)
        files, profile = await filled(base, trunk)
        await one_change(files, profile, models)
        cold_open(profile)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--passages", type=int, default=400)
    chosen = parser.parse_args()
    asyncio.run(_run(chosen.models, chosen.passages))


if __name__ == "__main__":
    main()
