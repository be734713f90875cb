"""Which corrections stand, and what is kept of them."""

from dataclasses import replace

import pytest

from agent_assist.domain.feedback import FeedbackKind
from agent_assist.domain.tickets import TicketState
from agent_assist.errors import NotFoundError
from agent_assist.storage.database import Database
from agent_assist.storage.lessons import LessonStore
from agent_assist.storage.tickets import TicketStore
from tests.helpers.makers import agent, customer, event, suggestion, ticket, understanding, undo_of


@pytest.fixture
def lessons(database: Database) -> LessonStore:
    return LessonStore(database)


async def test_the_newest_standing_correction_of_each_message_is_told_last(
    tickets: TicketStore, lessons: LessonStore
) -> None:
    await tickets.add([ticket("A", customer("一"), agent("二", minute=1), customer("三", minute=2)), ticket("B")])
    kind = FeedbackKind.INTENTS_CORRECTED
    first = event(kind, ticket_id="A", message_index=0, intents=("order.status",))
    other = event(kind, ticket_id="B", intents=())
    second = event(kind, ticket_id="A", message_index=0, intents=("refund.status",))
    entities = event(FeedbackKind.ENTITIES_CORRECTED, ticket_id="A", message_index=2, entities=())
    for act in (first, other, second, entities):
        await tickets.record(act)
    found = await lessons.all()
    assert [(one.id, one.intents) for one in found] == [("0@B", ()), ("0@A", ("refund.status",))]
    assert (found[1].event_id, found[1].ticket.messages[2].text) == (second.id, "三")
    await tickets.undo(undo_of(second))
    standing = await lessons.of("A", 0)
    assert standing is not None
    assert (standing.event_id, standing.intents) == (first.id, ("order.status",))
    await tickets.undo(undo_of(first))
    assert await lessons.of("A", 0) is None
    assert [one.id for one in await lessons.all()] == ["0@B"]


async def test_features_are_kept_with_the_encoder_that_made_them(tickets: TicketStore, lessons: LessonStore) -> None:
    await tickets.add([ticket("A")])
    await tickets.record(event(FeedbackKind.INTENTS_CORRECTED, ticket_id="A", intents=("order.status",)))
    [fresh] = await lessons.all()
    assert (fresh.trunk, fresh.features) == ("", b"")
    for trunk in ("old", "new"):
        await lessons.keep_features([replace(fresh, trunk=trunk, features=b"\1\2")])
    [kept] = await lessons.all()
    assert (kept.trunk, kept.features) == ("new", b"\1\2")
    with pytest.raises(NotFoundError):
        await lessons.keep_features([replace(fresh, ticket=replace(fresh.ticket, id="gone"))])


async def test_waiting_are_the_tickets_that_were_read_with_their_newest_vector(
    tickets: TicketStore, lessons: LessonStore
) -> None:
    await tickets.add(
        [
            ticket("late", customer("一", minute=9)),
            ticket("early", customer("二"), customer("三", minute=1)),
            ticket("unread"),
            ticket("done", customer("四"), state=TicketState.DONE),
        ]
    )
    for name, index in (("late", 0), ("early", 0), ("early", 1), ("done", 0)):
        await tickets.save_understanding(
            name, ticket_version=1, message_index=index, understanding=understanding(), vector=bytes([index] * 4)
        )
    found = await lessons.waiting(offset=0, limit=9)
    assert [(one.ticket.id, one.message_index, one.vector) for one in found] == [
        ("early", 1, b"\1\1\1\1"),
        ("late", 0, b"\0\0\0\0"),
    ]
    assert [one.ticket.id for one in await lessons.waiting(offset=1, limit=9)] == ["late"]


async def test_a_suggestion_falls_with_the_reading_it_rests_on(tickets: TicketStore) -> None:
    await tickets.add([ticket("T1")])

    async def read(intent: str, *, urgency: str = "normal") -> bool:
        await tickets.save_understanding(
            "T1",
            ticket_version=1,
            message_index=0,
            understanding=understanding(intent, urgency=urgency),
            vector=b"",
        )
        return await tickets.suggestion("T1") is not None

    await read("logistics.track")
    await tickets.save_suggestion(suggestion("T1"))
    assert await read("logistics.track", urgency="high")
    assert not await read("refund.status")
