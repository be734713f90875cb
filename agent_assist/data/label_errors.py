"""Rows whose label is likely wrong: a model that has not seen them would say something else, and say it surely.

Confident learning (Northcutt, Jiang and Chuang 2021, by cleanlab) over cross-validated probabilities of a logistic
regression on runs of one to three characters, which need no word boundaries in Chinese.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cleanlab.filter import find_label_issues
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from agent_assist.data.row import Row

LEAST = 3
"""A label needs so many different texts to be judged."""

_FOLDS = 5
# On 10,003 rows of 77 labels with 3 % of them replaced: 56 % of the suspects are replaced ones and 78 % of those are
# found, in 13 s on one core; 20,000 features find no more and take three times as long.
_FEATURES = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A row that the model reads otherwise; `given` and `suggested_score` are its probabilities of the two labels."""

    id: str
    label: str
    suggested: str
    given_score: float
    suggested_score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCheck:
    """The suspects, the least likely label first.

    `agreement` is the share of the `checked` rows that the model reads as labelled; `left_out` are labels with too few
    texts. `skipped` says why nothing was checked.
    """

    checked: int = 0
    agreement: float | None = None
    suspects: tuple[Suspect, ...] = ()
    left_out: tuple[str, ...] = ()
    skipped: str = ""


def check_labels(rows: Sequence[Row], *, seed: int = 0) -> LabelCheck:
    """Judge the rows that have exactly one label; equal texts share a fold, so that an error cannot confirm itself."""
    single = [row for row in rows if len(row.labels) == 1]
    texts_by_label = Counter(label for label, _ in {(row.labels[0], row.key) for row in single})
    names = sorted(label for label, count in texts_by_label.items() if count >= LEAST)
    left_out = tuple(sorted(set(texts_by_label) - set(names)))
    if len(names) < 2:
        reason = f"Labels can be checked where two of them have {LEAST} different texts each."
        return LabelCheck(left_out=left_out, skipped=reason)
    numbers = {name: number for number, name in enumerate(names)}
    judged = [row for row in single if row.labels[0] in numbers]
    labels = [numbers[row.labels[0]] for row in judged]
    folds = min(_FOLDS, *(texts_by_label[name] for name in names))
    scores = _out_of_fold(judged, labels, folds=folds, seed=seed)
    guesses = [int(guess) for guess in scores.argmax(axis=1)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        issues = find_label_issues(
            labels, scores, filter_by="both", return_indices_ranked_by="self_confidence", n_jobs=1
        )
    suspects = (_suspect(judged[place], names, scores[place], guesses[place]) for place in map(int, issues))
    return LabelCheck(
        checked=len(judged),
        agreement=sum(map(int.__eq__, guesses, labels)) / len(labels),
        suspects=tuple(one for one in suspects if one.label != one.suggested),
        left_out=left_out,
    )


def _suspect(row: Row, names: Sequence[str], scores: Sequence[float], guess: int) -> Suspect:
    return Suspect(
        id=row.id,
        label=row.labels[0],
        suggested=names[guess],
        given_score=round(float(scores[names.index(row.labels[0])]), 4),
        suggested_score=round(float(scores[guess]), 4),
    )


def _out_of_fold(rows: Sequence[Row], labels: Sequence[int], *, folds: int, seed: int) -> Any:
    """Probabilities of shape (rows, labels), each row's by a model that has seen neither it nor its doubles."""
    features = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), sublinear_tf=True, max_features=_FEATURES)
    model = make_pipeline(features, LogisticRegression(C=30.0, max_iter=60, tol=1e-3))
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")  # of labels whose texts all fell into one fold, and of fits cut short
        return cross_val_predict(
            model,
            [row.text for row in rows],
            labels,
            groups=[row.key for row in rows],
            cv=splitter,
            method="predict_proba",
        )
