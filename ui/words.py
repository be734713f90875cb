"""Short words for times and scores; no Qt, no state."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_assist.domain.language import Language
from agent_assist.domain.tickets import TicketRow, TicketState
from ui.i18n import I18n
from ui.text_keys import Key

# Time left from which on a ticket is shown as due soon.
SOON = timedelta(hours=1)
_SECONDS_UNTIL = 2  # minutes; below, seconds are told


@dataclass(frozen=True, slots=True)
class Told:
    """A ticket's clock: the words, the tone ("good", "warn", "bad" or "text_muted") to show them in, and an icon."""

    text: str
    tone: str
    icon: str = ""


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


def response(i18n: I18n, row: TicketRow, now: datetime) -> Told:
    """A ticket's clock as the list shows it: time left or overdue, when it is back, or how long ago it was."""
    if row.snoozed_until is not None:
        return Told(i18n(Key.CLOCK_BACK, time=moment(i18n, row.snoozed_until, now)), "text_muted", "clock")
    if row.state is not TicketState.WAITING or row.due is None:
        return Told(duration(i18n, (now - row.waiting_since).total_seconds() / 60), "text_muted")
    left = row.due - now
    time = _exact(i18n, abs(left))
    if left < timedelta(0):
        return Told(i18n(Key.CLOCK_OVERDUE, time=time), "bad", "alert")
    if left <= SOON:
        return Told(i18n(Key.CLOCK_SOON, time=time), "warn", "clock")
    return Told(i18n(Key.CLOCK_LEFT, time=time), "good")


def group_size(row: TicketRow) -> str:
    """For how many tickets a row stands; empty where it stands for itself."""
    return f"{row.grouped:,}" if row.grouped > 1 else ""


def open_tickets(row: TicketRow) -> str:
    """How many unanswered tickets the customer has, where there are several; they are counted to a hundred."""
    if row.open_tickets < 2:
        return ""
    return "×99+" if row.open_tickets > 99 else f"×{row.open_tickets}"


def _exact(i18n: I18n, span: timedelta) -> str:
    seconds = span.total_seconds()
    if seconds < 60 * _SECONDS_UNTIL:
        return i18n(Key.WAIT_SECONDS, n=int(seconds))
    return duration(i18n, seconds / 60)


def moment(i18n: I18n, at: datetime, now: datetime) -> str:
    """A time to come: today only the clock, tomorrow by that name, then with the date."""
    local = at.astimezone()
    ahead = (local.date() - now.astimezone().date()).days
    if ahead == 1:
        return i18n(Key.CLOCK_TOMORROW, time=f"{local:%H:%M}")
    return clock(i18n, at, now)


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
