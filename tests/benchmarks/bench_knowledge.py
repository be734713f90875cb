"""How well search finds: `python -m tests.benchmarks.bench_knowledge [--models DIR] [--part held|tune]`.

nDCG@10, recall@5 and MRR of the fused ranking, with the reader of passages and without, beside full text alone
(BM25), vectors alone (cosine of the passage) and reciprocal rank fusion of both, and beside tantivy and bm25s over
rjieba's words, on the sample shop, on written questions to it and on whatever public collections lie in
../shared/bench. For product questions with ten candidate passages each: how often the first one answers.
bench_search_speed measures time.
"""

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from agent_assist.domain.knowledge import Article, Hit
from agent_assist.domain.language import Language
from agent_assist.domain.understanding import Understanding
from agent_assist.engine.protocol import TextKind
from agent_assist.knowledge.searching.relevance import relevance
from agent_assist.knowledge.searching.search import passage_query
from agent_assist.knowledge.searching.signals import candidate_signals
from agent_assist.knowledge.searching.wanted import analyse
from agent_assist.storage.database import Database
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.searching.candidates import Candidate
from tests.benchmarks.encoder import Embed, Read, load_embed, load_read
from tests.benchmarks.peers import bm25s_rank, tantivy_rank
from tests.benchmarks.ranking import measures
from tests.benchmarks.reader import Judge, judged_hits, load_judge
from tests.benchmarks.retrieval_sets import (
    RetrievalSet,
    index_set,
    product_question_rows,
    real_sets,
    sample_shop,
    written_sets,
)
from tests.helpers.models import models_dir

WITH_READER = "fused, with the reader"


async def quality(collection: RetrievalSet, embed: Embed, read: Read | None, judge: Judge) -> None:
    """Print one block of the table; with `read`, search knows what questions and articles want."""
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "bench.db")
        store = await index_set(database, collection.articles, embed, read)
        articles, passages = await store.counts()
        known = [question for question in collection.questions if question.doc_ids]
        texts = [question.text for question in known]
        vectors = embed(texts, TextKind.QUERY)
        wishes: Sequence[Understanding | None] = read(texts) if read else [None] * len(texts)
        rows: dict[str, list[tuple[float, float, float]]] = {}
        peers = {
            "tantivy with rjieba": tantivy_rank(collection.articles),
            "bm25s with rjieba": bm25s_rank(collection.articles),
        }
        for question, vector, wish in zip(known, vectors, wishes, strict=True):
            rankings = await _rankings(store, question.text, vector, wish, judge=judge)
            rankings |= {name: peer(question.text) for name, peer in peers.items()}
            for name, ranked in rankings.items():
                rows.setdefault(name, []).append(measures(ranked, question.doc_ids))
        await database.close()
    print(f"\n{collection.name}: {articles} articles, {passages} passages, {len(known)} questions")
    for name, values in rows.items():
        ndcg, recall, mrr = (statistics.mean(column) for column in zip(*values, strict=True))
        print(f"  {name:24s} nDCG@10 {ndcg:.3f}   recall@5 {recall:.3f}   MRR {mrr:.3f}")


async def _rankings(
    store: KnowledgeStore,
    text: str,
    vector: bytes,
    read: Understanding | None = None,
    *,
    limit: int = 50,
    judge: Judge,
    pool: Collection[str] | None = None,
) -> dict[str, list[str]]:
    """The articles by each way of ranking; among `pool` alone where it is given."""
    asked = await analyse(store, text)
    candidates = await store.candidates(passage_query(asked, vector, limit=limit))
    known = candidate_signals(asked, candidates, read=read)
    scores = {id(one): relevance(signals) for one, (signals, _) in zip(candidates, known, strict=True)}
    hits = [
        Hit(rank=0, score=scores[id(one)], passage=one.passage)
        for one in sorted(candidates, key=lambda one: -scores[id(one)])
        if pool is None or one.passage.doc_id in pool
    ]
    by_cosine = sorted(candidates, key=lambda one: -one.similarity)
    cosine_rank = {id(one): place for place, one in enumerate(by_cosine, start=1)}
    far = len(by_cosine) + 1

    def order(key: Callable[[Candidate], float], *, only_words: bool = False) -> list[str]:
        pool = [one for one in candidates if one.bm25_rank or not only_words]
        return [one.passage.doc_id for one in sorted(pool, key=key)]

    found = {
        WITH_READER: [hit.passage.doc_id for hit in judged_hits(judge, text, hits)],
        "fused, without it": order(lambda one: -scores[id(one)]),
        "full text alone": order(lambda one: one.bm25_rank or far, only_words=True),
        "vectors alone": order(lambda one: -one.similarity),
        "reciprocal rank fusion": order(
            lambda one: -1 / (60 + cosine_rank[id(one)]) - 1 / (60 + (one.bm25_rank or far * 10))
        ),
    }
    return {name: [doc for doc in docs if pool is None or doc in pool] for name, docs in found.items()}


async def product_questions(embed: Embed, judge: Judge) -> None:
    """Print how often the first of the ten candidates answers; every second question was one to fit silence on."""
    rows = product_question_rows()
    if not rows:
        return
    texts = list(dict.fromkeys(text for row in rows for text in row.candidates))
    articles = tuple(
        Article(doc_id=str(place), title="", text=text, language=Language.EN) for place, text in enumerate(texts)
    )
    places = {text: str(place) for place, text in enumerate(texts)}
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "bench.db")
        store = await index_set(database, articles, embed)
        vectors = embed([row.question for row in rows], TextKind.QUERY)
        right: dict[str, list[bool]] = {}
        for row, vector in zip(rows, vectors, strict=True):
            pool = {places[text]: text in row.answers for text in row.candidates}
            rankings = await _rankings(store, row.question, vector, limit=4000, judge=judge, pool=pool)
            for name, ranked in rankings.items():
                right.setdefault(name, []).append(bool(ranked) and pool[ranked[0]])
        await database.close()
    answerable = [bool(row.answers) for row in rows]
    print(f"\nproduct questions: {len(rows)}, of which {sum(answerable)} have an answer among ten candidates")
    for name, values in rows_of(right, answerable):
        print(f"  {name:24s} P@1 {values[0]:.3f} of all   {values[1]:.3f} of those with an answer")


def rows_of(right: dict[str, list[bool]], answerable: list[bool]) -> Iterator[tuple[str, tuple[float, float]]]:
    """Each arm's share of all questions and of the answerable ones."""
    for name, values in right.items():
        among = [value for value, known in zip(values, answerable, strict=True) if known]
        yield name, (statistics.mean(values), statistics.mean(among))


async def _run(models: Path, part: str) -> None:
    embed, read, judge = load_embed(models), load_read(models), load_judge(models)
    for collection in (sample_shop(), sample_shop(extra=True), *written_sets(part)):
        await quality(collection, embed, read, judge)
    for collection in real_sets():  # not a shop's business: what they want says nothing
        await quality(collection, embed, None, judge)
    await product_questions(embed, judge)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--part", choices=["held", "tune"], default="held", help="Of the written questions.")
    chosen = parser.parse_args()
    asyncio.run(_run(chosen.models, chosen.part))


if __name__ == "__main__":
    main()
