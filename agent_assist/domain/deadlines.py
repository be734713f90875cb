"""Until when a customer is to be answered: targets by channel, counted in the hours in which somebody works."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from agent_assist.domain.tickets import Channel, TicketRow

EVERY_DAY = frozenset(range(7))
_DAY = timedelta(days=1)
# Longer than any target; ends the search in hours that hold next to nothing.
_LONGEST = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """From `opens` to `closes` (minutes after midnight, up to 1440) on `days` (0 is Monday), in `zone`.

    Hours that close no later than they open go on past midnight. `zone` None is the machine's own.
    """

    opens: int = 0
    closes: int = 1440
    days: frozenset[int] = EVERY_DAY
    zone: tzinfo | None = None

    @property
    def always(self) -> bool:
        """Whether somebody works at every time."""
        return self.opens == 0 and self.closes == 1440 and self.days == EVERY_DAY

    def after(self, since: datetime, span: timedelta) -> datetime:
        """The moment at which `span` of working time has gone by since `since` (timezone-aware, as is the result)."""
        if self.always:
            return since + span
        end = since
        for opening, closing in self._spans(since):
            start = max(since, opening)
            if start >= closing:
                continue
            if span <= closing - start:
                return start + span
            span -= closing - start
            end = closing
        return end + span

    def _spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing times of the days from the one before `since` on."""
        first = since.astimezone(self.zone).date() - _DAY
        overnight = 1440 if self.closes <= self.opens else 0
        for day in (first + number * _DAY for number in range(_LONGEST)):
            if day.weekday() in self.days:
                yield self._at(day, self.opens), self._at(day, self.closes + overnight)

    def _at(self, day: date, minutes: int) -> datetime:
        wall = datetime.combine(day, time.min) + timedelta(minutes=minutes)
        local = wall.astimezone() if self.zone is None else wall.replace(tzinfo=self.zone)
        return local.astimezone(UTC)  # differences of two times of one zone would leave out the clocks' changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """How long a customer waits at most: in a chat for the first answer and for each later one, else for any."""

    chat_first: timedelta = timedelta(seconds=30)
    chat_follow_up: timedelta = timedelta(minutes=3)
    email: timedelta = timedelta(hours=24)
    other: timedelta = timedelta(hours=24)

    def of(self, channel: Channel, *, answered_before: bool) -> timedelta:
        """The target of a ticket."""
        match channel:
            case Channel.CHAT:
                return self.chat_follow_up if answered_before else self.chat_first
            case Channel.EMAIL:
                return self.email
            case Channel.OTHER:
                return self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseRule:
    """A shop's targets and hours together: until when its customers are to be answered."""

    targets: Targets = Targets()
    hours: WorkingHours = WorkingHours()

    def due(self, channel: Channel, since: datetime, *, answered_before: bool) -> datetime:
        """When a message that waits since `since` is due."""
        return self.hours.after(since, self.targets.of(channel, answered_before=answered_before))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When a waiting ticket is due."""

    due: datetime

    def left(self, now: datetime) -> timedelta:
        """Time left; negative once it is over."""
        return self.due - now

    def overdue(self, now: datetime) -> bool:
        """Whether it is over."""
        return now > self.due


def deadline(row: TicketRow, *, targets: Targets, hours: WorkingHours) -> Deadline:
    """When a waiting ticket's oldest unanswered message is due."""
    rule = ResponseRule(targets=targets, hours=hours)
    return Deadline(due=rule.due(row.channel, row.waiting_since, answered_before=row.answered_before))
