"""How much time is left to answer, by the shop's own targets and hours; and who comes first."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, tzinfo

from agent_assist.domain.deadlines import EVERY_DAY, Deadline, ResponseRule, Targets, WorkingHours, deadline
from agent_assist.domain.ids import utc_now
from agent_assist.domain.tickets import TicketRow
from agent_assist.domain.understanding import SENTIMENTS, URGENCIES
from agent_assist.settings import Settings

_DAYS = {
    "every_day": EVERY_DAY,
    "monday_to_saturday": frozenset(range(6)),
    "monday_to_friday": frozenset(range(5)),
}
# Who is due within this time is lost by waiting for anybody else.
SOON = timedelta(minutes=5)
# Times left that count as alike, so that urgency and mood decide between them.
_STEPS = (
    timedelta(minutes=1),
    SOON,
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 16, 24)),
)

Rank = tuple[int, int, int, int, datetime, str]


class ResponseClock:
    """Deadlines by the settings of the section `service`; `zone` None is the machine's own time zone."""

    def __init__(
        self, settings: Settings, *, now: Callable[[], datetime] = utc_now, zone: tzinfo | None = None
    ) -> None:
        self._settings = settings
        self._zone = zone
        self.now = now

    def deadline(self, row: TicketRow) -> Deadline:
        """When a waiting ticket is due."""
        return self._deadline_by()(row)

    def by_time_left(self, rows: Iterable[TicketRow]) -> list[TicketRow]:
        """Waiting tickets in the order in which to prepare them.

        First those that are due within minutes and can still be met, then those that are overdue, then the others by
        the time that is left. Where that is about alike the more urgent and the angrier come first, then who is due
        first.
        """
        now, deadline_of = self.now(), self._deadline_by()
        return sorted(rows, key=lambda row: _rank(row, deadline_of(row), now))

    def rule(self) -> ResponseRule:
        """Targets and hours as the settings have them now."""
        chosen = self._settings.service
        targets = Targets(
            chat_first=timedelta(seconds=chosen.chat_first_seconds),
            chat_follow_up=timedelta(seconds=chosen.chat_follow_up_seconds),
            email=timedelta(hours=chosen.email_hours),
            other=timedelta(hours=chosen.other_hours),
        )
        hours = WorkingHours(
            opens=_minutes(chosen.opens), closes=_minutes(chosen.closes), days=_DAYS[chosen.days], zone=self._zone
        )
        return ResponseRule(targets=targets, hours=hours)

    def _deadline_by(self) -> Callable[[TicketRow], Deadline]:
        rule = self.rule()
        return lambda row: deadline(row, targets=rule.targets, hours=rule.hours)


def _rank(row: TicketRow, due: Deadline, now: datetime) -> Rank:
    left = due.left(now)
    group = 1 if due.overdue(now) else 0 if left <= SOON else 2
    step = 0 if group == 1 else sum(left > one for one in _STEPS)
    return group, step, _urgency(row.urgency), _mood(row.sentiment), due.due, row.id


def _urgency(urgency: str) -> int:
    """The most urgent first; what nobody has read yet counts as normal."""
    known = urgency if urgency in URGENCIES else "normal"
    return -URGENCIES.index(known)


def _mood(sentiment: str) -> int:
    return SENTIMENTS.index(sentiment) if sentiment in SENTIMENTS else SENTIMENTS.index("neutral")


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
