"""What customers buy beside what they have, the second half of bench_recommendation.

Hides one product of each customer of a made-up order set and prints how often it is among the first five, and its
reciprocal rank there: our counts in SQLite, the item-item and matrix factorisation recommenders of `implicit`, and
popularity. The program itself does without `implicit`, which needs numpy.
"""

import asyncio
import os
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import scipy.sparse

from agent_assist.storage.database import Database
from agent_assist.storage.offers import OfferStore
from agent_assist.storage.shop import ShopStore
from tests.benchmarks.made_up_orders import Shop, make_shop

K = 5
Ranker = Callable[[str], Sequence[str]]


def measure(shop: Shop, ranked: Ranker) -> tuple[float, float]:
    """Hit rate and mean reciprocal rank among the first five."""
    hits, gains = 0, 0.0
    for who, sku in shop.hidden.items():
        found = list(ranked(who))[:K]
        if sku in found:
            hits += 1
            gains += 1 / (found.index(sku) + 1)
    return hits / len(shop.hidden), gains / len(shop.hidden)


async def ours(shop: Shop) -> tuple[Ranker, float, float]:
    """Our rankings, read from a real profile; seconds for storing all orders and milliseconds a customer."""
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "profile.db")
        try:
            began = time.perf_counter()
            await ShopStore(database).add_orders(shop.orders())
            stored = time.perf_counter() - began
            offers = OfferStore(database)
            popular = await offers.buyers()
            began = time.perf_counter()
            rankings = {}
            for who in shop.hidden:
                known = shop.known(who)
                found = await offers.companions(known)
                score = {sku: one.score for sku, one in found.items()}
                # Where nothing is shared popularity decides, as it does in the advice.
                rest = [sku for sku in sorted(popular, key=lambda sku: (-popular[sku], sku)) if sku not in known]
                best = sorted(score, key=lambda sku: (-score[sku], sku))
                rankings[who] = [*best, *(sku for sku in rest if sku not in score)][:K]
            each = (time.perf_counter() - began) / len(shop.hidden) * 1000
        finally:
            await database.close()
    return rankings.__getitem__, stored, each


def popularity(shop: Shop) -> Ranker:
    """What sells most and the customer has not."""
    counts = Counter(sku for who in shop.baskets for sku in shop.known(who))
    order = [sku for sku, _ in counts.most_common()]
    return lambda who: [sku for sku in order if sku not in shop.known(who)][:K]


def peer(shop: Shop, model: Any) -> Ranker:
    """A recommender of `implicit` over the matrix of customers and products."""
    skus = sorted({sku for basket in shop.baskets.values() for sku in basket})
    place, people = {sku: index for index, sku in enumerate(skus)}, list(shop.baskets)
    pairs = [(row, place[sku]) for row, who in enumerate(people) for sku in shop.known(who)]
    rows, columns = zip(*pairs, strict=True)
    ones = np.ones(len(pairs), np.float64)
    matrix = scipy.sparse.csr_matrix((ones, (rows, columns)), shape=(len(people), len(skus)))
    with warnings.catch_warnings():  # it tells of its own conversions
        warnings.simplefilter("ignore")
        model.fit(matrix, show_progress=False)
    numbers = {who: row for row, who in enumerate(people)}

    def ranked(who: str) -> list[str]:
        row = numbers[who]
        found, _ = model.recommend(row, matrix[row], N=K, filter_already_liked_items=True)
        return [skus[index] for index in found if index >= 0]

    return ranked


def peers() -> dict[str, Any]:
    """The recommenders to compare with, at their own defaults where those make sense for 300 products."""
    try:
        from implicit.als import AlternatingLeastSquares
        from implicit.nearest_neighbours import (
            BM25Recommender,
            CosineRecommender,
            ItemItemRecommender,
            TFIDFRecommender,
        )
    except ImportError as error:
        raise SystemExit(f"{error}. The peers need implicit: pip install implicit.") from error
    return {
        "implicit item-item": ItemItemRecommender(K=100),
        "implicit cosine": CosineRecommender(K=100),
        "implicit TF-IDF": TFIDFRecommender(K=100),
        "implicit BM25": BM25Recommender(K=100),
        "implicit ALS, 16 factors": AlternatingLeastSquares(factors=16, random_state=0, num_threads=1),
        "implicit ALS, 64 factors": AlternatingLeastSquares(factors=64, random_state=0, num_threads=1),
    }


def compare(customers: int, *, seeds: int) -> Iterator[str]:
    """Lines of figures, means over `seeds` order sets of that many customers."""
    figures: dict[str, list[tuple[float, float]]] = {}
    for seed in range(seeds):
        shop = make_shop(customers, seed=seed)
        ranked, stored, each = asyncio.run(ours(shop))
        figures.setdefault("ours, SQLite", []).append(measure(shop, ranked))
        for name, model in peers().items():
            figures.setdefault(name, []).append(measure(shop, peer(shop, model)))
        figures.setdefault("popularity", []).append(measure(shop, popularity(shop)))
    yield f"{customers} customers, {len(shop.orders())} orders; {stored:.2f} s to store, {each:.2f} ms a customer"
    for name, values in figures.items():
        hit, rank = np.mean(values, axis=0)
        spread = np.std([value[0] for value in values])
        yield f"  {name:26} hit@{K} {hit:.3f} ± {spread:.3f}   MRR@{K} {rank:.3f}"
