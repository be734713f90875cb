"""Every act is logged with its effects and can be taken back to exactly the state before."""

from typing import Any

import pytest

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind, RejectReason
from agent_assist.domain.tickets import Message, TicketQuery, TicketRow, TicketState
from agent_assist.domain.understanding import Entity, EntitySource, ScoredLabel
from agent_assist.errors import InputError, NotFoundError
from agent_assist.storage.connection import driver
from agent_assist.storage.database import Database
from agent_assist.storage.feedback import FeedbackLog
from agent_assist.storage.tickets import TicketStore
from tests.helpers.makers import agent, customer, event, suggestion, ticket, understanding, undo_of

REPLY = agent("您好，包裹已发出。", minute=5)
ENTITY = Entity(type="product", start=2, end=4, text="快递", source=EntitySource.AGENT)


@pytest.fixture
async def tickets(database: Database) -> TicketStore:
    store = TicketStore(database)
    await store.add([ticket("T1"), ticket("T2", customer("other"))])
    await store.save_understanding(
        "T1", ticket_version=1, message_index=0, understanding=understanding(entities=[ENTITY]), vector=b"\0" * 8
    )
    await store.save_suggestion(suggestion())
    await store.save_composer("T1", "您好，包")
    return store


async def row_of(tickets: TicketStore, ticket_id: str = "T1") -> TicketRow:
    rows = await tickets.page(TicketQuery(), offset=0, limit=10)
    return next(row for row in rows if row.id == ticket_id)


async def state_of(tickets: TicketStore) -> dict[str, Any]:
    """All that an act may change, but the version, which only grows."""
    stored = await tickets.get("T1")
    shown = await row_of(tickets)
    drafted = await tickets.suggestion("T1")
    return {
        "messages": stored.messages,
        "state": stored.state,
        "row": [getattr(shown, name) for name in TicketRow.__slots__ if name != "version"],
        "understandings": await tickets.understandings("T1"),
        "composer": await tickets.composer("T1"),
        "draft": drafted.draft if drafted else None,
        "found": [row.id for row in await tickets.page(TicketQuery(text="包裹已发出"), offset=0, limit=9)],
        "unread": [one.id for one in await tickets.unread(limit=9)],
    }


ACTS: dict[str, tuple[FeedbackEvent, dict[str, Any]]] = {
    "accepted": (
        event(FeedbackKind.ACCEPTED, suggestion=suggestion(), final_text=REPLY.text, seconds_open=12.5),
        {"reply": REPLY, "state": TicketState.ANSWERED},
    ),
    "edited": (
        event(FeedbackKind.EDITED, suggestion=suggestion(), final_text=REPLY.text, predicted=understanding()),
        {"reply": REPLY, "state": TicketState.DONE},
    ),
    "written": (event(FeedbackKind.WRITTEN, final_text=REPLY.text), {"reply": REPLY}),
    "rejected": (
        event(FeedbackKind.REJECTED, suggestion=suggestion(), reason=RejectReason.WRONG_FACT, note="旧价格"),
        {},
    ),
    "rejected and done": (
        event(FeedbackKind.REJECTED, suggestion=suggestion(), reason=RejectReason.OTHER),
        {"state": TicketState.DONE},
    ),
    "intents": (event(FeedbackKind.INTENTS_CORRECTED, intents=("refund.status", "human.request")), {}),
    "no intents": (event(FeedbackKind.INTENTS_CORRECTED, intents=()), {}),
    "entities": (event(FeedbackKind.ENTITIES_CORRECTED, entities=()), {}),
    "sentiment": (event(FeedbackKind.SENTIMENT_CORRECTED, sentiment="very_negative"), {}),
    "urgency": (event(FeedbackKind.URGENCY_CORRECTED, urgency="critical"), {}),
}


@pytest.mark.parametrize("name", ACTS)
async def test_record_and_undo_are_a_round_trip(tickets: TicketStore, log: FeedbackLog, name: str) -> None:
    act, effects = ACTS[name]
    before = await state_of(tickets)
    await tickets.record(act, **effects)
    after = await state_of(tickets)
    assert after != before or not effects
    assert await log.get(act.id) == act
    undo = undo_of(act)
    await tickets.undo(undo)
    assert await state_of(tickets) == before
    assert await log.get(undo.id) == undo
    assert await log.events() == []
    assert await log.events(include_undone=True) == [undo, act]


async def test_a_reply_joins_the_thread(tickets: TicketStore) -> None:
    act, effects = ACTS["written"]
    await tickets.record(act, **effects)
    stored = await tickets.get("T1")
    assert stored.messages[-1] == REPLY
    assert (stored.version, stored.state) == (2, TicketState.ANSWERED)
    assert await tickets.composer("T1") == ""
    assert await tickets.suggestion("T1") is None
    assert (await row_of(tickets)).waiting_since == REPLY.at
    assert [one.id for one in await tickets.unread(limit=9)] == ["T2"]
    await tickets.undo(undo_of(act))
    assert (await tickets.get("T1")).version == 3


