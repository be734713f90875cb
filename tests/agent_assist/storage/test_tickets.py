"""Tickets come in, are listed, read and found again."""

from datetime import datetime
from typing import Any

import pytest

from agent_assist.domain.tickets import TicketQuery, TicketRow, TicketSort, TicketState
from agent_assist.errors import InputError, NotFoundError
from agent_assist.storage.tickets import TicketStore
from tests.helpers.makers import NOON, agent, customer, suggestion, ticket, understanding


async def listed(tickets: TicketStore, **query: Any) -> list[str]:
    rows = await tickets.page(TicketQuery(**query), offset=0, limit=100)
    assert await tickets.count(TicketQuery(**query)) == len(rows)
    return [row.id for row in rows]


async def row_of(tickets: TicketStore, ticket_id: str = "T1") -> TicketRow:
    rows = await tickets.page(TicketQuery(text=ticket_id), offset=0, limit=1)
    return rows[0]


async def read(tickets: TicketStore, ticket_id: str, intent: str, **fields: Any) -> None:
    await tickets.save_understanding(
        ticket_id, ticket_version=1, message_index=0, understanding=understanding(intent, **fields), vector=b""
    )


async def test_a_ticket_comes_back_as_it_was_given(tickets: TicketStore) -> None:
    given = ticket(
        "T1",
        customer("Where is it?\n\n订单 GF2611020017", minute=1),
        agent("Let me look.", minute=2),
        subject="包裹 & parcel",
        order_number="GF2611020017",
        state=TicketState.DONE,
    )
    result = await tickets.add([given])
    assert (result.imported, result.duplicates, result.ids) == (1, 0, ("T1",))
    assert await tickets.get("T1") == given


async def test_adding_twice_changes_nothing(tickets: TicketStore) -> None:
    given = [ticket("T1"), ticket("T2")]
    await tickets.add(given)
    result = await tickets.add(given)
    assert (result.imported, result.duplicates, result.ids) == (0, 2, ())
    assert await tickets.get("T1") == given[0]


async def test_a_grown_ticket_gets_its_new_messages(tickets: TicketStore) -> None:
    await tickets.add([ticket("T1", customer("在吗"), state=TicketState.DONE)])
    result = await tickets.add([ticket("T1", customer("在吗"), customer("退款怎么还没到", minute=5))])
    assert (result.imported, result.duplicates) == (1, 0)
    stored = await tickets.get("T1")
    assert [message.text for message in stored.messages] == ["在吗", "退款怎么还没到"]
    assert (stored.version, stored.state) == (2, TicketState.WAITING)
    assert await listed(tickets, text="怎么还没") == ["T1"]


async def test_an_older_export_of_a_grown_ticket_is_a_duplicate(tickets: TicketStore) -> None:
    await tickets.add([ticket("T1", customer("在吗"), customer("你好"))])
    assert (await tickets.add([ticket("T1", customer("在吗"))])).duplicates == 1


async def test_another_conversation_under_a_taken_id_is_left_out(tickets: TicketStore) -> None:
    await tickets.add([ticket("T1", customer("在吗"))])
    result = await tickets.add([ticket("T1", customer("完全不同")), ticket("T2")])
    assert (result.imported, result.conflicts) == (1, ("T1",))
    assert (await tickets.get("T1")).messages[0].text == "在吗"


async def test_an_empty_ticket_stops_the_whole_batch(tickets: TicketStore) -> None:
    empty = ticket("T2")
    object.__setattr__(empty, "messages", ())
    with pytest.raises(InputError, match="T2"):
        await tickets.add([ticket("T1"), empty])
    with pytest.raises(NotFoundError):
        await tickets.get("T1")


async def test_a_time_without_zone_is_refused(tickets: TicketStore) -> None:
    with pytest.raises(InputError, match="time zone"):
        await tickets.add([ticket("T1", created_at=datetime(2026, 11, 2))])


async def test_every_method_names_a_missing_ticket(tickets: TicketStore) -> None:
    for call in (tickets.get, tickets.composer, tickets.suggestion, tickets.understandings):
        with pytest.raises(NotFoundError, match="T9"):
            await call("T9")
    with pytest.raises(NotFoundError):
        await tickets.save_composer("T9", "x")
    with pytest.raises(NotFoundError):
        await tickets.save_suggestion(suggestion("T9"))


async def test_the_row_shows_who_waits_since_when(tickets: TicketStore) -> None:
    await tickets.add(
        [ticket("T1", customer("a"), agent("b", minute=1), customer("c  \n d", minute=2), customer("e", minute=3))]
    )
    row = await row_of(tickets)
    assert row.waiting_since == NOON.replace(minute=2)
    assert (row.preview, row.language, row.intent, row.state) == ("e", "en", "", TicketState.WAITING)


async def test_sorts(tickets: TicketStore) -> None:
    await tickets.add(
        [
            ticket("late", customer("a", minute=30)),
            ticket("early", customer("a", minute=10)),
            ticket("done", customer("a", minute=1), state=TicketState.DONE),
            ticket("urgent", customer("a", minute=50)),
        ]
    )
    await read(tickets, "urgent", "complaint.service", urgency="critical")
    await read(tickets, "early", "chat.thanks", urgency="low")
    assert await listed(tickets) == ["early", "late", "urgent", "done"]
    assert await listed(tickets, sort=TicketSort.NEWEST) == ["urgent", "late", "early", "done"]
    assert await listed(tickets, sort=TicketSort.URGENCY) == ["urgent", "late", "early", "done"]


