"""Whose tickets are whose: by order, by contact, by name; two people of one name are kept apart where orders say so."""

import pytest

from agent_assist.domain.customers import SameCustomer
from agent_assist.domain.shop import Order
from agent_assist.errors import NotFoundError
from agent_assist.storage.customers import NAMESAKES, CustomerStore
from agent_assist.storage.database import Database
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore
from tests.helpers.makers import NOON, agent, customer, ticket


def order(number: str, *, email: str = "", phone: str = "", tracking: str = "") -> Order:
    return Order(
        order_number=number,
        customer="李雷",
        placed_at=NOON,
        status="shipped",
        currency="CNY",
        total=1.0,
        customer_email=email,
        customer_phone=phone,
        tracking_number=tracking,
    )


@pytest.fixture
async def store(database: Database, tickets: TicketStore) -> CustomerStore:
    shop = ShopStore(database)
    await shop.add_orders(
        [
            order("A1", email="li@a.cn"),
            order("A2", email="LI@a.cn", phone="138 0013 8000"),
            order("A3", phone="+86 13800138000"),
            order("B1", email="other@b.cn", tracking="SF1234567890"),
        ]
    )
    await tickets.add(
        [
            ticket("open", customer("now", minute=9), order_number="A1"),
            ticket("same order", customer("a", minute=1), agent("done", minute=2), order_number="A1", customer="雷"),
            ticket("same mail", customer("b", minute=3), order_number="A2", customer="Li Lei"),
            ticket("same name", customer("c", minute=4)),
            ticket("namesake", customer("d", minute=5), order_number="B1"),
            ticket("stranger", customer("e", minute=6), customer="韩梅梅"),
            ticket("nameless", customer("f", minute=7), customer=""),
        ]
    )
    return CustomerStore(database)


async def test_a_customers_other_tickets_are_told_with_the_reason(store: CustomerStore) -> None:
    history = await store.history("open")
    assert [(one.row.id, one.why) for one in history.tickets] == [
        ("same name", SameCustomer.NAME),
        ("same mail", SameCustomer.CONTACT),
        ("same order", SameCustomer.ORDER),
    ]
    assert [one.last_reply for one in history.tickets] == ["", "", "done"]
    assert history.total == 3
    assert {one.order_number for one in history.orders} == {"A1", "A2"}


async def test_a_phone_is_the_same_however_it_is_written(store: CustomerStore) -> None:
    history = await store.history("same mail")
    assert {one.order_number for one in history.orders} == {"A1", "A2", "A3"}


async def test_the_order_that_the_text_names_counts_as_the_tickets(store: CustomerStore) -> None:
    history = await store.history("same name", order_number="B1")
    assert [(one.row.id, one.why) for one in history.tickets] == [("namesake", SameCustomer.ORDER)]


async def test_without_a_name_and_an_order_nobody_is_the_same(store: CustomerStore) -> None:
    history = await store.history("nameless")
    assert (history.tickets, history.total, history.orders) == ((), 0, ())
    with pytest.raises(NotFoundError):
        await store.history("nowhere")


async def test_an_address_or_number_tells_namesakes_apart_without_an_order(
    store: CustomerStore, tickets: TicketStore
) -> None:
    await tickets.add(
        [
            ticket("mail", customer("x"), customer="Ann", contact="ann@a.com"),
            ticket("her other mail", customer("y"), customer="Ann Lee", contact="ann@a.com"),
            ticket("namesake's mail", customer("z"), customer="Ann", contact="ann@b.com"),
            ticket("by phone", customer("p"), customer="", contact="8613800138000"),
        ]
    )
    history = await store.history("mail")
    assert [(one.row.id, one.why) for one in history.tickets] == [("her other mail", SameCustomer.CONTACT)]
    history = await store.history("by phone")
    assert {one.order_number for one in history.orders} == {"A2", "A3"}
    assert [one.row.id for one in history.tickets] == ["same mail"]


async def test_a_profile_of_an_older_version_learns_contacts_with_the_next_import(
    store: CustomerStore, tickets: TicketStore
) -> None:
    await tickets.add([ticket("old", customer("x"), customer="Ann")])
    assert (await tickets.add([ticket("old", customer("x"), customer="Ann", contact="ann@a.com")])).duplicates == 1
    assert (await tickets.get("old")).contact == "ann@a.com"


async def test_no_more_than_asked_for_but_all_are_counted(store: CustomerStore) -> None:
    history = await store.history("open", limit=1)
    assert (len(history.tickets), history.total) == (1, 3)


async def test_an_order_is_found_by_its_parcel(store: CustomerStore, database: Database) -> None:
    shop = ShopStore(database)
    found = await shop.order_by_tracking("sf 1234567890")
    assert found is not None
    assert found.order_number == "B1"
    assert await shop.order_by_tracking("SF0") is None
    plan = await database.read(
        lambda connection: connection.execute(
            "EXPLAIN QUERY PLAN SELECT body FROM orders WHERE upper(json_extract(body, '$.tracking_number')) = 'X'"
        ).fetchall()
    )
    assert "orders_by_tracking" in plan[0]["detail"]


async def test_namesakes_are_found_by_the_index_of_names(store: CustomerStore, database: Database) -> None:
    plan = await database.read(
        lambda connection: connection.execute(f"EXPLAIN QUERY PLAN {NAMESAKES}", ("李雷", 1, 20)).fetchall()
    )
    assert any("USING INDEX tickets_by_customer" in row["detail"] for row in plan)
    assert not any(row["detail"].startswith("SCAN") for row in plan)
