"""Short words for times, scores and amounts."""

from datetime import UTC, datetime, timedelta

import pytest

from agent_assist.domain.language import Language
from agent_assist.domain.tickets import TicketState
from ui.i18n import I18n
from ui.words import duration, money, percent, waiting

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


@pytest.mark.parametrize(
    ("minutes", "state", "tone"),
    [
        (5, TicketState.WAITING, "good"),
        (45, TicketState.WAITING, "warn"),
        (300, TicketState.WAITING, "bad"),
        (300, TicketState.ANSWERED, "text_muted"),
    ],
)
def test_waiting_is_told_by_tone_and_word(minutes: int, state: TicketState, tone: str) -> None:
    told = waiting(I18n(Language.EN), NOW - timedelta(minutes=minutes), NOW, state)
    assert told.tone == tone
    assert ("late" in told.text) is (tone == "bad")


def test_amounts_and_scores() -> None:
    assert money(1299, "CNY") == "¥1,299.00"
    assert money(5, "CHF") == "5.00 CHF"
    assert percent(0.934) == "93%"