async def test_filters(tickets: TicketStore) -> None:
    await tickets.add(
        [
            ticket("zh", customer("快递到哪了"), customer="王芳"),
            ticket("en", customer("where is my refund", minute=1), state=TicketState.ANSWERED),
        ]
    )
    await read(tickets, "zh", "logistics.track", urgency="high")
    assert await listed(tickets, state=TicketState.ANSWERED) == ["en"]
    assert await listed(tickets, language="zh") == ["zh"]
    assert await listed(tickets, intent="logistics.track") == ["zh"]
    assert await listed(tickets, intent="logistics") == ["zh"]
    assert await listed(tickets, intent="logistic") == []
    assert await listed(tickets, urgency="high") == ["zh"]
    assert await listed(tickets, language="en", intent="logistics.track") == []
    assert await listed(tickets, text="王芳") == ["zh"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("递", True),
        ("到哪", True),
        ("递到哪里了", True),
        ("到里", False),
        ("GF2611020017", True),
        ("gf261102", True),
        ("  ", True),
        ("50% off", True),
        ("50_ off", False),
        ("“quoted”", True),
        ('"', False),
        ("ＧＦ２６", True),  # full width
        ("T1 李", False),  # not across two fields
    ],
)
async def test_text_is_found_as_a_substring(tickets: TicketStore, text: str, found: bool) -> None:
    await tickets.add([ticket("T1", customer("快递到哪里了 “quoted” 50% off"), order_number="GF2611020017")])
    assert (await listed(tickets, text=text) == ["T1"]) is found


async def test_pages_are_parts_of_one_list(tickets: TicketStore) -> None:
    await tickets.add([ticket(f"T{index:02}", customer("a", minute=index % 7)) for index in range(30)])
    whole = await listed(tickets)
    pages = [await tickets.page(TicketQuery(), offset=offset, limit=8) for offset in range(0, 30, 8)]
    assert [row.id for page in pages for row in page] == whole
    assert await tickets.page(TicketQuery(), offset=30, limit=8) == []


async def test_understandings_are_kept_by_message_and_the_newest_wins(tickets: TicketStore) -> None:
    await tickets.add([ticket("T1", customer("在吗"), agent("在的"), customer("退款"))])
    newer = understanding("refund.status", sentiment="negative")
    for version, index, value in [(1, 0, understanding("chat.greeting")), (3, 2, newer), (2, 2, understanding())]:
        await tickets.save_understanding(
            "T1", ticket_version=version, message_index=index, understanding=value, vector=b"\0" * 8
        )
    assert await tickets.understandings("T1") == {0: understanding("chat.greeting"), 2: newer}
    row = await row_of(tickets)
    assert (row.intent, row.sentiment, row.urgency) == ("refund.status", "negative", "normal")
    with pytest.raises(InputError, match="message 3"):
        await tickets.save_understanding("T1", ticket_version=1, message_index=3, understanding=newer, vector=b"")


async def test_out_of_scope_is_listed_as_such(tickets: TicketStore) -> None:
    await tickets.add([ticket("T1")])
    await read(tickets, "T1", "chat.greeting", in_scope=False)
    assert await listed(tickets, intent="OOS") == ["T1"]


async def test_unread_gives_the_longest_waiting_first(tickets: TicketStore) -> None:
    await tickets.add(
        [
            ticket("answered", customer("a"), agent("b"), state=TicketState.ANSWERED),
            ticket("late", customer("a", minute=9)),
            ticket("early", customer("a", minute=3)),
            ticket("read", customer("a", minute=1)),
            ticket("outgoing", agent("Your parcel is on its way")),
        ]
    )
    await read(tickets, "read", "chat.greeting")
    assert [one.id for one in await tickets.unread(limit=9)] == ["early", "late", "answered"]
    assert [one.id for one in await tickets.unread(limit=1)] == ["early"]
    await tickets.add([ticket("read", customer("a", minute=1), customer("b", minute=2))])
    assert [one.id for one in await tickets.unread(limit=1)] == ["read"]


async def test_composer_text_is_kept_until_it_is_emptied(tickets: TicketStore) -> None:
    await tickets.add([ticket("T1")])
    assert await tickets.composer("T1") == ""
    await tickets.save_composer("T1", "您好，")
    await tickets.save_composer("T1", "您好，我")
    assert await tickets.composer("T1") == "您好，我"
    await tickets.save_composer("T1", "")
    assert await tickets.composer("T1") == ""


async def test_a_suggestion_is_stale_when_the_thread_moved_on(tickets: TicketStore) -> None:
    await tickets.add([ticket("T1")])
    assert await tickets.suggestion("T1") is None
    await tickets.save_suggestion(suggestion())
    assert await tickets.suggestion("T1") == suggestion()
    await tickets.add([ticket("T1", customer("我的快递到哪里了？"), customer("急！"))])
    assert await tickets.suggestion("T1") is None
    await tickets.save_suggestion(suggestion(version=2))
    await tickets.save_suggestion(suggestion(version=1))
    assert await tickets.suggestion("T1") == suggestion(version=2)
