"""A process killed at any moment loses nothing that it had acknowledged."""

import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database
from agent_assist.storage.feedback import FeedbackLog
from agent_assist.storage.tickets import TicketStore
from tests.crash.writer_child import TICKETS, ticket_id

MOST_LINES = 60
pytestmark = pytest.mark.crash


@dataclass(frozen=True)
class Acknowledged:
    """What the child said was stored; `composer` is the last text, -1 for none."""

    acts: list[str]
    composer: int


def kill_a_writer(path: Path, round_number: int, passphrase: str, lines: int) -> Acknowledged:
    """Start a writer and kill it after `lines` acknowledgements, which is in the midst of later work."""
    command = [sys.executable, "-m", "tests.crash.writer_child", str(path), str(round_number), passphrase]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        said = [child.stdout.readline() for _ in range(lines)]
        child.kill()
        said += child.stdout.read().splitlines(keepends=True)
    words = [line.split() for line in said if line.endswith("\n")]
    return Acknowledged(
        acts=[value for what, value in words if what == "act"],
        composer=max((int(value) for what, value in words if what == "composer"), default=-1),
    )


def integrity(connection: Connection) -> list[str]:
    pages = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
    return pages + [row[0] for row in connection.execute("PRAGMA integrity_check")]


@pytest.mark.parametrize(("rounds", "passphrase"), [(17, ""), (3, "秘密")], ids=["plain", "encrypted"])
async def test_kills_lose_nothing_acknowledged(tmp_path: Path, rounds: int, passphrase: str) -> None:
    path = tmp_path / "profile.db"
    seed = random.randrange(10**6)
    print("seed", seed)  # shown when the test fails
    dice = random.Random(seed)
    acknowledged: list[str] = []
    for round_number in range(rounds):
        said = kill_a_writer(path, round_number, passphrase, dice.randrange(MOST_LINES))
        acknowledged += said.acts
        database = await Database.open(path, passphrase=passphrase, readers=1)
        store, log = TicketStore(database), FeedbackLog(database)
        assert await database.read(integrity) == ["ok"]
        events = await log.events()
        assert {event.id for event in events} >= set(acknowledged)
        # An act and its reply are one: each stored act has its reply in the thread, and no reply is without its act.
        acts = {event.id for event in events if event.ticket_id.startswith(f"R{round_number}-")}
        assert {reply.split()[1] for reply in await replies_of(store, round_number)} == acts
        assert int(await store.composer(ticket_id(round_number, TICKETS)) or -1) >= said.composer
        await database.close()
    assert len(acknowledged) > rounds


async def replies_of(store: TicketStore, round_number: int) -> list[str]:
    tickets = [await store.get(ticket_id(round_number, number)) for number in range(TICKETS)]
    return [message.text for ticket in tickets for message in ticket.messages[1:]]
