"""Fits the constants of `agent_assist/suggestion/policy.py`: `python -m tests.benchmarks.fit_silence [--models DIR]`.

Log odds that a draft's sources answer, from the model's mark and the best passage's relevance: a logistic regression
over the tuning halves of the marketplace questions and of the written questions to the sample shop, each set and each
answer with the same weight in all. Prints the constants, and how well they divide the held halves.
"""

import argparse
import asyncio
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from tests.benchmarks.silence_scores import (
    SETS,
    Scored,
    marker,
    marking_choice,
    score,
    thinned,
)
from tests.helpers.models import models_dir


def log_odds(probability: float) -> float:
    """As `policy` takes them."""
    kept = min(max(probability, 0.001), 0.999)
    return math.log(kept / (1 - kept))


def features(rows: Sequence[Scored]) -> NDArray[np.float64]:
    """Log odds of mark and relevance, a row each."""
    return np.array([[log_odds(one.mark), log_odds(one.asked.relevance)] for one in rows])


def fit(sets: Sequence[Sequence[Scored]]) -> tuple[float, float, float]:
    """Weights of mark and relevance, and the constant. Reviewed texts are left out: no model is asked there."""
    kept = [[one for one in rows if not one.asked.approved] for rows in sets]
    rows = [one for part in kept for one in part]
    truth = np.array([one.asked.answerable for one in rows])
    weights = np.concatenate([_even(part) for part in kept])
    model = LogisticRegression(C=100.0, max_iter=1000).fit(features(rows), truth, sample_weight=weights)
    mark, relevance = model.coef_[0]
    return float(mark), float(relevance), float(model.intercept_[0])


def _even(rows: Sequence[Scored]) -> NDArray[np.float64]:
    truth = np.array([one.asked.answerable for one in rows])
    share = np.where(truth, truth.mean(), 1 - truth.mean())
    return np.asarray(0.5 / (share * len(rows)) * 200)


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--sets", nargs="+", choices=list(SETS), default=list(SETS))
    parser.add_argument("--rows", type=int, default=0, help="no more questions a set than this, evenly chosen; 0: all")
    options = parser.parse_args()
    version, mark = marking_choice(options.models).version, marker(options.models)
    sets = {
        name: score(thinned(asyncio.run(SETS[name](options.models)), options.rows), mark, version=version, name=name)
        for name in options.sets
    }
    tune = [[one for one in rows if one.asked.part == "tune"] for rows in sets.values() if rows]
    weights = fit(tune)
    print(f"MARK_WEIGHT, RELEVANCE_WEIGHT, CONSTANT = {weights[0]:.3f}, {weights[1]:.3f}, {weights[2]:.3f}")
    for name, rows in sets.items():
        own = [one for one in rows if one.asked.part == "tune" and one.asked.answerable and not one.asked.approved]
        odds = features(own) @ np.array(weights[:2]) + weights[2]
        least = [1 / (1 + math.exp(-float(np.quantile(odds, lost)))) for lost in (0.05, 0.15)]
        print(
            f"{name}, tuning half: suggestion.minimum_answerable {least[0]:.2f} loses 5 of 100 with an answer, "
            f"{least[1]:.2f} loses 15"
        )
        held = [one for one in rows if one.asked.part == "held" and not one.asked.approved]
        if not held:
            continue
        truth = [one.asked.answerable for one in held]
        both = features(held) @ np.array(weights[:2]) + weights[2]
        print(
            f"{name}, held half: AUROC {roc_auc_score(truth, both):.3f}; mark alone "
            f"{roc_auc_score(truth, [one.mark for one in held]):.3f}, relevance alone "
            f"{roc_auc_score(truth, [one.asked.relevance for one in held]):.3f}"
        )


if __name__ == "__main__":
    main()
