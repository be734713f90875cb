"""Measures of a ranking against the known answers."""

import math
from collections.abc import Collection, Sequence


def measures(ranked: Sequence[str], gold: Collection[str]) -> tuple[float, float, float]:
    """nDCG@10, recall@5 and reciprocal rank within 10; an article counts at its first passage."""
    docs = list(dict.fromkeys(ranked))
    gain = sum(1 / math.log2(rank + 2) for rank, doc in enumerate(docs[:10]) if doc in gold)
    ideal = sum(1 / math.log2(rank + 2) for rank in range(min(len(gold), 10)))
    recall = len(set(gold) & set(docs[:5])) / len(gold)
    first = next((1 / (rank + 1) for rank, doc in enumerate(docs[:10]) if doc in gold), 0.0)
    return gain / ideal, recall, first
