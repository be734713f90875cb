"""Fits what `agent_assist/knowledge/searching/judged.py` and `agent_assist/suggestion/policy.py` make of the reader.

`python -m tests.benchmarks.fit_judgement [--models DIR]`

Rows are the best three hits of the tuning half of the written questions, with and without an answer, and of the hard
queries to the shop: log odds of search and reader; right is a hit of an expected article. A logistic regression gives
the weights; the constant is set so that as many questions without an answer reach the least relevance as by the search
alone. (How many clauses a passage has, its second best clause, the language, whether a hit is the search's first
and how far it lies behind the reader's favourite added nothing in cross-validation.) Then, on the same half and
on the sample shop's tickets, of the reviewed texts that would go out word for word how many are right by the least that
the reader may say of them; both are measured on the held half.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from agent_assist.domain.knowledge import Hit
from agent_assist.domain.language import Language, detect_language
from agent_assist.domain.understanding import Understanding
from agent_assist.engine.protocol import TextKind
from agent_assist.knowledge import Searcher
from agent_assist.knowledge.searching.judged import READ, judged, own_odds, read_odds
from agent_assist.settings.catalog import (
    SUGGESTION_APPROVED_THRESHOLD,
    SUGGESTION_MAX_PASSAGES,
    SUGGESTION_MINIMUM_RELEVANCE,
)
from agent_assist.storage.database import Database
from agent_assist.suggestion.policy import APPROVED_ANSWERS, Thresholds, UseApproved, decide, may_go_out
from tests.benchmarks.encoder import load_embed, load_read
from tests.benchmarks.reader import Judge, load_judge, read_hits
from tests.benchmarks.retrieval_sets import Question, index_set, sample_shop, unanswerable, written_sets
from tests.helpers.models import models_dir

THRESHOLDS = Thresholds(
    approved=SUGGESTION_APPROVED_THRESHOLD.default,
    relevance=SUGGESTION_MINIMUM_RELEVANCE.default,
    passages=SUGGESTION_MAX_PASSAGES.default,
)
THRESHOLD_ODDS = own_odds(THRESHOLDS.relevance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A question with its hits as the search gave them, and the reader's chances by their places.

    `sent`: the reviewed text that goes out word for word without the reader, by its place; `sent_read` the one that
    does with it.
    """

    question: Question
    hits: tuple[Hit, ...]
    chances: dict[int, float]
    sent: int | None
    sent_read: Hit | None

    @property
    def right(self) -> list[bool]:
        """Whether each hit is of an expected article."""
        return [hit.passage.doc_id in self.question.doc_ids for hit in self.hits]


async def collect(
    models: Path, judge: Judge, sets: Iterable[Sequence[Question]], *, sent_only: bool = False
) -> list[list[Found]]:
    """The hits of questions to the sample shop as a suggestion finds them, set by set.

    With `sent_only` those alone for which a reviewed text goes out, since reading takes time.
    """
    embed, read = load_embed(models), load_read(models)
    shop = sample_shop().articles
    languages = {article.doc_id: article.language for article in shop}
    found = []
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "bench.db")
        searcher = Searcher(await index_set(database, shop, embed, read))
        for questions in sets:
            rows = []
            texts = [await searcher.without_pinyin(question.text) for question in questions]
            for question, text, vector, wish in zip(
                questions, texts, embed(texts, TextKind.QUERY), read(texts), strict=True
            ):
                hits = tuple(await searcher.search(text, vector, k=2 * THRESHOLDS.passages, read=wish))
                if sent_only and _sent(wish, hits, question, languages) is None:
                    continue
                also = [place for place, hit in enumerate(hits) if may_go_out(hit, THRESHOLDS)]
                chances = read_hits(judge, text, hits, also=also)
                sent, sent_read = (
                    _sent(wish, found_hits, question, languages) for found_hits in (hits, judged(hits, chances))
                )
                rows.append(
                    Found(
                        question=question,
                        hits=hits,
                        chances=chances,
                        sent=hits.index(sent) if sent else None,
                        sent_read=sent_read,
                    )
                )
            print(f"{len(rows)} questions searched and read", flush=True)
            found.append(rows)
        await database.close()
    return found


def _sent(
    read: Understanding, hits: Sequence[Hit], question: Question, languages: Mapping[str, Language]
) -> Hit | None:
    """The reviewed text that goes out word for word."""
    decision = decide(
        read,
        hits,
        language=detect_language(question.text),
        article_languages=[languages[hit.passage.doc_id] for hit in hits],
        order_known=False,
        thresholds=THRESHOLDS,
    )
    return decision.hit if isinstance(decision, UseApproved) else None


