"""What a recommendation is drawn from: all products, their vectors, what a customer bought, and what sells together."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent_assist.domain.shop import Product
from agent_assist.storage.bigrams import fold
from agent_assist.storage.codec import decode, from_micros
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database

# One shared buyer is chance. The measure is the cosine of two products' buyers, with this many buyers added to either
# side; on the planted order set of tests/benchmarks/bench_recommendation.py it ranks as well as any.
_SHRINK = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A product that a customer has, and when it was last bought."""

    sku: str
    at: datetime
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """How well a product goes with those a customer has: `score` from 0 up; `buyers` have it and `beside` as well."""

    score: float
    beside: str
    buyers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductVector:
    """A product's unit vector by the encoder `model`; `digest` is of the text that it read."""

    sku: str
    model: str
    digest: str
    vector: bytes


class OfferStore:
    """Reads what recommending needs; writes vectors only."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def version(self) -> int:
        """Grows with every change of a product."""
        return await self._database.read(_version)

    async def products(self) -> tuple[int, list[Product]]:
        """All products by SKU, with the version that they are of."""
        return await self._database.read(lambda connection: (_version(connection), _products(connection)))

    async def purchases(self, customer: str) -> list[Purchase]:
        """What the customer of that e-mail address, phone number or name has, newest first."""
        who = fold(customer)
        return await self._database.read(lambda connection: _purchases(connection, who)) if who else []

    async def companions(self, skus: Sequence[str]) -> dict[str, Companion]:
        """Products that share buyers with `skus`, by SKU; `skus` themselves are left out."""
        return await self._database.read(lambda connection: _companions(connection, skus))

    async def buyers(self) -> dict[str, int]:
        """How many customers have each product that sold."""
        return await self._database.read(
            lambda connection: {
                row[0]: int(row[1])
                for row in connection.execute("SELECT sku, buyers FROM shared_buyers WHERE sku = other AND buyers > 0")
            },
        )

    async def digests(self, model: str) -> dict[str, str]:
        """Digest of each vector of the encoder `model`, by SKU."""
        sql = "SELECT sku, digest FROM product_vectors WHERE model = ?"
        return await self._database.read(lambda connection: dict(map(tuple, connection.execute(sql, (model,)))))

    async def save_vectors(self, vectors: Sequence[ProductVector]) -> None:
        """Keep vectors; those of products that are gone meanwhile are dropped."""
        await self._database.write_rebuildable(lambda connection: _save(connection, vectors))

    async def similarities(self, vector: bytes, *, model: str) -> dict[str, float]:
        """Cosine of the unit vector `vector` with each product that has a vector of `model`, by SKU; none for b""."""
        if not vector:
            return {}
        sql = "SELECT sku, 1.0 - vec_distance_cosine(vector, ?) FROM product_vectors WHERE model = ?"
        return await self._database.read(
            lambda connection: {row[0]: float(row[1]) for row in connection.execute(sql, (vector, model))},
        )


def _version(connection: Connection) -> int:
    return int(connection.execute("SELECT count FROM product_changes").fetchone()[0])


def _products(connection: Connection) -> list[Product]:
    return [decode(row["body"], Product) for row in connection.execute("SELECT body FROM products ORDER BY sku")]


def _purchases(connection: Connection, who: str) -> list[Purchase]:
    digits = "".join(char for char in who if char.isdigit())
    rows = connection.execute(
        """SELECT sku, max(purchases.placed_at) AS at, json_extract(body, '$.currency') AS currency
        FROM purchases JOIN orders USING (order_number)
        WHERE customer = ?1 OR (email <> '' AND email = ?1) OR (phone <> '' AND phone = ?2)
        GROUP BY sku ORDER BY at DESC, sku""",
        (who, digits),
    )
    return [Purchase(sku=row["sku"], at=from_micros(row["at"]), currency=row["currency"] or "") for row in rows]


def _companions(connection: Connection, skus: Iterable[str]) -> dict[str, Companion]:
    own = list(dict.fromkeys(skus))
    found: dict[str, Companion] = {}
    for sku in own:
        for other, buyers, cosine in _shared(connection, sku):
            known = found.get(other)
            best = known if known and known.buyers >= buyers else Companion(score=0.0, beside=sku, buyers=buyers)
            score = (known.score if known else 0.0) + cosine
            found[other] = Companion(score=score, beside=best.beside, buyers=best.buyers)
    return {sku: one for sku, one in found.items() if sku not in own}


def _shared(connection: Connection, sku: str) -> list[tuple[str, int, float]]:
    """Products with buyers in common: how many, and the shrunk cosine of the two sets of buyers."""
    rows = connection.execute(
        """SELECT pair.other, pair.buyers, mine.buyers, theirs.buyers
        FROM shared_buyers AS pair
        JOIN shared_buyers AS mine ON mine.sku = pair.sku AND mine.other = pair.sku
        JOIN shared_buyers AS theirs ON theirs.sku = pair.other AND theirs.other = pair.other
        WHERE pair.sku = ?1 AND pair.other <> ?1 AND pair.buyers > 0""",
        (sku,),
    )
    return [
        (row[0], int(row[1]), int(row[1]) / math.sqrt((int(row[2]) + _SHRINK) * (int(row[3]) + _SHRINK)))
        for row in rows
    ]


def _save(connection: Connection, vectors: Sequence[ProductVector]) -> None:
    connection.executemany(
        """INSERT OR REPLACE INTO product_vectors (sku, model, digest, vector)
        SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM products WHERE sku = ?1)""",
        [(one.sku, one.model, one.digest, one.vector) for one in vectors],
    )
