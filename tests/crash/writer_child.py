"""A program that records acts as fast as it can and says which are done, until it is killed.

`python -m tests.crash.writer_child DATABASE ROUND PASSPHRASE`; a line "act ID" or "composer TEXT" is printed, flushed,
only after the call that stored it has returned.
"""

import asyncio
import sys
from pathlib import Path

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.ids import new_id, utc_now
from agent_assist.domain.tickets import Message, Role, Ticket
from agent_assist.storage.database import Database
from agent_assist.storage.tickets import TicketStore

TICKETS = 20
"""Acts go to tickets 0 to 19 of a round, unsent text to the one after."""


def ticket_id(round_number: int, number: int) -> str:
    """Id of a ticket of a round."""
    return f"R{round_number}-{number}"


async def write(path: Path, round_number: int, passphrase: str | None) -> None:
    """Never returns."""
    store = TicketStore(await Database.open(path, passphrase=passphrase))
    question = Message(role=Role.CUSTOMER, text="快递到哪了", at=utc_now())
    names = [ticket_id(round_number, number) for number in range(TICKETS + 1)]
    await store.add([Ticket(id=name, messages=(question,), created_at=question.at) for name in names])
    print("ready", flush=True)
    count = 0
    while True:
        count += 1
        await asyncio.gather(_act(store, names[count % TICKETS]), _compose(store, names[-1], count))


async def _act(store: TicketStore, name: str) -> None:
    act = FeedbackEvent(
        id=new_id(),
        at=utc_now(),
        kind=FeedbackKind.WRITTEN,
        ticket_id=name,
        ticket_version=1,
        message_index=0,
        final_text="回复",
    )
    await store.record(act, reply=Message(role=Role.AGENT, text=f"回复 {act.id}", at=act.at))
    print("act", act.id, flush=True)


async def _compose(store: TicketStore, name: str, count: int) -> None:
    await store.save_composer(name, str(count))
    print("composer", count, flush=True)


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] or None))
