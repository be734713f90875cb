"""How long the ticket list takes with 100,000 tickets: `python -m tests.benchmarks.ticket_list [--plain]`.

Made-up threads of one to three messages, an encrypted database unless `--plain`. Prints for every query the median of
five runs of one page of 50 rows and of the count, in milliseconds, measured around the awaited call.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent_assist.domain.language import Language
from agent_assist.domain.tickets import Channel, Message, Role, Ticket, TicketQuery, TicketSort, TicketState
from agent_assist.domain.understanding import URGENCIES, ScoredLabel, Understanding
from agent_assist.storage.database import Database
from agent_assist.storage.tickets import TicketStore

START = datetime(2026, 1, 1, tzinfo=UTC)
CHUNK = 2000
INTENTS = ("logistics.track", "refund.status", "order.cancel", "presale.product_info", "return.request")
PHRASES = (
    "我的快递三天没有更新了，麻烦帮我查一下",
    "退款什么时候能到账，已经等了一个星期",
    "请问这款循环扇还有白色的吗，什么时候补货",
    "发票抬头填错了可以重新开一张吗",
    "收到的杯子碎了两个，要求换货",
    "Where is my order, the tracking has not moved since Monday",
    "I would like to return the jacket, it is too small",
    "The earbuds do not charge any more, is this covered by the warranty",
    "Please cancel my order before it ships",
    "能不能改一下收货地址，我搬家了",
)
QUERIES = {
    "all, longest waiting": TicketQuery(),
    "all, newest": TicketQuery(sort=TicketSort.NEWEST),
    "all, urgency": TicketQuery(sort=TicketSort.URGENCY),
    "waiting": TicketQuery(state=TicketState.WAITING),
    "waiting, one intent": TicketQuery(state=TicketState.WAITING, intent="refund.status"),
    "topic and language, newest": TicketQuery(intent="logistics", language="en", sort=TicketSort.NEWEST),
    "critical, by urgency": TicketQuery(urgency="critical", sort=TicketSort.URGENCY),
    "text 退款": TicketQuery(text="退款"),
    "text 发票抬头": TicketQuery(text="发票抬头"),
    "text 的": TicketQuery(text="的"),
    "text e": TicketQuery(text="e"),
    "text my order": TicketQuery(text="my order"),
    "text my order, newest": TicketQuery(text="my order", sort=TicketSort.NEWEST),
    "text of one ticket": TicketQuery(text="T0077777"),
    "text found nowhere": TicketQuery(text="量子纠缠"),
}


def _tickets(count: int, dice: random.Random) -> list[Ticket]:
    return [_ticket(number, dice) for number in range(count)]


def _ticket(number: int, dice: random.Random) -> Ticket:
    at = START + timedelta(seconds=dice.randrange(300 * 86400))
    messages = [
        Message(
            role=Role.AGENT if index % 2 else Role.CUSTOMER,
            text=" ".join(dice.sample(PHRASES, 2)) + f" {dice.randrange(10**6)}",
            at=at + timedelta(minutes=index),
        )
        for index in range(dice.choice((1, 1, 2, 3)))
    ]
    state = TicketState.WAITING if len(messages) % 2 else dice.choice((TicketState.ANSWERED, TicketState.DONE))
    return Ticket(
        id=f"T{number:07}",
        messages=tuple(messages),
        created_at=at,
        customer=f"顾客{dice.randrange(30000)}",
        subject="",
        channel=Channel.CHAT,
        state=state,
    )


def _understanding(dice: random.Random) -> Understanding:
    return Understanding(
        language=dice.choice(list(Language)),
        intents=(ScoredLabel(label=dice.choice(INTENTS), score=0.9),),
        in_scope=True,
        entities=(),
        sentiment=ScoredLabel(label="neutral", score=0.9),
        urgency=ScoredLabel(label=dice.choice(URGENCIES), score=0.9),
    )


async def _median_ms(call: Callable[[], Awaitable[object]]) -> float:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        await call()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


async def measure(count: int, passphrase: str | None) -> None:
    """Fill a database and print the table."""
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profile.db"
        database = await Database.open(path, passphrase=passphrase)
        store = TicketStore(database)
        tickets = _tickets(count, dice)
        start = time.perf_counter()
        for place in range(0, count, CHUNK):
            await store.add(tickets[place : place + CHUNK])
        print(
            f"import: {count / (time.perf_counter() - start):,.0f} tickets/s, file {path.stat().st_size / 1e6:.0f} MB"
        )
        start = time.perf_counter()
        for ticket in tickets[::20]:
            index = ticket.last_customer_index() or 0
            await store.save_understanding(
                ticket.id,
                ticket_version=1,
                message_index=index,
                understanding=_understanding(dice),
                vector=b"\0" * 1536,
            )
        print(f"understandings: {count / 20 / (time.perf_counter() - start):,.0f}/s")
        for name, query in QUERIES.items():
            total = await store.count(query)
            first = await _median_ms(lambda query=query: store.page(query, offset=0, limit=50))  # type: ignore[misc]
            last = await _median_ms(
                lambda query=query, total=total: store.page(query, offset=max(0, total - 50), limit=50)  # type: ignore[misc]
            )
            counted = await _median_ms(lambda query=query: store.count(query))  # type: ignore[misc]
            print(f"{name:30} {total:7,} rows   first {first:6.1f}   last {last:6.1f}   count {counted:6.1f} ms")
        print(f"unread: {await _median_ms(lambda: store.unread(limit=32)):.1f} ms")
        print(f"open: {await _median_ms(lambda: store.get('T0000777')):.1f} ms")
        await database.close()


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--plain", action="store_true")
    arguments = parser.parse_args()
    asyncio.run(measure(arguments.tickets, None if arguments.plain else "benchmark"))


if __name__ == "__main__":
    main()
