"""The counts that are kept with each order equal those counted from scratch."""

from collections import Counter
from datetime import timedelta
from itertools import product as pairs
from pathlib import Path

from agent_assist.domain.shop import Order, OrderItem, Product
from agent_assist.storage.codec import encode
from agent_assist.storage.connection import connect
from agent_assist.storage.database import Database
from agent_assist.storage.migrations import STEPS
from agent_assist.storage.offers import OfferStore, ProductVector
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.upgrade import upgrade
from tests.helpers.makers import NOON


def order(number: str, who: str, *skus: str, status: str = "delivered", day: int = 0) -> Order:
    items = tuple(OrderItem(sku=sku, name=sku, quantity=1, unit_price=1.0) for sku in skus)
    return Order(
        order_number=number,
        customer=who,
        customer_email=f"{who}@example.com",
        placed_at=NOON + timedelta(days=day),
        status=status,
        currency="CNY",
        total=1.0,
        items=items,
    )


async def counts(database: Database) -> dict[tuple[str, str], int]:
    sql = "SELECT sku, other, buyers FROM shared_buyers"
    return await database.read(lambda one: {(row[0], row[1]): row[2] for row in one.execute(sql)})


def from_scratch(orders: list[Order]) -> dict[tuple[str, str], int]:
    baskets: dict[str, set[str]] = {}
    for one in orders:
        if one.status not in {"cancelled", "refunded"}:
            baskets.setdefault(one.customer, set()).update(item.sku for item in one.items)
    return dict(Counter(pair for basket in baskets.values() for pair in pairs(basket, basket)))


async def test_counts_follow_every_change_of_an_order(database: Database) -> None:
    shop = ShopStore(database)
    orders = {
        "1": order("1", "ann", "A", "B"),
        "2": order("2", "ann", "C", day=1),
        "3": order("3", "bob", "A", "B"),
        "4": order("4", "cid", "A", status="cancelled"),
    }
    await shop.add_orders(list(orders.values()))
    assert await counts(database) == from_scratch(list(orders.values()))
    for changed in (
        order("3", "bob", "A", "B", status="refunded"),
        order("4", "cid", "A", "C"),
        order("1", "bob", "B"),
        order("2", "ann", "C", day=9),
        order("1", "bob"),
    ):
        orders[changed.order_number] = changed
        await shop.add_orders([changed])
        assert await counts(database) == from_scratch(list(orders.values()))


async def test_companions_are_sure_of_many_buyers_only(database: Database) -> None:
    shop, offers = ShopStore(database), OfferStore(database)
    often = [order(f"{who}", f"c{who}", "A", "B") for who in range(12)]
    await shop.add_orders([*often, order("x", "rare", "A", "Z")])
    found = await offers.companions(["A"])
    assert set(found) == {"B", "Z"}
    assert (found["B"].buyers, found["Z"].buyers) == (12, 1)
    assert found["B"].score > 4 * found["Z"].score
    assert await offers.companions(["nothing"]) == {}


async def test_a_customer_is_found_by_mail_phone_or_name(database: Database) -> None:
    shop, offers = ShopStore(database), OfferStore(database)
    await shop.add_orders([order("1", "Ann", "A"), order("2", "Ann", "A", "B", day=3)])
    for who in ("ann", "ANN@example.com"):
        bought = await offers.purchases(who)
        assert [(one.sku, one.at) for one in bought] == [
            ("A", NOON + timedelta(days=3)),
            ("B", NOON + timedelta(days=3)),
        ]
    assert await offers.purchases("") == []


async def test_the_version_grows_and_vectors_go_with_their_product(database: Database) -> None:
    shop, offers = ShopStore(database), OfferStore(database)
    before = await offers.version()
    await shop.add_products([Product(sku="A", name="a")])
    middle = await offers.version()
    await shop.add_products([Product(sku="A", name="a", stock=3)])
    assert before < middle < await offers.version()
    one = ProductVector(sku="A", model="m", digest="d", vector=b"\0\0\x80\x3f" + b"\0" * 4)
    await offers.save_vectors([one, ProductVector(sku="gone", model="m", digest="d", vector=one.vector)])
    assert await offers.digests("m") == {"A": "d"}
    assert (await offers.similarities(one.vector, model="m"))["A"] > 0.99
    assert await offers.similarities(one.vector, model="another") == {}
    assert await offers.similarities(b"", model="m") == {}


def test_orders_of_an_older_profile_are_counted_when_it_is_upgraded(tmp_path: Path) -> None:
    orders = [order("1", "ann", "A", "B"), order("2", "bob", "A", "B", "C"), order("3", "cid", "A", status="refunded")]
    connection = connect(tmp_path / "profile.db")
    before = next(place for place, (name, _) in enumerate(STEPS) if name.endswith("_recommendation"))
    upgrade(connection, tmp_path / "profile.db", steps=STEPS[:before])
    for one in orders:
        connection.execute(
            "INSERT INTO orders (order_number, customer, email, phone, placed_at, body) VALUES (?, ?, ?, '', 0, ?)",
            (one.order_number, one.customer, one.customer_email, encode(one)),
        )
    upgrade(connection, tmp_path / "profile.db")
    rows = connection.execute("SELECT sku, other, buyers FROM shared_buyers")
    assert {(row[0], row[1]): row[2] for row in rows} == from_scratch(orders)
    connection.close()