async def test_corrections_show_in_row_and_understandings(tickets: TicketStore) -> None:
    await tickets.record(ACTS["intents"][0])
    await tickets.record(ACTS["entities"][0])
    read = (await tickets.understandings("T1"))[0]
    assert [intent.label for intent in read.intents] == ["refund.status", "human.request"]
    assert read.entities == ()
    assert (await row_of(tickets)).intent == "refund.status"
    await tickets.record(ACTS["no intents"][0])
    read = (await tickets.understandings("T1"))[0]
    assert (read.in_scope, read.intents) == (False, (ScoredLabel(label="OOS", score=1.0),))
    assert (await row_of(tickets)).intent == "OOS"
    assert (await tickets.predictions("T1"))[0] == understanding(entities=[ENTITY])


async def test_corrected_grades_show_and_stay_over_a_new_reading(tickets: TicketStore) -> None:
    await tickets.record(ACTS["sentiment"][0])
    await tickets.record(ACTS["urgency"][0])
    await tickets.save_understanding(
        "T1", ticket_version=2, message_index=0, understanding=understanding(urgency="low"), vector=b""
    )
    row = await row_of(tickets)
    assert (row.sentiment, row.urgency) == ("very_negative", "critical")
    whole = await tickets.whole("T1")
    assert (whole.understandings[0].urgency.label, whole.predictions[0].urgency.label) == ("critical", "low")


async def test_an_unfinished_note_goes_with_the_note_and_comes_back_with_its_undo(tickets: TicketStore) -> None:
    await tickets.save_note_draft("T1", "call the courier")
    note = event(FeedbackKind.NOTED, note="call the courier")
    await tickets.record(note)
    assert (await tickets.whole("T1")).note_draft == ""
    assert len((await tickets.get("T1")).messages) == 1
    await tickets.undo(undo_of(note))
    assert (await tickets.whole("T1")).note_draft == "call the courier"
    await tickets.record(event(FeedbackKind.NOTED, note="again"))
    await tickets.save_note_draft("T1", "")
    assert (await tickets.whole("T1")).note_draft == ""


async def test_a_new_reading_keeps_the_agents_correction(tickets: TicketStore) -> None:
    await tickets.record(ACTS["intents"][0])
    await tickets.save_understanding(
        "T1", ticket_version=2, message_index=0, understanding=understanding("chat.thanks", urgency="high"), vector=b""
    )
    row = await row_of(tickets)
    assert (row.intent, row.urgency) == ("refund.status", "high")


async def test_undoing_the_newer_of_two_corrections_shows_the_older(tickets: TicketStore) -> None:
    newer = event(FeedbackKind.INTENTS_CORRECTED, intents=("chat.thanks",))
    await tickets.record(ACTS["intents"][0])
    await tickets.record(newer)
    await tickets.undo(undo_of(newer))
    assert (await row_of(tickets)).intent == "refund.status"


async def test_a_message_no_model_has_read_can_be_labelled(tickets: TicketStore) -> None:
    act = event(FeedbackKind.INTENTS_CORRECTED, ticket_id="T2", intents=("refund.request",))
    await tickets.record(act)
    assert (await tickets.understandings("T2"))[0].intents[0].label == "refund.request"
    assert [one.id for one in await tickets.unread(limit=9)] == ["T2"]
    await tickets.undo(undo_of(act))
    assert await tickets.understandings("T2") == {}
    assert (await row_of(tickets, "T2")).intent == ""


async def test_undo_gives_an_agents_words_back(tickets: TicketStore) -> None:
    act, effects = ACTS["written"]
    await tickets.save_composer("T1", "")
    await tickets.record(act, **effects)
    await tickets.undo(undo_of(act))
    assert await tickets.composer("T1") == REPLY.text


async def test_undo_keeps_what_was_typed_since(tickets: TicketStore) -> None:
    act, effects = ACTS["written"]
    await tickets.record(act, **effects)
    await tickets.save_composer("T1", "还有")
    await tickets.undo(undo_of(act))
    assert await tickets.composer("T1") == "还有"


async def test_two_replies_are_taken_back_in_reverse(tickets: TicketStore) -> None:
    first, second = (event(FeedbackKind.WRITTEN, final_text=text) for text in ("一", "二"))
    before = await state_of(tickets)
    await tickets.record(first, reply=agent("一"))
    await tickets.record(second, reply=agent("二"))
    with pytest.raises(InputError, match="later message"):
        await tickets.undo(undo_of(first))
    await tickets.undo(undo_of(second))
    await tickets.undo(undo_of(first))
    after = await state_of(tickets)
    assert (after["messages"], after["state"]) == (before["messages"], before["state"])


