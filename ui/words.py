"""Short words for times and scores; no Qt, no state."""

from dataclasses import dataclass
from datetime import datetime

from agent_assist.domain.language import Language
from agent_assist.domain.tickets import TicketState
from ui.i18n import I18n
from ui.text_keys import Key

SOON_MINUTES = 30
LATE_MINUTES = 240


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long a customer waits: the words, and the tone ("good", "warn", "bad" or "text_muted") to show them in."""

    text: str
    tone: str


def duration(i18n: I18n, minutes: float) -> str:
    """A length of time in one unit, rounded down."""
    whole = int(minutes)
    if whole < 1:
        return i18n(Key.WAIT_NOW)
    if whole < 60:
        return i18n(Key.WAIT_MINUTES, n=whole)
    if whole < 48 * 60:
        return i18n(Key.WAIT_HOURS, n=whole // 60)
    return i18n(Key.WAIT_DAYS, n=whole // (24 * 60))


def waiting(i18n: I18n, since: datetime, now: datetime, state: TicketState) -> Waiting:
    """The waiting time as the list shows it; answered tickets have none that matters."""
    minutes = (now - since).total_seconds() / 60
    time = duration(i18n, minutes)
    if state is not TicketState.WAITING:
        return Waiting(time, "text_muted")
    if minutes < SOON_MINUTES:
        return Waiting(i18n(Key.WAIT_SHORT, time=time), "good")
    if minutes < LATE_MINUTES:
        return Waiting(i18n(Key.WAIT_MEDIUM, time=time), "warn")
    return Waiting(i18n(Key.WAIT_LONG, time=time), "bad")


def percent(score: float) -> str:
    """A probability for people."""
    return f"{score:.0%}"


def clock(i18n: I18n, at: datetime, now: datetime) -> str:
    """The time of a message in local time: today only the clock, else with the date."""
    local, today = at.astimezone(), now.astimezone()
    time = f"{local:%H:%M}"
    if local.date() == today.date():
        return time
    year = "" if local.year == today.year else f"{local.year}-"
    if i18n.language is Language.ZH:
        return f"{year.replace('-', '年')}{local.month}月{local.day}日 {time}"
    return f"{year}{local:%m-%d} {time}" if year else f"{local.day} {local:%b} {time}"


def money(amount: float, currency: str) -> str:
    """An amount with its currency's sign where that is plain."""
    sign = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}.get(currency)
    return f"{sign}{amount:,.2f}" if sign else f"{amount:,.2f} {currency}"


def file_size(size: int) -> str:
    """A file's size in the unit that suits it: 640 B, 12 KB, 3.4 MB (of 1,000, as file managers count)."""
    if size < 1_000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{max(1, round(size / 1_000))} KB"
    return f"{size / 1_000_000:.1f} MB"
