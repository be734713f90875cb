"""Killing the indexer for good: `python -m tests.benchmarks.bench_indexing_kill [--kills 50] [--documents 5000]`.

A program that indexes is killed with SIGKILL after a random number of transactions, again and again, while
files change, are renamed and go. After each kill the file and all indexes must be sound; the last program finishes, and
its store must hold what a store built of the same files at once holds: articles, passages, words, vectors, and answers.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path

from agent_assist.composition import open_app
from agent_assist.engine.testing import ScriptedEngine
from tests.crash.killed_indexing import PASSPHRASE, Files, compare_with_scratch, kill_after, open_killed

# Transactions that indexing a document takes, about.
_WRITES_A_DOCUMENT = 0.12


async def kill_again_and_again(base: Path, kills: int, documents: int, seed: int) -> None:
    """Print the counts; fails where anything is damaged, lost or different."""
    print("seed", seed, flush=True)
    dice = random.Random(seed)
    files = Files(base / "shelf", documents, dice)
    profile = base / "profile"
    app = await open_app(profile, passphrase=PASSPHRASE, engine=ScriptedEngine())
    await app.indexing._room.sources.want([str(files.folder)], watched=True)
    await app.close()
    amid, stored, opened = 0, list[int](), list[float]()
    most = max(2, round(2 * documents * _WRITES_A_DOCUMENT / kills))
    for number in range(kills):
        killed = kill_after(profile, dice.randrange(1, most))
        amid += not killed.done
        began = time.perf_counter()
        app = await open_killed(profile)
        opened.append(time.perf_counter() - began)
        stored.append((await app.indexing.counts())[0])
        await app.close()
        files.change(3)
        print(f"kill {number + 1}: {stored[-1]} articles, sound in {opened[-1]:.1f} s", flush=True)
    app = await open_killed(profile)
    await app.start(background=False)
    report = await app.indexing.finish()
    passages = await compare_with_scratch(app, files.folder, base / "scratch")
    articles, _ = await app.indexing.counts()
    await app.close()
    print(
        f"seed {seed}: {kills} kills, {amid} of them amid the work; sound after each, checked in a median of "
        f"{statistics.median(opened):.1f} s; the last program added {report.added} of {articles} articles "
        f"({passages} passages) and ended with the same store as one built at once"
    )


def main() -> None:
    """Kill, check and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--documents", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(kill_again_and_again(Path(folder), chosen.kills, chosen.documents, chosen.seed))


if __name__ == "__main__":
    main()