def rows_of(found: Iterable[Found]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What is weighed of each hit that was read, and whether it is right."""
    values, right = [], []
    for one in found:
        for place in range(min(READ, len(one.hits))):
            values.append((own_odds(one.hits[place].score), read_odds(one.chances[place])))
            right.append(one.right[place])
    return np.array(values), np.array(right)


def _odds_of_as_many(others: Sequence[Found], model: LogisticRegression) -> float:
    """The log odds that as many of the questions without an answer reach as reach the least relevance by search."""
    share = np.mean([bool(one.hits) and one.hits[0].score >= THRESHOLDS.relevance for one in others])
    best = [model.decision_function(rows_of([one])[0]).max() if one.hits else -np.inf for one in others]
    return float(np.quantile(best, 1 - share))


def report(name: str, found: Sequence[Found], others: Sequence[Found]) -> None:
    """Print how the best hits divide questions with and without an answer, before and after."""
    for arm in ("search alone", "with the reader"):
        tops = [_best(one, arm) for one in (*found, *others)]
        scores = np.array([hit.score if hit else 0.0 for hit in tops])
        answered, silent = scores[: len(found)], scores[len(found) :]
        first = np.mean([
            hit is not None and hit.passage.doc_id in one.question.doc_ids
            for one, hit in zip(found, tops, strict=False)
        ])  # fmt: skip
        few = np.quantile(answered, 0.05)
        least = THRESHOLDS.relevance
        print(
            f"  {name}, {arm:15s} first hit {first:.3f}; AUROC "
            f"{roc_auc_score([1] * len(answered) + [0] * len(silent), scores):.3f}; silent {np.mean(silent < few):.2f} "
            f"at 5 of 100 lost (score {few:.2f}); at {least}: {np.mean(answered >= least):.2f} of the answerable and "
            f"{np.mean(silent >= least):.2f} of the others"
        )


def _best(one: Found, arm: str) -> Hit | None:
    hits = one.hits if arm == "search alone" else judged(one.hits, one.chances)
    return hits[0] if hits else None


def second_look(name: str, found: Sequence[Found], levels: Sequence[float]) -> None:
    """Print what of the reviewed texts goes out, and how much of it is right, by the least that the reader may say."""
    sent = [(one.chances[one.sent], one.right[one.sent], one.question) for one in found if one.sent is not None]
    read = [one.sent_read.passage.doc_id in one.question.doc_ids for one in found if one.sent_read is not None]
    print(f"  {name}, reviewed texts sent with the reader, as the app does: {len(read)}, wrong {read.count(False)}")
    for least in levels:
        kept = [right for chance, right, _ in sent if chance >= least]
        held = [right for chance, right, _ in sent if chance < least]
        print(
            f"  {name}, sent from {least:.2f} up: {len(kept)}, wrong {kept.count(False)}; "
            f"held back {len(held)}, wrong {held.count(False)}"
        )


async def _run(models: Path, levels: Sequence[float]) -> None:
    judge = load_judge(models)
    sets = {}
    for part in ("tune", "held"):
        written, hard, *_ = written_sets(part)
        sets[part] = (written.questions, unanswerable(part), hard.questions)
    tune = await collect(models, judge, sets["tune"])
    values, right = rows_of(one for rows in tune for one in rows)
    model = LogisticRegression(C=10.0, max_iter=1000).fit(values, right)
    own, reader = model.coef_[0]
    constant = THRESHOLD_ODDS - _odds_of_as_many(tune[1], model)
    print(f"OWN, READER, CONSTANT = {own:.3f}, {reader:.3f}, {constant + model.intercept_[0]:.3f}")
    [tickets] = await collect(models, judge, [sample_shop().questions], sent_only=True)
    second_look("tickets", tickets, levels)
    held = await collect(models, judge, sets["held"])
    for part, (found, others, hard_ones) in (("tune", tune), ("held", held)):
        report(f"{part} half", found, others)
        shown = [judged(one.hits, one.chances)[:1] for one in hard_ones]
        before = np.mean([one.right[:1] == [True] for one in hard_ones])
        after = np.mean([
            hits[0].passage.doc_id in one.question.doc_ids
            for one, hits in zip(hard_ones, shown, strict=True) if hits
        ])  # fmt: skip
        print(f"  {part} half, hard queries to the shop: first hit {before:.3f}, with the reader {after:.3f}")
        second_look(f"{part} half", [*found, *others], levels)


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--levels", type=float, nargs="+", default=[0.0, 0.05, 0.1, 0.2, 0.3, 0.5, APPROVED_ANSWERS])
    options = parser.parse_args()
    asyncio.run(_run(options.models, sorted(set(options.levels))))


if __name__ == "__main__":
    main()
