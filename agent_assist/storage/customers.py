"""The other tickets and the orders of a ticket's customer.

A name alone is weak: two customers may share one. So a ticket under the same name is left out where it is known of both
how their customer is reached, by the ticket itself or by its order, and the two do not agree.
"""

from collections.abc import Iterable, Sequence

from agent_assist.domain.customers import CustomerHistory, OtherTicket, SameCustomer
from agent_assist.domain.shop import Order
from agent_assist.domain.tickets import Role
from agent_assist.storage.bigrams import fold
from agent_assist.storage.codec import decode
from agent_assist.storage.connection import Connection, Row
from agent_assist.storage.database import Database
from agent_assist.storage.shop import compact_number
from agent_assist.storage.threads import PREVIEW_LENGTH, ticket_key
from agent_assist.storage.ticket_list import row_of

# A name such as "匿名用户" may have thousands of tickets; looking at this many of the newest is enough.
_MOST_CANDIDATES = 400

# That the name is not empty is said for SQLite, which only then knows that the index of names holds all of them.
NAMESAKES = """SELECT key, contact, order_number FROM tickets WHERE customer <> '' AND customer = ? AND key <> ?
ORDER BY last_at DESC LIMIT ?"""


class CustomerStore:
    """Who wrote, over a profile's tickets and orders."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def history(self, ticket_id: str, *, order_number: str | None = None, limit: int = 20) -> CustomerHistory:
        """The customer's other tickets, newest first, and orders. Raises `NotFoundError`.

        `order_number` is the order that the ticket is about where its own field does not say.
        """
        return await self._database.read(
            lambda connection: _history(connection, ticket_key(connection, ticket_id), order_number, limit)
        )


def _history(connection: Connection, key: int, order_number: str | None, limit: int) -> CustomerHistory:
    row = connection.execute("SELECT customer, contact, order_number FROM tickets WHERE key = ?", (key,)).fetchone()
    number = compact_number(order_number or row["order_number"] or "")
    own = _orders(connection, [number])
    known = _contacts(own, row["contact"])
    orders = _orders_of_same(connection, own, known)
    numbers = {compact_number(order.order_number) for order in orders} | ({number} if number else set())
    # The surer reason wins where there are two.
    found = _by_name(connection, key, row["customer"], known)
    found |= _by_contact(connection, key, known)
    found |= _by_order(connection, key, number, numbers)
    rows = _rows(connection, found)
    shown = tuple(
        OtherTicket(row=row_of(one), why=found[one["key"]], last_reply=_last_reply(connection, one["key"]))
        for one in rows[:limit]
    )
    return CustomerHistory(tickets=shown, total=len(rows), orders=tuple(orders))


def _by_order(connection: Connection, key: int, number: str, numbers: Iterable[str]) -> dict[int, SameCustomer]:
    found: dict[int, SameCustomer] = {}
    for one in numbers:
        rows = connection.execute("SELECT key FROM tickets WHERE order_number = ? AND key <> ?", (one, key))
        found |= {row["key"]: SameCustomer.ORDER if one == number else SameCustomer.CONTACT for row in rows}
    return found


def _by_contact(connection: Connection, key: int, known: Iterable[str]) -> dict[int, SameCustomer]:
    found: dict[int, SameCustomer] = {}
    for contact in known:
        forms = _forms(contact)
        marks = ",".join("?" * len(forms))
        rows = connection.execute(
            f"""SELECT key FROM tickets WHERE contact <> '' AND contact IN ({marks}) AND key <> ?
            ORDER BY last_at DESC LIMIT ?""",
            (*forms, key, _MOST_CANDIDATES),
        )
        found |= {row["key"]: SameCustomer.CONTACT for row in rows}
    return found


def _by_name(connection: Connection, key: int, customer: str, known: set[str]) -> dict[int, SameCustomer]:
    if not customer:
        return {}
    rows = connection.execute(NAMESAKES, (customer, key, _MOST_CANDIDATES)).fetchall()
    theirs = {compact_number(row["order_number"] or "") for row in rows} - {""}
    orders = {compact_number(order.order_number): order for order in _orders(connection, sorted(theirs))}
    return {
        row["key"]: SameCustomer.NAME
        for row in rows
        if not _somebody_else(known, row["contact"], orders.get(compact_number(row["order_number"] or "")))
    }


def _somebody_else(known: set[str], contact: str, order: Order | None) -> bool:
    contacts = _contacts([order] if order else [], contact)
    return bool(known and contacts) and not known & contacts


def _contacts(orders: Iterable[Order], contact: str) -> set[str]:
    """Addresses, and of numbers the last ten digits, which are the same however they are written."""
    found = {contact[-10:] if contact.isdigit() else contact}
    for order in orders:
        found |= {fold(order.customer_email), "".join(char for char in order.customer_phone if char.isdigit())[-10:]}
    return found - {""}


def _forms(contact: str) -> tuple[str, ...]:
    """How a contact may be stored: a number without its country, and with the codes that mobile numbers here have."""
    return (contact, f"1{contact}", f"861{contact}", f"86{contact}") if contact.isdigit() else (contact,)


def _orders(connection: Connection, numbers: Iterable[str]) -> list[Order]:
    found = []
    for number in numbers:
        row = connection.execute("SELECT body FROM orders WHERE order_number = ?", (number,)).fetchone()
        if row is not None:
            found.append(decode(row["body"], Order))
    return found


def _orders_of_same(connection: Connection, own: Sequence[Order], known: Iterable[str]) -> list[Order]:
    """The orders under the same e-mail addresses or phones, newest first."""
    found: dict[str, Order] = {order.order_number: order for order in own}
    for contact in known:
        column, forms = "phone" if contact.isdigit() else "email", _forms(contact)
        marks = ",".join("?" * len(forms))
        rows = connection.execute(f"SELECT body FROM orders WHERE {column} <> '' AND {column} IN ({marks})", forms)
        for other in (decode(row["body"], Order) for row in rows):
            found.setdefault(other.order_number, other)
    return sorted(found.values(), key=lambda order: order.placed_at, reverse=True)


def _rows(connection: Connection, keys: Iterable[int]) -> list[Row]:
    wanted = list(keys)
    marks = ",".join("?" * len(wanted))
    rows = connection.execute(
        f"""SELECT *, 0 AS answered_before, 1 AS open_tickets FROM tickets WHERE key IN ({marks})
        ORDER BY last_at DESC, key""",
        wanted,
    )
    return list(rows)


def _last_reply(connection: Connection, key: int) -> str:
    row = connection.execute(
        "SELECT text FROM messages WHERE ticket_key = ? AND role = ? ORDER BY idx DESC LIMIT 1", (key, Role.AGENT.value)
    ).fetchone()
    return " ".join(row["text"].split())[:PREVIEW_LENGTH] if row else ""
