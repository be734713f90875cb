"""When search stays silent: `python -m tests.benchmarks.bench_abstention [--part held|tune]`.

On written questions to the sample shop, 200 with and 200 without an answer a part: the share of each for which the best
hit scores at least the setting `suggestion.minimum_relevance`; then, whatever the threshold, how many of the
questions without an answer stay silent where 5 of 100 of those with one are lost, and how many are lost where 90 of
100 of the others stay silent. Ours with the reader of passages, as the app searches, beside the search alone, the
cosine of the best passage and the share of the query's words.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from agent_assist.domain.knowledge import Hit
from agent_assist.engine.protocol import TextKind
from agent_assist.knowledge import Searcher
from agent_assist.settings.catalog import SUGGESTION_MINIMUM_RELEVANCE
from agent_assist.storage.database import Database
from tests.benchmarks.encoder import load_embed, load_read
from tests.benchmarks.reader import judged_hits, load_judge
from tests.benchmarks.retrieval_sets import Question, index_set, sample_shop, unanswerable, written_sets
from tests.helpers.models import models_dir

Best = NDArray[np.float64]
OURS, ALONE = "ours", "search alone"
_ARMS: dict[str, Callable[[Sequence[Hit], Sequence[Hit]], float]] = {
    OURS: lambda _, judged: judged[0].score,
    ALONE: lambda hits, _: hits[0].score,
    "cosine": lambda hits, _: max(max(hit.similarity, hit.question_match) for hit in hits),
    "words": lambda hits, _: max(hit.lexical for hit in hits),
}


async def collect(models: Path, questions: Sequence[Question]) -> list[tuple[Sequence[Hit], Sequence[Hit]]]:
    """The hits of each question in the sample shop, as the search gives them and with the reader's judgement."""
    embed, read, judge = load_embed(models), load_read(models), load_judge(models)
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "bench.db")
        searcher = Searcher(await index_set(database, sample_shop().articles, embed, read))
        texts = [await searcher.without_pinyin(question.text) for question in questions]
        found = [
            await searcher.search(text, vector, k=50, read=wish)
            for text, vector, wish in zip(texts, embed(texts, TextKind.QUERY), read(texts), strict=True)
        ]
        await database.close()
    return [(hits, judged_hits(judge, text, hits)) for text, hits in zip(texts, found, strict=True)]


def report(name: str, answered: Best, others: Best, kinds: Sequence[str]) -> None:
    """Print one arm."""
    auroc = roc_auc_score([1] * len(answered) + [0] * len(others), np.concatenate([answered, others]))
    few_lost, mostly_silent = np.quantile(answered, 0.05), np.quantile(others, 0.9)
    print(
        f"  {name:12s} AUROC {auroc:.3f}; silent {np.mean(others < few_lost):.2f} at 5 of 100 lost; "
        f"lost {np.mean(answered < mostly_silent):.2f} at 90 of 100 silent"
    )
    by_kind = {
        kind: np.mean([o < few_lost for o, k in zip(others, kinds, strict=True) if k == kind]) for kind in set(kinds)
    }
    print(
        "               silent by kind at 5 of 100 lost: "
        + ", ".join(f"{k} {v:.2f}" for k, v in sorted(by_kind.items()))
    )


async def _run(models: Path, part: str) -> None:
    with_answer = next(iter(written_sets(part))).questions
    without = unanswerable(part)
    found = await collect(models, [*with_answer, *without])
    for name, arm in _ARMS.items():
        scores = np.array([arm(one, judged) if one else -1.0 for one, judged in found])
        answered, others = scores[: len(with_answer)], scores[len(with_answer) :]
        if name in {OURS, ALONE}:
            least = SUGGESTION_MINIMUM_RELEVANCE.default
            if name == OURS:
                print(f"{len(answered)} questions with an answer, {len(others)} without, part {part}")
            shares = (np.mean(answered >= least), np.mean(others >= least))
            print(f"  {name}, at {least}: {shares[0]:.2f} of the former get sources, {shares[1]:.2f} of the others")
        report(name, answered, others, [question.kind for question in without])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--part", choices=["held", "tune"], default="held")
    chosen = parser.parse_args()
    asyncio.run(_run(chosen.models, chosen.part))


if __name__ == "__main__":
    main()
