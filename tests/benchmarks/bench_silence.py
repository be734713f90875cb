"""When a draft gives way to a question: `python -m tests.benchmarks.bench_silence [--models DIR] [--rows N]`.

On marketplace questions with ten candidate passages each (../shared/bench/reply_en_epqa.jsonl) and on the written
questions to the sample shop (200 with and 200 without an answer a part): the reply model's mark for the passages that
the app would draft from, weighed with their relevance as `suggestion.policy` does, beside the mark alone, the relevance
alone and the cosine of TF-IDF. Printed are AUROC and the share of the questions without an answer that stay without a
draft where few of the others are lost (15 of 100 for the marketplace, 5 of 100 for the shop), for the tuning and the
held half apart, and what the app's own settings do. Then, on reply_en_dstc11.jsonl, chrF of drafts from the gold
snippets against what a person wrote, beside the first snippet as it is.

Runs where the reply model marks; `fit_silence` fits the weights on the tuning halves.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Draft, GroundingPassage, Turn
from agent_assist.settings.catalog import SUGGESTION_MINIMUM_ANSWERABLE, SUGGESTION_MINIMUM_RELEVANCE
from agent_assist.suggestion.policy import CONSTANT, MARK_WEIGHT, RELEVANCE_WEIGHT
from models.reply.types import DraftStats
from models.reply.writer import Writer
from tests.benchmarks.fit_silence import log_odds
from tests.benchmarks.retrieval_sets import BENCH
from tests.benchmarks.silence_scores import (
    SETS,
    Scored,
    as_json,
    marker,
    marking_choice,
    score,
    thinned,
)
from tests.helpers.models import models_dir

# How many of the questions with an answer may be lost.
LOST = {"products": 0.15, "written": 0.05}
# What a reviewed text answers, the app answers whatever any score says.
SURE = 1e6


def combined(row: Scored) -> float:
    """The log odds that `suggestion.policy` judges by."""
    return MARK_WEIGHT * log_odds(row.mark) + RELEVANCE_WEIGHT * log_odds(row.asked.relevance) + CONSTANT


ARMS: dict[str, Callable[[Scored], float]] = {
    "mark and relevance": combined,
    "mark alone": lambda row: row.mark,
    "relevance alone": lambda row: row.asked.relevance,
    "TF-IDF cosine": lambda row: row.asked.overlap,
}


def report(name: str, rows: Sequence[Scored], *, lost: float) -> None:
    """Print a block of the table."""
    truth = np.array([row.asked.answerable for row in rows])
    if not len(rows) or truth.all() or not truth.any():
        return
    print(f"\n{name}: {truth.sum()} questions with an answer, {(~truth).sum()} without")
    for arm, value in ARMS.items():
        scores = np.array([SURE if row.asked.approved and arm != "TF-IDF cosine" else value(row) for row in rows])
        least = np.quantile(scores[truth], lost, method="lower")
        silent, gone = np.mean(scores[~truth] < least), np.mean(scores[truth] < least)
        kinds = np.array([row.asked.kind for row in rows])
        by_kind = ", ".join(
            f"{kind} {np.mean(scores[~truth & (kinds == kind)] < least):.2f}" for kind in sorted(set(kinds[~truth]))
        )
        print(
            f"  {arm:20s} AUROC {roc_auc_score(truth, scores):.3f}   "
            f"silent {silent:.2f} at {100 * gone:.0f} of 100 lost   ({by_kind})"
        )
    drafted = np.array([as_shipped(row) for row in rows])
    print(f"  {'by the settings':20s} silent {np.mean(~drafted[~truth]):.2f}, lost {np.mean(~drafted[truth]):.2f}")


def as_shipped(row: Scored) -> bool:
    """Whether the app answers, by its default settings."""
    if row.asked.approved:
        return True
    found = row.asked.relevance >= SUGGESTION_MINIMUM_RELEVANCE.default
    return found and combined(row) >= log_odds(SUGGESTION_MINIMUM_ANSWERABLE.default)


def replies(writer: Writer, rows: int, folder: Path = BENCH) -> None:
    """Print chrF of drafts against what people wrote."""
    path = folder / "reply_en_dstc11.jsonl"
    if not path.exists():
        return
    from sacrebleu.metrics import CHRF

    snippets = {
        row["id"]: row
        for row in map(json.loads, (folder / "kb_en_dstc11_hotel_restaurant.jsonl").read_text().splitlines())
    }
    asked = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][:rows]
    drafts, copied, hedged, began = [], [], 0, time.perf_counter()
    for number, row in enumerate(asked, start=1):
        gold = [snippets[name] for name in row["gold"]]
        texts = [one.get("answer") or one.get("text") or "" for one in gold]
        draft = Draft(
            id="",
            language="en",
            thread=[
                Turn(role=Role.CUSTOMER if turn["role"] == "user" else Role.AGENT, text=turn["text"])
                for turn in row["context"]
            ],
            passages=[
                GroundingPassage(
                    doc_id=one["id"],
                    title=one["entity"] + (f": {one['question']}" if one.get("question") else ""),
                    text=text,
                )
                for one, text in zip(gold, texts, strict=True)
            ],
        )
        stats = [one for one in writer.draft(draft, should_stop=lambda: False) if isinstance(one, DraftStats)][-1]
        hedged += stats.answerable is not None and stats.answerable < draft.hedge_below
        drafts.append(stats.text)
        copied.append(texts[0])
        pace = (time.perf_counter() - began) / number
        print(f"\rdrafts: {number} of {len(asked)}, {pace:.2f} s each", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    references = [[row["reference"] for row in asked]]
    print(f"\nreplies from gold snippets (DSTC11), {len(asked)} rows, {hedged} of them hedged")
    for name, texts in (("our draft", drafts), ("first snippet as it is", copied)):
        print(f"  {name:24s} chrF {CHRF().corpus_score(texts, references).score:.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--rows", type=int, default=0, help="no more questions a set than this, evenly chosen; 0: all")
    parser.add_argument("--sets", nargs="+", choices=list(SETS), default=list(SETS))
    parser.add_argument("--replies", type=int, default=100, help="rows of DSTC11; 0: none")
    parser.add_argument("--out", type=Path, help="every question with its scores, as JSON lines")
    options = parser.parse_args()
    version, mark = marking_choice(options.models).version, marker(options.models)
    everything: list[Scored] = []
    for name in options.sets:
        rows = thinned(asyncio.run(SETS[name](options.models)), options.rows)
        scored = score(rows, mark, version=version, name=name)
        everything += scored
        for part in ("tune", "held"):
            report(f"{name}, {part} half", [one for one in scored if one.asked.part == part], lost=LOST[name])
    if options.out:
        options.out.write_text("\n".join(map(as_json, everything)) + "\n", encoding="utf-8")
    if options.replies:
        replies(Writer.load(options.models), options.replies)


if __name__ == "__main__":
    main()
