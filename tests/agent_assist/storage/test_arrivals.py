"""Imports are idempotent, whatever comes in whichever order."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.domain.tickets import Message, Role, Ticket
from agent_assist.storage.arrivals import Known, unknown_tail
from agent_assist.storage.database import Database
from agent_assist.storage.tickets import TicketStore
from tests.helpers.makers import agent, customer, ticket

_messages = st.builds(
    lambda by_agent, text: agent(text) if by_agent else customer(text), st.booleans(), st.text("ab退\n", max_size=3)
)
_threads = st.lists(_messages, min_size=1, max_size=5)


def _prefixes(thread: list[Message]) -> st.SearchStrategy[list[Ticket]]:
    lengths = st.lists(st.integers(1, len(thread)), min_size=1, max_size=4)
    return lengths.map(lambda chosen: [ticket("T1", *thread[:length]) for length in chosen])


async def _after(batches: list[list[Ticket]]) -> tuple[Ticket, int, int]:
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "profile.db", readers=1)
        store = TicketStore(database)
        results = [await store.add(batch) for batch in batches]
        stored = await store.get("T1")
        await database.close()
    return stored, sum(result.imported for result in results), results[-1].imported


@settings(max_examples=40, deadline=None)
@given(_threads.flatmap(_prefixes))
def test_any_order_of_exports_ends_with_the_longest(exports: list[Ticket]) -> None:
    stored, _, imported_last = asyncio.run(_after([*([export] for export in exports), exports]))
    longest = max(exports, key=lambda one: len(one.messages))
    assert stored.messages == longest.messages
    assert imported_last == 0


@given(_threads, st.integers(0, 5))
def test_the_tail_is_what_is_missing(thread: list[Message], known: int) -> None:
    stored = [Known(message.role, message.text) for message in thread[:known]]
    assert unknown_tail(stored, thread) == thread[known:]


@given(_threads, st.integers(0, 5), st.text("xyz", min_size=1, max_size=3))
def test_replies_sent_from_here_never_make_a_conflict(thread: list[Message], place: int, text: str) -> None:
    stored = [Known(message.role, message.text) for message in thread]
    own = Known(Role.AGENT, text, own=True)
    stored.insert(min(place, len(stored)), own)
    assert unknown_tail(stored, thread) == []
    assert unknown_tail(stored, [*thread, customer("new!")]) == [customer("new!")]


def test_another_thread_is_a_conflict() -> None:
    assert unknown_tail([Known(Role.CUSTOMER, "a")], [customer("b")]) is None
    assert unknown_tail([Known(Role.CUSTOMER, "a")], [agent("a")]) is None
    assert unknown_tail([Known(Role.CUSTOMER, " a\n")], [customer("a")]) == []
