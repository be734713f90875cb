"""Orders and products are found by what customers write."""

from datetime import timedelta
from typing import Any

import pytest

from agent_assist.domain.shop import Order, OrderEvent, OrderItem, Product
from agent_assist.storage.database import Database
from agent_assist.storage.shop import ShopStore
from tests.helpers.makers import NOON


def order(number: str, **fields: Any) -> Order:
    defaults: dict[str, Any] = {
        "customer": "李雷",
        "placed_at": NOON,
        "status": "shipped",
        "currency": "CNY",
        "total": 129.9,
        "items": (OrderItem(sku="A1", name="风扇", quantity=1, unit_price=129.9),),
        "events": (OrderEvent(at=NOON, text="已揽收"),),
        "customer_email": "Li@Example.com",
        "customer_phone": "138-0013-8000",
    }
    return Order(order_number=number, **(defaults | fields))


@pytest.fixture
def shop(database: Database) -> ShopStore:
    return ShopStore(database)


async def test_an_order_comes_back_by_its_number_in_any_writing(shop: ShopStore) -> None:
    given = order("GF2611020017")
    assert await shop.add_orders([given]) == 1
    for number in ("GF2611020017", "gf2611020017", " GF 2611020017", "ＧＦ2611020017"):
        assert await shop.order(number) == given
    assert await shop.order("GF2611020018") is None


async def test_adding_again_counts_and_keeps_changes_only(shop: ShopStore) -> None:
    await shop.add_orders([order("GF1"), order("GF2")])
    assert await shop.add_orders([order("GF1"), order("GF2", status="delivered")]) == 1
    changed = await shop.order("GF2")
    assert changed is not None
    assert changed.status == "delivered"


async def test_orders_of_a_customer_by_name_mail_or_phone_newest_first(shop: ShopStore) -> None:
    later = order("GF2", placed_at=NOON + timedelta(days=1))
    other = order("GF3", customer="韩梅梅", customer_email="", customer_phone="")
    await shop.add_orders([order("GF1"), later, other])
    for who in ("李雷", "li@example.com", "13800138000", "138 0013 8000"):
        assert [found.order_number for found in await shop.orders_of(who)] == ["GF2", "GF1"]
    assert [found.order_number for found in await shop.orders_of("韩梅梅")] == ["GF3"]
    assert await shop.orders_of("") == await shop.orders_of("李") == []


PRODUCTS = [
    Product(sku="FAN-1", name="晨风循环扇", name_en="Morning Breeze Fan", aliases=("循环扇", "电风扇")),
    Product(sku="FAN-2", name="晨风循环扇 Pro", name_en="Morning Breeze Fan Pro"),
    Product(sku="EAR-1", name="鹿鸣无线耳机", name_en="Luming Wireless Earbuds", attributes={"颜色": "白"}),
    Product(sku="CAP-1", name="遮阳帽", name_en="Cap"),
]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("我买的循环扇不转了", "FAN-1"),
        ("晨风循环扇pro 有货吗", "FAN-2"),
        ("my wireless earbuds are broken", "EAR-1"),
        ("Do you sell caps?", "CAP-1"),
        ("耳机", "EAR-1"),
        ("ear-1", "EAR-1"),
        ("what is the capacity", None),
        ("你好", None),
        ("", None),
    ],
)
async def test_products_are_found_in_what_a_customer_writes(shop: ShopStore, text: str, first: str | None) -> None:
    assert await shop.add_products(PRODUCTS) == 4
    found = await shop.find_products(text)
    assert (found[0].sku if found else None) == first


async def test_find_gives_at_most_the_limit(shop: ShopStore) -> None:
    await shop.add_products(PRODUCTS)
    assert [one.sku for one in await shop.find_products("晨风循环扇 pro", limit=1)] == ["FAN-2"]
    assert {one.sku for one in await shop.find_products("晨风")} == {"FAN-1", "FAN-2"}


async def test_products_come_in_the_order_asked_and_change_with_their_names(shop: ShopStore) -> None:
    await shop.add_products(PRODUCTS)
    assert [one.sku for one in await shop.products(["EAR-1", "NONE", "FAN-1"])] == ["EAR-1", "FAN-1"]
    assert await shop.add_products([Product(sku="CAP-1", name="渔夫帽"), PRODUCTS[0]]) == 1
    assert await shop.find_products("遮阳帽") == []
    assert [one.name for one in await shop.find_products("渔夫帽")] == ["渔夫帽"]
