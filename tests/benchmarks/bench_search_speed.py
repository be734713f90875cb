"""How fast search is: `python -m tests.benchmarks.bench_search_speed [--passages 20000 200000] [--encrypted]`.

Fills a store with made-up Chinese passages whose words are as unevenly common as those of real texts (Zipf), and whose
vectors lie as close together as e5's. Prints the time of a fused search, with the encoder's pass over the query where
the starter models are built, beside the same store's full text alone (all words of the query, BM25) and a pass over
all whole vectors; then how a changed article and opening the store compare. Milliseconds, medians and 95th percentiles.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.knowledge import Article
from agent_assist.domain.language import Language
from agent_assist.engine.protocol import TextKind
from agent_assist.knowledge import Searcher
from agent_assist.knowledge.index import indexed_article, plan_article
from agent_assist.knowledge.words import query_words
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database
from agent_assist.storage.knowledge import KnowledgeStore
from tests.benchmarks.encoder import Embed, load_embed
from tests.helpers.models import models_dir

Floats = NDArray[np.float64]
_VOCABULARY = 20_000
_QUERIES = 60
_BATCH = 500


class MadeUp:
    """Texts and vectors of one seed."""

    def __init__(self, seed: int = 1) -> None:
        self._dice = np.random.default_rng(seed)
        characters = [chr(0x4E00 + number) for number in range(3000)]
        self._words = ["".join(self._dice.choice(characters, 2)) for _ in range(_VOCABULARY)]
        chances = 1 / np.arange(1, _VOCABULARY + 1)
        self._chances = chances / chances.sum()
        self._centre = self._dice.normal(size=384)

    def text(self, words: int) -> str:
        """So many words."""
        return "，".join(self._words[place] for place in self._dice.choice(_VOCABULARY, size=words, p=self._chances))

    def vector(self) -> bytes:
        """A unit vector near the centre, at a cosine of about .8 to any other."""
        values = self._dice.normal(size=384) * 0.5 + self._centre
        return bytes((values / np.linalg.norm(values)).astype("<f4").tobytes())

    def article(self, number: int) -> Article:
        """One passage; every fifth has a question."""
        question = self.text(5) if number % 5 == 0 else ""
        return Article(
            doc_id=str(number), title=f"第{number}条", text=self.text(50), question=question, language=Language.ZH
        )


async def fill(store: KnowledgeStore, made: MadeUp, count: int) -> None:
    """Store `count` articles."""
    for start in range(0, count, _BATCH):
        plans = [plan_article(made.article(start + number), model="bench") for number in range(_BATCH)]
        await store.store(
            [
                indexed_article(
                    plan,
                    passage_vectors=[made.vector() for _ in plan.passages],
                    question_vectors=[made.vector() for _ in plan.questions],
                )
                for plan in plans
            ]
        )


async def measure(count: int, *, passphrase: str | None, embed: Embed | None) -> None:
    """Print one block."""
    made = MadeUp()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        database = await Database.open(path, passphrase=passphrase)
        began = time.perf_counter()
        await fill(KnowledgeStore(database), made, count)
        filled = time.perf_counter() - began
        await database.close()
        began = time.perf_counter()
        database = await Database.open(path, passphrase=passphrase)
        searcher = Searcher(KnowledgeStore(database))
        await searcher.search("七天无理由退货", made.vector())
        opened = (time.perf_counter() - began) * 1000
        print(f"\n{count:,} passages, {'encrypted' if passphrase else 'plain'}: filled in {filled:.0f} s")
        print(f"  opened, first search done  {opened:7.0f} ms")
        await _searches(database, searcher, made, embed)
        await database.close()


async def _searches(database: Database, searcher: Searcher, made: MadeUp, embed: Embed | None) -> None:
    asked = [(made.text(8), made.vector()) for _ in range(_QUERIES)]

    async def fused(text: str, vector: bytes) -> None:
        await searcher.search(text, embed([text], TextKind.QUERY)[0] and vector if embed else vector)

    async def words(text: str, _vector: bytes) -> None:
        await database.read(lambda connection: _all_words(connection, text))

    async def vectors(_text: str, vector: bytes) -> None:
        await database.read(lambda connection: _all_vectors(connection, vector))

    name = "fused, with the encoder" if embed else "fused, no encoder built"
    for label, one in ((name, fused), ("full text alone, all words", words), ("all vectors, whole", vectors)):
        times = await _timed(one, asked)
        print(
            f"  {label:27s}{statistics.median(times):7.1f} ms, 95 of 100 below {times[int(len(times) * 0.95)]:7.1f} ms"
        )


async def _timed(one: Callable[[str, bytes], Awaitable[None]], asked: list[tuple[str, bytes]]) -> list[float]:
    times = []
    for text, vector in asked:
        began = time.perf_counter()
        await one(text, vector)
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times[5:])


def _all_words(connection: Connection, text: str) -> None:
    words = query_words(text)
    match = " OR ".join(
        [*(f'words : "{word}"' for word in words.words), *(f'pairs : "{pair}"' for pair in words.pairs)]
    )
    connection.execute(
        "SELECT rowid FROM passage_text WHERE passage_text MATCH ? ORDER BY rank LIMIT 50", (match,)
    ).fetchall()


def _all_vectors(connection: Connection, vector: bytes) -> None:
    connection.execute(
        "SELECT key FROM passage_vectors ORDER BY vec_distance_cosine(vector, ?) LIMIT 50", (vector,)
    ).fetchall()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--encrypted", action="store_true")
    parser.add_argument("--models", type=Path, default=models_dir())
    chosen = parser.parse_args()
    try:
        embed: Embed | None = load_embed(chosen.models)
    except SystemExit:
        embed = None
    for count in chosen.passages:
        asyncio.run(measure(count, passphrase="bench" if chosen.encrypted else None, embed=embed))


if __name__ == "__main__":
    main()
