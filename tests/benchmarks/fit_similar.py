"""Fits the coefficients of agent_assist/knowledge/solved/comparing.py.

`python -m tests.benchmarks.fit_similar [--models DIR]`

Rows are pairs of questions of the sample shop in one language, each with its 50 nearest by vector; a pair is positive
when one article answers both. A logistic regression weighs the signals; its slope and intercept are set once more on
the best two of every question alone, after two fifths of the questions have lost all that is like them, so that the
number reads as "how likely this one, as the best, is alike" also where nothing is. Prints the coefficients and what
they are worth on questions that they were not fitted on.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from agent_assist.domain.language import detect_language
from agent_assist.knowledge.solved import Likeness, compare, full_features, rarity, word_features
from tests.benchmarks.question_sets import read_questions, sample_questions
from tests.helpers.models import models_dir

_NEAREST = 50
_WITHOUT = 0.4

Floats = NDArray[np.float64]
Features = Callable[[Likeness], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class _Pool:
    """A question's neighbours, and whether each is alike; `bare` ones are shown without those that are."""

    neighbours: tuple[tuple[Likeness, bool], ...]
    bare: bool

    @property
    def shown(self) -> list[tuple[Likeness, bool]]:
        return [one for one in self.neighbours if not (self.bare and one[1])]


def collect(models: Path) -> list[_Pool]:
    """The neighbours of every question."""
    texts, articles = sample_questions()
    questions = read_questions(texts, models)
    languages = [detect_language(text) for text in texts]
    weights = rarity(Counter(word for one in questions for word in one.side.words), len(questions))
    vectors = np.array([one.vector for one in questions])
    bare = np.random.default_rng(1).random(len(questions)) < _WITHOUT
    pools = []
    for place, question in enumerate(questions):
        own = {word: weights[word] for word in question.side.words}
        cosines = vectors @ vectors[place]
        near = [int(one) for one in np.argsort(-cosines) if one != place and languages[one] is languages[place]]
        pairs = [
            (
                compare(question.side, questions[other].side, cosine=float(cosines[other]), weights=own),
                bool(articles[place] & articles[other]),
            )
            for other in near[:_NEAREST]
        ]
        pools.append(_Pool(tuple(pairs), bool(bare[place])))
    return pools


def fit(pools: Sequence[_Pool], features: Features) -> Floats:
    """Intercept and weights, calibrated on the best two."""
    rows = [features(one) for pool in pools for one, _ in pool.neighbours]
    labels = [right for pool in pools for _, right in pool.neighbours]
    model = LogisticRegression(C=10.0, max_iter=3000).fit(rows, labels)
    weights = np.array([model.intercept_[0], *model.coef_[0]])
    best = [item for pool in pools for item in _ranked(pool.shown, weights, features)[:2]]
    top = LogisticRegression(C=1.0).fit([[score] for score, _ in best], [right for _, right in best])
    slope = top.coef_[0][0]
    return np.array([top.intercept_[0] + slope * weights[0], *(slope * weights[1:])])


def _ranked(pairs: Sequence[tuple[Likeness, bool]], weights: Floats, features: Features) -> list[tuple[float, bool]]:
    scored = [(float(weights[0] + np.dot(weights[1:], features(one))), right) for one, right in pairs]
    return sorted(scored, key=lambda item: -item[0])


def report(pools: Sequence[_Pool], features: Features) -> None:
    """Print the coefficients and the held-out figures."""
    best: list[tuple[float, bool, bool]] = []
    for train, test in KFold(5, shuffle=True, random_state=1).split(np.zeros(len(pools))):
        weights = fit([pools[place] for place in train], features)
        for pool in (pools[place] for place in test):
            score, right = _ranked(pool.shown, weights, features)[0]
            best.append((1 / (1 + np.exp(-score)), right, any(one for _, one in pool.shown)))
    print(f"{features.__name__}: {fit(pools, features).round(2).tolist()}")
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = [right for score, right, _ in best if low <= score < low + 0.2 + (low == 0.8)]
        print(f"  best one scored {low:.1f} to {low + 0.2:.1f}: {len(inside):3d}, alike {np.mean(inside or [0]):.2f}")
    for low in (0.3, 0.4, 0.5, 0.6):
        found = np.mean([score >= low and right for score, right, there in best if there])
        wrong = np.mean([score >= low for score, _, there in best if not there])
        print(
            f"  threshold {low}: {found:.2f} of those with a like one found, {wrong:.2f} of the others shown something"
        )


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    pools = collect(parser.parse_args().models)
    report(pools, full_features)
    report(pools, word_features)


if __name__ == "__main__":
    main()
