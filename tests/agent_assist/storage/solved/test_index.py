"""The index of answered questions in a real encrypted file."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from agent_assist.domain.language import Language
from agent_assist.storage.database import Database
from agent_assist.storage.solved import IndexedExchange, SolvedQuery, SolvedStore
from agent_assist.storage.tickets import TicketStore
from tests.helpers.makers import NOON, agent, customer, ticket

ZERO, ONE = bytes(128), b"\xff" + bytes(127)


def exchange(code: bytes, *, words: str = "退款", vector: bytes = b"\0\0\x80\x3f") -> IndexedExchange:
    return IndexedExchange(
        question=0,
        first=1,
        last=1,
        at=NOON,
        language=Language.ZH,
        digest="d",
        words=words,
        products=(),
        profile=(("refund.status", 1.0),),
        vector=vector,
        code=code,
    )


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "profile.db", passphrase="solved")
    yield database
    await database.close()


async def add(database: Database, *numbers: int) -> None:
    thread = (customer("退款多久"), agent("三天", minute=1))
    await TicketStore(database).add([ticket(f"T{number}", *thread) for number in numbers])


async def index(store: SolvedStore, codes: Sequence[bytes]) -> None:
    for one, code in zip(await store.due(limit=999), codes, strict=True):
        await store.put(one, [exchange(code)], model="m")


async def nearest(store: SolvedStore, code: bytes) -> list[str]:
    query = SolvedQuery(terms=(), vector=b"\0\0\x80\x3f", code=code, model="m")
    return [one.ticket_id for one in (await store.candidates(query)).found]


async def test_new_questions_are_followed_and_gone_ones_passed_over(database: Database) -> None:
    store = SolvedStore(database)
    await add(database, 1, 2)
    await index(store, [ZERO, ONE])
    assert await nearest(store, ZERO) == ["T1", "T2"]
    await add(database, 3)
    await index(store, [ONE])
    assert await nearest(store, ONE) == ["T1", "T2", "T3"]
    await database.write(lambda connection: connection.execute("DELETE FROM tickets WHERE id = 'T2'"))
    assert await nearest(store, ONE) == ["T1", "T3"]
    assert await store.count() == 2


async def test_only_the_nearest_codes_are_candidates(database: Database) -> None:
    store = SolvedStore(database)
    await add(database, *range(130))
    await index(store, [ZERO] * 120 + [ONE] * 10)
    found = await nearest(store, ONE)
    assert len(found) == 100
    assert set(found) >= {f"T{number}" for number in range(120, 130)}
    assert "T0" not in found  # of equally near ones the newest
    assert "T125" not in await nearest(store, ZERO)


async def test_what_another_program_has_done_is_left_as_it_is(database: Database) -> None:
    store = SolvedStore(database)
    await add(database, 1)
    [due] = await store.due(limit=9)
    await store.put(due, [exchange(ZERO)], model="m")
    await store.put(due, [], model="m")
    assert (await store.count(), await store.count_due()) == (1, 0)


async def test_a_ticket_that_changes_meanwhile_stays_due(database: Database) -> None:
    store = SolvedStore(database)
    await add(database, 1)
    [due] = await store.due(limit=9)
    longer = (customer("退款多久"), agent("三天", minute=1), customer("好", minute=2), agent("嗯", minute=3))
    await TicketStore(database).add([ticket("T1", *longer)])
    await store.put(due, [exchange(ZERO)], model="m")
    assert (await store.count(), await store.count_due()) == (0, 1)


async def test_another_encoder_makes_all_due_again(database: Database) -> None:
    store = SolvedStore(database)
    await add(database, 1)
    await index(store, [ZERO])
    assert await store.make_due("m") == 0
    assert await store.make_due("other") == 1
    assert await store.count_due() == 1