async def test_a_reply_cannot_be_taken_back_once_the_customer_wrote(tickets: TicketStore, log: FeedbackLog) -> None:
    act, effects = ACTS["written"]
    await tickets.record(act, **effects)
    await tickets.add([ticket("T1", customer("我的快递到哪里了？"), customer("谢谢", minute=9))])
    stored = await tickets.get("T1")
    assert [message.text for message in stored.messages] == ["我的快递到哪里了？", REPLY.text, "谢谢"]
    with pytest.raises(InputError, match="later message"):
        await tickets.undo(undo_of(act))
    assert await tickets.get("T1") == stored
    assert await log.count(include_undone=True) == 1


async def test_our_reply_coming_back_in_an_export_is_no_news(tickets: TicketStore) -> None:
    act, effects = ACTS["written"]
    await tickets.record(act, **effects)
    result = await tickets.add([ticket("T1", customer("我的快递到哪里了？"), agent(REPLY.text, minute=7))])
    assert (result.imported, result.duplicates) == (0, 1)
    await tickets.undo(undo_of(act))
    assert len((await tickets.get("T1")).messages) == 1


async def test_what_was_undone_cannot_be_undone_again(tickets: TicketStore) -> None:
    act = ACTS["intents"][0]
    await tickets.record(act)
    undo = undo_of(act)
    await tickets.undo(undo)
    with pytest.raises(InputError, match="already"):
        await tickets.undo(undo_of(act))
    with pytest.raises(InputError, match="itself an undo"):
        await tickets.undo(undo_of(undo))


async def test_an_undo_needs_an_act_of_the_same_ticket(tickets: TicketStore) -> None:
    act = ACTS["intents"][0]
    with pytest.raises(NotFoundError):
        await tickets.undo(undo_of(act))
    await tickets.record(act)
    with pytest.raises(InputError, match="same ticket"):
        await tickets.undo(event(FeedbackKind.UNDONE, ticket_id="T2", undoes=act.id))
    with pytest.raises(InputError, match="names another event"):
        await tickets.undo(event(FeedbackKind.UNDONE))


def refused(**fields: Any) -> FeedbackEvent:
    return event(FeedbackKind.ENTITIES_CORRECTED, **fields)


@pytest.mark.parametrize(
    ("act", "reply", "why"),
    [
        (event(FeedbackKind.UNDONE, undoes="x"), None, "Use undo"),
        (event(FeedbackKind.WRITTEN, message_index=7), REPLY, "no message 7"),
        (event(FeedbackKind.WRITTEN), customer("x"), "written by the agent"),
        (event(FeedbackKind.WRITTEN), agent(" \n"), "written by the agent"),
        (refused(entities=(Entity(type="product", start=0, end=99, text="x"),)), None, "outside"),
        (refused(entities=(Entity(type="product", start=2, end=2, text=""),)), None, "outside"),
    ],
)
async def test_a_refused_act_changes_nothing(
    tickets: TicketStore, log: FeedbackLog, act: FeedbackEvent, reply: Message | None, why: str
) -> None:
    before = await state_of(tickets)
    with pytest.raises(InputError, match=why):
        await tickets.record(act, reply=reply)
    assert await state_of(tickets) == before
    assert await log.count(include_undone=True) == 0


async def test_labels_belong_to_customers_messages(tickets: TicketStore) -> None:
    act, effects = ACTS["written"]
    await tickets.record(act, **effects)
    with pytest.raises(InputError, match="customer"):
        await tickets.record(event(FeedbackKind.INTENTS_CORRECTED, message_index=1, intents=("chat.thanks",)))


async def test_an_act_is_recorded_once(tickets: TicketStore) -> None:
    act, effects = ACTS["written"]
    await tickets.record(act, **effects)
    with pytest.raises(InputError, match="recorded already"):
        await tickets.record(act, **effects)
    assert len((await tickets.get("T1")).messages) == 2


async def test_an_act_on_an_unknown_ticket_is_refused(tickets: TicketStore) -> None:
    with pytest.raises(NotFoundError):
        await tickets.record(event(FeedbackKind.REJECTED, ticket_id="T9"))


@pytest.mark.parametrize("sql", ["DELETE FROM events", "UPDATE events SET kind = 'accepted'"])
async def test_the_log_cannot_be_rewritten(database: Database, tickets: TicketStore, sql: str) -> None:
    await tickets.record(ACTS["rejected"][0])
    with pytest.raises(driver.IntegrityError, match="append-only"):
        await database.write(lambda connection: connection.execute(sql))


async def test_the_log_is_paged_newest_first(tickets: TicketStore, log: FeedbackLog) -> None:
    acts = [event(FeedbackKind.REJECTED, ticket_id=ticket_id) for ticket_id in ("T1", "T2", "T1", "T1")]
    for act in acts:
        await tickets.record(act)
    await tickets.undo(undo_of(acts[2]))
    assert await log.events() == [acts[3], acts[1], acts[0]]
    assert await log.events(oldest_first=True, ticket_id="T1") == [acts[0], acts[3]]
    assert await log.events(offset=1, limit=1) == [acts[1]]
    assert await log.count() == 3
    assert await log.count(ticket_id="T1") == 2
    assert await log.count(include_undone=True) == 5
    with pytest.raises(NotFoundError):
        await log.get("nothing")
