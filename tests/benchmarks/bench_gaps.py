"""How well unanswered questions are grouped: `python -m tests.benchmarks.bench_gaps [--models DIR]`.

The questions of the sample shop's FAQ stand for questions that nothing answers; those of one article belong together.
Precision and recall are over pairs of questions, beside connected components of near vectors (chains). Stability: a
fifth of the questions is left out, five times; of the pairs of the others that are together before or after, the share
that is so both times.
"""

import argparse
import random
import struct
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from agent_assist.domain.language import detect_language
from agent_assist.knowledge.gaps import LEAST, Grouping
from agent_assist.knowledge.gaps import Question as Grouped
from tests.benchmarks.question_sets import Question, read_questions, sample_questions
from tests.helpers.models import models_dir

Pairs = set[tuple[int, int]]


def grouped(questions: Sequence[Question], places: Sequence[int], *, least: float) -> Pairs:
    """Pairs of places that one group holds."""
    items = [
        Grouped(side=questions[place].side, vector=struct.pack("<384f", *questions[place].vector)) for place in places
    ]
    grouping = Grouping(items, least=least)
    for _ in grouping.steps():
        pass
    return {(places[one], places[other]) for group in grouping.groups for one, other in combinations(sorted(group), 2)}


def chained(questions: Sequence[Question], *, least: float) -> Pairs:
    """The same for chains of vectors that are near."""
    groups = {place: {place} for place in range(len(questions))}
    for one, other in combinations(range(len(questions)), 2):
        cosine = sum(a * b for a, b in zip(questions[one].vector, questions[other].vector, strict=True))
        if cosine >= least and groups[one] is not groups[other]:
            groups[one] |= groups[other]
            for place in groups[other]:
                groups[place] = groups[one]
    return {
        pair for group in {id(one): one for one in groups.values()}.values() for pair in combinations(sorted(group), 2)
    }


def _told(name: str, found: Pairs, right: Pairs) -> None:
    both = len(found & right)
    precision, recall = both / max(1, len(found)), both / len(right)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"  {name:28s} precision {precision:.2f}  recall {recall:.2f}  F1 {f1:.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    texts, articles = sample_questions()
    known = [(text, article) for text, article in zip(texts, articles, strict=True) if len(article) == 1][:362]
    questions = read_questions([text for text, _ in known], parser.parse_args().models)
    right = {
        (one, other)
        for one, other in combinations(range(len(known)), 2)
        if known[one][1] == known[other][1] and detect_language(known[one][0]) is detect_language(known[other][0])
    }
    everyone = list(range(len(known)))
    print(f"{len(known)} questions of {len({article for _, article in known})} articles")
    for least in (0.2, LEAST, 0.4):
        began = time.perf_counter()
        whole = grouped(questions, everyone, least=least)
        _told(f"groups at {least} ({time.perf_counter() - began:.1f} s)", whole, right)
        dice, shares = random.Random(1), []
        for _ in range(5):
            kept = sorted(dice.sample(everyone, len(everyone) * 4 // 5))
            inside = {pair for pair in whole if pair[0] in set(kept) and pair[1] in set(kept)}
            part = grouped(questions, kept, least=least)
            shares.append(len(inside & part) / max(1, len(inside | part)))
        print(f"  {'':28s} stability {sum(shares) / 5:.2f}")
    for least in (0.9, 0.92, 0.94):
        _told(f"chains of cosines from {least}", chained(questions, least=least), right)


if __name__ == "__main__":
    main()
