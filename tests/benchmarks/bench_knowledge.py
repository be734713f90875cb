"""How well and how fast search finds: `python -m tests.benchmarks.bench_knowledge [--models DIR] [--parts ...]`.

Quality: nDCG@10, recall@5 and MRR of the fused ranking beside full text alone (BM25), vectors alone (cosine of the
passage) and reciprocal rank fusion of both, on the sample shop and on whatever public collections lie in
../shared/bench. Speed: a search without the encoder's part over 20,000 made-up passages, in milliseconds.
"""

import argparse
import asyncio
import random
import statistics
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from agent_assist.domain.knowledge import Article
from agent_assist.domain.language import Language
from agent_assist.engine.protocol import TextKind
from agent_assist.knowledge import KnowledgeIndex, Searcher
from agent_assist.knowledge.relevance import relevance
from agent_assist.knowledge.search import candidate_signals, passage_query
from agent_assist.knowledge.wanted import analyse
from agent_assist.storage.database import Database
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.searching.candidates import Candidate
from tests.benchmarks.encoder import Embed, load_embed
from tests.benchmarks.ranking import measures
from tests.benchmarks.retrieval_sets import RetrievalSet, index_set, real_sets, sample_shop
from tests.helpers.models import models_dir

_PHRASES = (
    "七天无理由退货的运费由谁承担 商品需要保持完好 吊牌未剪",
    "付款之后当天发货 偏远地区需要另收运费 物流停滞请联系客服核查",
    "优惠券每个订单只能使用一张 退款后会在二十四小时内退回账户",
    "耳机保修十二个月 电池六个月 人为损坏可以付费维修",
    "Refunds go back to the card within ten working days after inspection",
    "Express shipping takes three to five days and can be tracked online",
    "Hold the power button for five seconds until the light blinks blue",
    "The warranty covers defects of the battery and the charging case",
)


async def quality(collection: RetrievalSet, embed: Embed) -> None:
    """Print one block of the table."""
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "bench.db")
        store = await index_set(database, collection.articles, embed)
        articles, passages = await store.counts()
        known = [question for question in collection.questions if question.doc_ids]
        vectors = embed([question.text for question in known], TextKind.QUERY)
        rows: dict[str, list[tuple[float, float, float]]] = {}
        for question, vector in zip(known, vectors, strict=True):
            for name, ranked in (await _rankings(store, question.text, vector)).items():
                rows.setdefault(name, []).append(measures(ranked, question.doc_ids))
        await database.close()
    print(f"\n{collection.name}: {articles} articles, {passages} passages, {len(known)} questions")
    for name, values in rows.items():
        ndcg, recall, rank = (statistics.mean(column) for column in zip(*values, strict=True))
        print(f"  {name:24s} nDCG@10 {ndcg:.3f}   recall@5 {recall:.3f}   MRR {rank:.3f}")


async def _rankings(store: KnowledgeStore, text: str, vector: bytes) -> dict[str, list[str]]:
    asked = await analyse(store, text)
    candidates = await store.candidates(passage_query(asked, vector))
    signals = candidate_signals(text, asked, candidates)
    scores = {id(one): relevance(signal) for one, signal in zip(candidates, signals, strict=True)}
    by_cosine = sorted(candidates, key=lambda one: -one.similarity)
    cosine_rank = {id(one): rank for rank, one in enumerate(by_cosine, start=1)}
    far = len(by_cosine) + 1

    def order(key: Callable[[Candidate], float], *, only_words: bool = False) -> list[str]:
        pool = [one for one in candidates if one.bm25_rank or not only_words]
        return [one.passage.doc_id for one in sorted(pool, key=key)]

    return {
        "fused (as shipped)": order(lambda one: -scores[id(one)]),
        "full text alone": order(lambda one: one.bm25_rank or far, only_words=True),
        "vectors alone": order(lambda one: -one.similarity),
        "reciprocal rank fusion": order(
            lambda one: -1 / (60 + cosine_rank[id(one)]) - 1 / (60 + (one.bm25_rank or far * 10))
        ),
    }


async def speed(count: int, *, encrypted: bool) -> None:
    """Print the time of a search over `count` passages with random vectors, on the clock and of the processor."""
    dice = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        passphrase = "bench" if encrypted else None
        database = await Database.open(Path(folder) / "bench.db", passphrase=passphrase)
        index = KnowledgeIndex(KnowledgeStore(database))
        began = time.perf_counter()
        for article in _made_up(count, dice):
            plan = await index.plan(article, model="bench")
            await index.store(
                plan,
                passage_vectors=[_vector(dice) for _ in plan.passages],
                question_vectors=[_vector(dice) for _ in plan.questions],
            )
        filled = count / (time.perf_counter() - began)
        searcher = Searcher(KnowledgeStore(database))
        times, worked = list[float](), list[float]()
        for number in range(60):
            query = " ".join(dice.sample(dice.choice(_PHRASES).split(), 2)) + f" {number}"
            vector = _vector(dice)
            began, spent = time.perf_counter(), time.process_time()
            await searcher.search(query, vector)
            times.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - spent) * 1000)
        await database.close()
    kept = sorted(times[10:])
    kind = "encrypted" if encrypted else "plain"
    print(
        f"\n{count:,} passages ({kind}): stored {filled:,.0f}/s, search median {statistics.median(kept):.0f} ms, "
        f"95th percentile {kept[int(len(kept) * 0.95)]:.0f} ms, processor time {statistics.median(worked[10:]):.0f} ms"
    )


def _made_up(count: int, dice: random.Random) -> Iterator[Article]:
    for number in range(count):
        text = f"{number} " + " ".join(dice.sample(_PHRASES, 3))
        question = text[:20] if number % 5 == 0 else ""
        yield Article(doc_id=str(number), title=f"第{number}条", text=text, question=question, language=Language.ZH)


def _vector(dice: random.Random) -> bytes:
    values = [dice.gauss(0.2, 1) for _ in range(384)]
    length = sum(value * value for value in values) ** 0.5
    return struct.pack("<384f", *(value / length for value in values))


async def _run(parts: list[str], models: Path) -> None:
    if "quality" in parts:
        embed = load_embed(models)
        for collection in (sample_shop(), sample_shop(extra=True), *real_sets()):
            await quality(collection, embed)
    if "speed" in parts:
        for count, encrypted in ((20_000, False), (20_000, True), (40_000, True)):
            await speed(count, encrypted=encrypted)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--parts", nargs="+", choices=["quality", "speed"], default=["quality", "speed"])
    chosen = parser.parse_args()
    asyncio.run(_run(chosen.parts, chosen.models))


if __name__ == "__main__":
    main()
