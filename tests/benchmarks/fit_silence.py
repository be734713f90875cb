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

from models.reply.writer import Writer
from tests.benchmarks.silence_scores import (
    Scored,
    marker,
    marking_choice,
    product_questions,
    score,
    written_questions,
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
    return 0.5 / (share * len(rows)) * 200


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    options = parser.parse_args()
    choice = marking_choice(options.models)
    mark = marker(Writer.load(options.models))
    sets = {
        "products": score(
            asyncio.run(product_questions(options.models)), mark, version=choice.version, name="products"
        ),
        "written": score(asyncio.run(written_questions(options.models)), mark, version=choice.version, name="written"),
    }
    tune = [[one for one in rows if one.asked.part == "tune"] for rows in sets.values() if rows]
    weights = fit(tune)
    print(f"MARK_WEIGHT, RELEVANCE_WEIGHT, CONSTANT = {weights[0]:.3f}, {weights[1]:.3f}, {weights[2]:.3f}")
    for name, rows in sets.items():
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
