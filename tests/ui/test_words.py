"""Short words for times, scores and amounts."""

from datetime import UTC, datetime, timedelta

import pytest

from agent_assist.domain.language import Language
from agent_assist.domain.tickets import Channel, TicketRow, TicketState
from ui.i18n import I18n
from ui.words import duration, money, open_tickets, percent, response

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (0.5, "now", "刚刚"),
        (1, "1 min", "1 分钟"),
        (59.9, "59 min", "59 分钟"),
        (60, "1 h", "1 小时"),
        (47 * 60, "47 h", "47 小时"),
        (48 * 60, "2 days", "2 天"),
    ],
)
def test_durations_have_one_unit(minutes: float, english: str, chinese: str) -> None:
    assert duration(I18n(Language.EN), minutes) == english
    assert duration(I18n(Language.ZH), minutes) == chinese


def row(**fields: object) -> TicketRow:
    given: dict[str, object] = {
        "id": "T1",
        "customer": "",
        "subject": "",
        "preview": "",
        "channel": Channel.CHAT,
        "state": TicketState.WAITING,
        "waiting_since": NOW - timedelta(minutes=5),
        "version": 1,
    }
    return TicketRow(**(given | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "english", "chinese", "tone"),
    [
        ({"due": NOW + timedelta(hours=3)}, "3 h left", "剩 3 小时", "good"),
        ({"due": NOW + timedelta(minutes=12)}, "due in 12 min", "快到期 12 分钟", "warn"),
        ({"due": NOW + timedelta(seconds=25)}, "due in 25 s", "快到期 25 秒", "warn"),
        ({"due": NOW}, "due in 0 s", "快到期 0 秒", "warn"),
        ({"due": NOW - timedelta(seconds=25)}, "overdue 25 s", "超时 25 秒", "bad"),
        ({"due": NOW - timedelta(days=3)}, "overdue 3 days", "超时 3 天", "bad"),
        ({"state": TicketState.ANSWERED}, "5 min", "5 分钟", "text_muted"),
        ({"state": TicketState.DONE}, "5 min", "5 分钟", "text_muted"),
    ],
)
def test_a_clock_is_told_by_tone_and_word(fields: dict[str, object], english: str, chinese: str, tone: str) -> None:
    for language, text in ((Language.EN, english), (Language.ZH, chinese)):
        told = response(I18n(language), row(**fields), NOW)
        assert (told.text, told.tone) == (text, tone)


def test_a_snoozed_ticket_tells_when_it_is_back() -> None:
    noon = NOW.astimezone().replace(hour=12, minute=30)
    for ahead, english, chinese in ((0, "back 12:30", "12:30 回来"), (1, "back tomorrow 12:30", "明天 12:30 回来")):
        back = row(snoozed_until=noon + timedelta(days=ahead))
        assert response(I18n(Language.EN), back, noon).text == english
        assert response(I18n(Language.ZH), back, noon).text == chinese


@pytest.mark.parametrize(("count", "text"), [(1, ""), (2, "×2"), (99, "×99"), (100, "×99+")])
def test_open_tickets_are_counted_to_a_hundred(count: int, text: str) -> None:
    assert open_tickets(row(open_tickets=count)) == text


def test_amounts_and_scores() -> None:
    assert money(1299, "CNY") == "¥1,299.00"
    assert money(5, "CHF") == "5.00 CHF"
    assert percent(0.934) == "93%"
