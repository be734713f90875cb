"""Search on hard Chinese queries: `python -m tests.benchmarks.bench_hard_queries [--part held|tune] [--misses]`.

Recall among the best five of our search, by kind of query, beside FTS5's own tokenizers, tantivy and bm25s over
rjieba's words, and vectors alone; how often the first one answers, with the reader of passages and without. Then the
silent misses: queries for which a tokenizer of FTS5 finds nothing that answers though the very words stand in the
text, and how many of these ours misses too.
"""

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from agent_assist.engine.protocol import TextKind
from agent_assist.knowledge import Searcher
from agent_assist.storage.database import Database
from tests.benchmarks.encoder import Embed, Read, load_embed, load_read
from tests.benchmarks.peers import Rank, bm25s_rank, sqlite_rank, tantivy_rank
from tests.benchmarks.ranking import measures
from tests.benchmarks.reader import Judge, judged_hits, load_judge
from tests.benchmarks.retrieval_sets import Question, RetrievalSet, index_set, written_sets
from tests.helpers.models import models_dir

Rankings = dict[str, list[list[str]]]
OURS, READ_TOO = "ours, fused", "ours, with the reader"
_TOKENIZERS = ("unicode61", "trigram")


async def rankings(collection: RetrievalSet, embed: Embed, read: Read, judge: Judge) -> Rankings:
    """Of each arm its ranking for every question, in order."""
    peers: dict[str, Rank] = {
        "tantivy with rjieba": tantivy_rank(collection.articles),
        "bm25s with rjieba": bm25s_rank(collection.articles),
    } | {f"FTS5 {name}": sqlite_rank(collection.articles, name) for name in _TOKENIZERS}
    found: Rankings = {OURS: [], READ_TOO: [], "ours, without vectors": [], "vectors alone": []}
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "bench.db")
        searcher = Searcher(await index_set(database, collection.articles, embed, read))
        texts = [await searcher.without_pinyin(question.text) for question in collection.questions]
        vectors = embed(texts, TextKind.QUERY)
        for text, vector, wish in zip(texts, vectors, read(texts), strict=True):
            hits = await searcher.search(text, vector, k=50, read=wish)
            found[OURS].append([hit.passage.doc_id for hit in hits])
            found[READ_TOO].append([hit.passage.doc_id for hit in judged_hits(judge, text, hits)])
            found["vectors alone"].append([hit.passage.doc_id for hit in sorted(hits, key=lambda hit: -hit.similarity)])
            plain = await searcher.search(text, k=50)
            found["ours, without vectors"].append([hit.passage.doc_id for hit in plain])
        await database.close()
    for name, rank in peers.items():
        found[name] = [rank(question.text) for question in collection.questions]
    return found


def recall(questions: Sequence[Question], ranked: Sequence[list[str]]) -> float:
    """Mean share of the answers that are among the best five articles."""
    pairs = zip(questions, ranked, strict=True)
    return statistics.mean(measures(docs, question.doc_ids)[1] for question, docs in pairs)


def first_one(questions: Sequence[Question], ranked: Sequence[list[str]]) -> float:
    """Share of the questions that the first article answers."""
    return statistics.mean(
        bool(docs) and docs[0] in question.doc_ids for question, docs in zip(questions, ranked, strict=True)
    )


def found_one(questions: Sequence[Question], ranked: Sequence[list[str]]) -> float:
    """Share of the questions with an answer among the best five articles."""
    pairs = zip(questions, ranked, strict=True)
    return statistics.mean(measures(docs, question.doc_ids)[1] > 0 for question, docs in pairs)


def report(questions: Sequence[Question], found: Rankings) -> None:
    """Print the table."""
    kinds = sorted({question.kind for question in questions})
    print(f"\n{len(questions)} queries; an answer first, among the best five (all answers), then the latter by kind")
    for name, ranked in found.items():
        by_kind = []
        for kind in kinds:
            places = [place for place, question in enumerate(questions) if question.kind == kind]
            own = found_one([questions[place] for place in places], [ranked[place] for place in places])
            by_kind.append(f"{kind} {own:.2f}")
        first, among, every = (share(questions, ranked) for share in (first_one, found_one, recall))
        print(f"  {name:24s} {first:.3f}   {among:.3f} ({every:.3f})   {'  '.join(by_kind)}")
    for tokenizer in _TOKENIZERS:
        silent = [
            place
            for place, question in enumerate(questions)
            if not question.doc_ids & set(found[f"FTS5 {tokenizer}"][place])
        ]
        ours = [place for place in silent if not questions[place].doc_ids & set(found[OURS][place][:20])]
        print(f"  {tokenizer}: finds no answer for {len(silent)} queries; ours finds none for {len(ours)} of these")


def misses(questions: Sequence[Question], found: Rankings) -> None:
    """Print what ours does not have among the best five."""
    for question, docs in zip(questions, found[OURS], strict=True):
        best = list(dict.fromkeys(docs))
        if not question.doc_ids & set(best[:5]):
            print(f"  {question.kind:9s} {question.text[:60]}")
            print(f"      wanted {sorted(question.doc_ids)}\n      got {best[:5]}")


async def _run(models: Path, part: str, show: bool) -> None:
    embed, read, judge = load_embed(models), load_read(models), load_judge(models)
    questions: list[Question] = []
    found: Rankings = {}
    for collection in written_sets(part):
        if collection.name.startswith("hard"):
            one = await rankings(collection, embed, read, judge)
            first = ", ".join(f"{first_one(collection.questions, one[name]):.3f} {name}" for name in (OURS, READ_TOO))
            print(
                f"{collection.name}: an answer among the best five {found_one(collection.questions, one[OURS]):.3f}; "
                f"first {first}"
            )
            questions.extend(collection.questions)
            for name, ranked in one.items():
                found.setdefault(name, []).extend(ranked)
    report(questions, found)
    if show:
        misses(questions, found)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--part", choices=["held", "tune"], default="held")
    parser.add_argument("--misses", action="store_true", help="Name the queries without an answer among the best five.")
    chosen = parser.parse_args()
    asyncio.run(_run(chosen.models, chosen.part, chosen.misses))


if __name__ == "__main__":
    main()
