"""The window is killed again and again at its work: nothing that it called stored is lost, nothing is sent twice."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent_assist.composition import App, open_app
from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.tickets import Role, TicketState
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.storage.database import Database
from agent_assist.storage.feedback import FeedbackLog
from tests.crash.killed_window import fill, kill_a_window, said

ROUNDS = 8
MOST_ACTS = 8
# Held replies and notes: fewer rounds, since each starts a window, and long enough to hold that none leaves meanwhile.
FEW_ROUNDS = 5
HELD_S = 60
pytestmark = pytest.mark.crash


@pytest.fixture
def dice() -> random.Random:
    seed = random.randrange(10**6)
    print("seed", seed)  # shown when the test fails
    return random.Random(seed)


async def replies(app: App, ticket_id: str) -> list[str]:
    thread = (await app.tickets.get(ticket_id)).messages
    return [message.text for message in thread if message.role is Role.AGENT]


async def test_killed_windows_lose_nothing(tmp_path: Path, dice: random.Random) -> None:
    profile = tmp_path / "profile"
    await fill(profile, 400)
    acknowledged: set[str] = set()
    for _ in range(ROUNDS):
        lines = kill_a_window(profile, dice.randrange(2, 2 * MOST_ACTS))
        acknowledged |= set(said(lines, "act"))
        app = await open_app(profile, engine=ScriptedEngine())
        events = {event.id: event for event in await app.feedback.events(limit=100_000)}
        assert acknowledged <= set(events)
        for event in events.values():
            assert await replies(app, event.ticket_id) == [event.final_text]
        typed = [words for words in lines if words[0] == "typed"]
        if typed and not any(event.ticket_id == typed[-1][1] for event in events.values()):
            assert (await app.tickets.open(typed[-1][1])).composer == typed[-1][2]
        await app.close()
    assert len(acknowledged) >= ROUNDS


async def hand_on(profile: Path, handed: list[str], now: datetime) -> None:
    """Fetch the replies that left by `now` behind those of `handed`, as a program that posts them does."""
    database = await Database.open(profile / "profile.db", readers=1)
    fetched = await FeedbackLog(database).sent(now=now, after=handed[-1] if handed else "", limit=100_000)
    handed += [event.id for event in fetched]
    await database.close()


async def test_a_held_reply_is_neither_lost_nor_sent_twice(tmp_path: Path, dice: random.Random) -> None:
    profile = tmp_path / "profile"
    await fill(profile, 200, undo_seconds=HELD_S)
    acts: set[str] = set()
    taken_back: set[str] = set()
    handed: list[str] = []
    held = 0
    for _ in range(FEW_ROUNDS):
        began = datetime.now(UTC)
        lines = kill_a_window(profile, dice.randrange(3, 2 * MOST_ACTS), "hold")
        acts |= set(said(lines, "act"))
        taken_back |= set(said(lines, "undone"))
        app = await open_app(profile, engine=ScriptedEngine())
        every = {event.id: event for event in await app.feedback.events(limit=100_000, include_undone=True)}
        standing = {event.id: event for event in await app.feedback.events(limit=100_000)}
        assert acts <= set(every)
        assert acts - set(standing) <= {event.undoes for event in every.values()}
        assert not taken_back & set(standing)
        one_a_ticket = {event.ticket_id: event for event in standing.values()}
        assert len(one_a_ticket) == len(standing)
        for event in every.values():
            await assert_whole(app, event, one_a_ticket.get(event.ticket_id))
        await app.close()
        held += sum(event.at >= began for event in standing.values())
        before = list(handed)
        await hand_on(profile, handed, began)  # none of this round's has left by then
        assert not {name for name in handed if every[name].at >= began}
        # At a moment amid those at which they leave, some are fetched, and the next call goes on behind them.
        amid = dice.choice([event.leaves_at for event in standing.values()] or [began])
        await hand_on(profile, handed, amid)
        await hand_on(profile, handed, datetime.now(UTC) + timedelta(seconds=HELD_S))
        assert handed[: len(before)] == before
        assert len(handed) == len(set(handed))
        assert set(handed) == set(standing)
    assert held >= FEW_ROUNDS
    assert taken_back


async def assert_whole(app: App, event: FeedbackEvent, stands: FeedbackEvent | None) -> None:
    """A ticket either has its one reply and is answered, or has none and waits, with the words back in the editor."""
    ticket = await app.tickets.get(event.ticket_id)
    if stands is not None:
        assert stands.held_seconds == HELD_S
        assert await replies(app, ticket.id) == [stands.final_text]
        assert ticket.state is TicketState.ANSWERED
    else:
        assert await replies(app, ticket.id) == []
        assert ticket.state is TicketState.WAITING
        assert (await app.tickets.open(ticket.id)).composer == f"reply to {ticket.id}"


async def test_a_killed_window_loses_no_note(tmp_path: Path, dice: random.Random) -> None:
    profile = tmp_path / "profile"
    await fill(profile, 200)
    written: set[str] = set()
    for _ in range(FEW_ROUNDS):
        lines = kill_a_window(profile, dice.randrange(1, 2 * MOST_ACTS), "note")
        written |= set(said(lines, "note"))
        app = await open_app(profile, engine=ScriptedEngine())
        events = await app.feedback.events(limit=100_000)
        assert written <= {event.id for event in events}
        assert {event.kind for event in events} <= {FeedbackKind.NOTED}
        noted: dict[str, list[str]] = {}
        for event in events:
            noted.setdefault(event.ticket_id, []).append(event.note)
        drafts = {words[1]: words[2] for words in lines if words[0] == "draft"}
        for ticket_id, draft in drafts.items():
            view = await app.tickets.open(ticket_id)
            assert len(view.ticket.messages) == 1  # a note is no part of the thread
            kept = noted.get(ticket_id, [])
            # One and the same transaction makes it a note and clears the draft.
            assert view.note_draft == ("" if draft in kept else draft)
        await app.close()
    assert len(written) >= FEW_ROUNDS
