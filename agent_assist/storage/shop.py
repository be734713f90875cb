"""Orders and products that the ticket view looks up."""

import re
from collections.abc import Iterable, Sequence

from agent_assist.domain.language import is_han
from agent_assist.domain.shop import Order, Product
from agent_assist.storage.bigrams import fold
from agent_assist.storage.codec import decode, encode, to_micros
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database
from agent_assist.storage.purchases import replace_purchases

_WORD = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")


class ShopStore:
    """Orders and products of a profile; adding one of a known number or SKU replaces it."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def add_orders(self, orders: Sequence[Order]) -> int:
        """Store orders in one transaction; returns how many are new or changed."""
        return await self._database.write(lambda connection: sum(_put_order(connection, order) for order in orders))

    async def add_products(self, products: Sequence[Product]) -> int:
        """Store products in one transaction; returns how many are new or changed."""
        return await self._database.write(
            lambda connection: sum(_put_product(connection, product) for product in products),
        )

    async def order(self, order_number: str) -> Order | None:
        """The order of that number, written in any case, or None."""
        number = compact_number(order_number)
        return await self._database.read(lambda connection: _order(connection, number))

    async def order_by_tracking(self, tracking_number: str) -> Order | None:
        """The order whose parcel has that number, or None."""
        number = compact_number(tracking_number)
        return await self._database.read(lambda connection: _tracked(connection, number)) if number else None

    async def orders_of(self, customer: str) -> list[Order]:
        """Orders of the customer with exactly that name, e-mail address or phone number; newest first."""
        who = fold(customer)
        return await self._database.read(lambda connection: _orders_of(connection, who)) if who else []

    async def products(self, skus: Sequence[str]) -> list[Product]:
        """The known ones of `skus`, in that order."""
        return await self._database.read(lambda connection: _products(connection, skus))

    async def find_products(self, text: str, *, limit: int = 5) -> list[Product]:
        """Products that a text speaks of, best first.

        A product's name, alias or SKU that stands in the text counts most (the longest first), then names that contain
        the text, then names that share at least half of their words with it.
        """
        folded = fold(text)
        return await self._database.read(lambda connection: _find(connection, folded, limit)) if folded else []


def _put_order(connection: Connection, order: Order) -> bool:
    number, body = compact_number(order.order_number), encode(order)
    if _is_stored(connection, "SELECT body FROM orders WHERE order_number = ?", number, body):
        return False
    connection.execute(
        "INSERT OR REPLACE INTO orders (order_number, customer, email, phone, placed_at, body) VALUES (?,?,?,?,?,?)",
        (
            number,
            fold(order.customer),
            fold(order.customer_email),
            _digits(order.customer_phone),
            to_micros(order.placed_at),
            body,
        ),
    )
    buyer = fold(order.customer_email) or _digits(order.customer_phone) or fold(order.customer)
    replace_purchases(connection, order, number=number, buyer=buyer, placed_at=to_micros(order.placed_at))
    return True


def _put_product(connection: Connection, product: Product) -> bool:
    body = encode(product)
    if _is_stored(connection, "SELECT body FROM products WHERE sku = ?", product.sku, body):
        return False
    connection.execute(
        "INSERT INTO products (sku, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
        (product.sku, body),
    )
    names = {fold(name) for name in (product.sku, product.name, product.name_en, *product.aliases)} - {""}
    connection.execute("DELETE FROM product_names WHERE sku = ?", (product.sku,))
    connection.executemany(
        "INSERT INTO product_names (sku, name) VALUES (?, ?)", [(product.sku, name) for name in sorted(names)]
    )
    return True


def _is_stored(connection: Connection, sql: str, key: str, body: str) -> bool:
    row = connection.execute(sql, (key,)).fetchone()
    return row is not None and row["body"] == body


def _order(connection: Connection, number: str) -> Order | None:
    row = connection.execute("SELECT body FROM orders WHERE order_number = ?", (number,)).fetchone()
    return decode(row["body"], Order) if row else None


def _tracked(connection: Connection, number: str) -> Order | None:
    row = connection.execute(
        "SELECT body FROM orders WHERE upper(json_extract(body, '$.tracking_number')) = ? ORDER BY placed_at DESC",
        (number,),
    ).fetchone()
    return decode(row["body"], Order) if row else None


def _orders_of(connection: Connection, who: str) -> list[Order]:
    phone = _digits(who) if not re.search(r"[^\W\d]", who) else ""
    rows = connection.execute(
        """SELECT body FROM orders WHERE customer = ?1 OR (email <> '' AND email = ?1) OR (phone <> '' AND phone = ?2)
        ORDER BY placed_at DESC, order_number""",
        (who, phone),
    )
    return [decode(row["body"], Order) for row in rows]


def _products(connection: Connection, skus: Iterable[str]) -> list[Product]:
    found = []
    for sku in skus:
        row = connection.execute("SELECT body FROM products WHERE sku = ?", (sku,)).fetchone()
        if row is not None:
            found.append(decode(row["body"], Product))
    return found


def _find(connection: Connection, text: str, limit: int) -> list[Product]:
    words = _words(text)
    scores: dict[str, float] = {}
    for row in connection.execute("SELECT sku, name FROM product_names"):
        score = _score(row["name"], text, words)
        if score > scores.get(row["sku"], 0.0):
            scores[row["sku"]] = score
    best = sorted(scores, key=lambda sku: (-scores[sku], sku))
    return _products(connection, best[:limit])


def _score(name: str, text: str, words: set[str]) -> float:
    if _stands_in(name, text):
        return 2.0 + len(name)
    if text in name:
        return 1.0 + len(text) / len(name)
    own = _words(name)
    shared = len(own & words) / len(own) if own else 0.0
    return shared if shared >= 0.5 else 0.0


def _stands_in(name: str, text: str) -> bool:
    """Whether the text holds the name, as a whole word where it is Latin: "cap" does not stand in "capacity"."""
    if any(is_han(char) for char in name):
        return name.replace(" ", "") in text.replace(" ", "")
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?:s|es)?(?![a-z0-9])", text) is not None


def _words(text: str) -> set[str]:
    """Latin words, and pairs of neighbouring Han characters."""
    words = set()
    for run in _WORD.findall(text):
        han = any(is_han(char) for char in run)
        words |= {run[index : index + 2] for index in range(len(run) - 1)} if han else {run}
    return words


def compact_number(number: str) -> str:
    """A number as it is stored and compared: half width, upper case, no spaces."""
    return fold(number).replace(" ", "").upper()


def _digits(phone: str) -> str:
    return "".join(char for char in fold(phone) if char.isdigit())
