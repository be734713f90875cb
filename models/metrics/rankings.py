"""Rankings of documents against the known answers (torchmetrics)."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torchmetrics.functional.retrieval import (
    retrieval_average_precision,
    retrieval_normalized_dcg,
    retrieval_precision,
    retrieval_recall,
    retrieval_reciprocal_rank,
)

Measure = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
MEASURES: dict[str, Measure] = {
    "ndcg@10": lambda scores, truth: retrieval_normalized_dcg(scores, truth, top_k=10),
    "mrr@10": lambda scores, truth: retrieval_reciprocal_rank(scores, truth, top_k=10),
    "map": retrieval_average_precision,
    "p@1": lambda scores, truth: retrieval_precision(scores, truth, top_k=1),
    "recall@1": lambda scores, truth: retrieval_recall(scores, truth, top_k=1),
    "recall@5": lambda scores, truth: retrieval_recall(scores, truth, top_k=5),
    "recall@10": lambda scores, truth: retrieval_recall(scores, truth, top_k=10),
    "recall@20": lambda scores, truth: retrieval_recall(scores, truth, top_k=20),
}


def score_ranking(scores: NDArray[np.float32], relevant: NDArray[np.bool_]) -> dict[str, float]:
    """All `MEASURES` of one query; both are [documents]. Of equal scores the earlier document goes first."""
    order = np.argsort(-scores, kind="stable")
    truth = torch.from_numpy(relevant[order])
    # Places from the end instead of scores: torchmetrics takes a document whose score is not positive for not found.
    places = torch.arange(len(order), 0, -1, dtype=torch.float64)
    return {name: float(measure(places, truth)) for name, measure in MEASURES.items()}
