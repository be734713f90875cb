"""Who comes first by the time that is left."""

from datetime import timedelta
from pathlib import Path

import pytest

from agent_assist.domain.tickets import Channel, TicketRow, TicketState
from agent_assist.services.clock import ResponseClock
from agent_assist.settings import Settings
from tests.helpers.makers import NOON


@pytest.fixture
def clock(tmp_path: Path) -> ResponseClock:
    return ResponseClock(Settings.load(tmp_path / "settings.toml"), now=lambda: NOON)


def waiting(
    name: str,
    seconds: float,
    *,
    channel: Channel = Channel.CHAT,
    answered: bool = False,
    urgency: str = "normal",
    sentiment: str = "neutral",
) -> TicketRow:
    return TicketRow(
        id=name,
        customer="",
        subject="",
        preview="",
        channel=channel,
        state=TicketState.WAITING,
        waiting_since=NOON - timedelta(seconds=seconds),
        version=1,
        urgency=urgency,
        sentiment=sentiment,
        answered_before=answered,
    )


def order(clock: ResponseClock, *rows: TicketRow) -> list[str]:
    return [row.id for row in clock.by_time_left(rows)]


def test_what_can_still_be_met_then_what_is_overdue_then_the_rest(clock: ResponseClock) -> None:
    rows = (
        waiting("mail, 23 h left", 3_600, channel=Channel.EMAIL),
        waiting("mail, 1 h left", 23 * 3_600, channel=Channel.EMAIL),
        waiting("chat, a day over", 86_400),
        waiting("follow-up, 2 min left", 60, answered=True),
        waiting("chat, 20 s left", 10),
    )
    assert order(clock, *rows) == [
        "chat, 20 s left",
        "follow-up, 2 min left",
        "chat, a day over",
        "mail, 1 h left",
        "mail, 23 h left",
    ]


def test_urgency_then_mood_decide_between_like_times(clock: ResponseClock) -> None:
    rows = (
        waiting("calm", 20),
        waiting("unread", 15, urgency="", sentiment=""),
        waiting("angry", 10, sentiment="very_negative"),
        waiting("critical", 5, urgency="critical"),
        waiting("no hurry", 25, urgency="low"),
    )
    assert order(clock, *rows) == ["critical", "angry", "calm", "unread", "no hurry"]


def test_an_urgent_ticket_does_not_overtake_one_with_less_time(clock: ResponseClock) -> None:
    rows = (
        waiting("mail", 3_600, channel=Channel.EMAIL, urgency="critical"),
        waiting("chat", 10, urgency="low"),
    )
    assert order(clock, *rows) == ["chat", "mail"]


def test_the_shops_own_targets_and_hours_count(clock: ResponseClock) -> None:
    clock._settings.update({"service.chat_first_seconds": 7_200, "service.email_hours": 1})
    rows = (waiting("chat", 60), waiting("mail", 3_000, channel=Channel.EMAIL))
    assert order(clock, *rows) == ["mail", "chat"]
    assert clock.deadline(rows[0]).left(NOON) == timedelta(seconds=7_140)
