"""When tickets are due, kept beside them by the rule that the profile holds, so that lists can be sorted by it."""

import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec

from agent_assist.domain.deadlines import EVERY_DAY, ResponseRule, Targets, WorkingHours
from agent_assist.domain.tickets import Channel
from agent_assist.storage.codec import decode, encode, from_micros, to_micros
from agent_assist.storage.connection import Connection


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as JSON: seconds, minutes after midnight, weekdays; `zone` is a name of the IANA's, or empty.

    `machine` is what the machine's own zone was, where the rule rests on that: elsewhere it means other times.
    """

    chat_first: float
    chat_follow_up: float
    email: float
    other: float
    opens: int = 0
    closes: int = 1440
    days: tuple[int, ...] = tuple(sorted(EVERY_DAY))
    zone: str = ""
    machine: str = ""


_DEFAULT = ResponseRule()


def rule_in_force(connection: Connection) -> ResponseRule:
    """The rule by which due times are kept."""
    stored = _stored(connection)
    if stored is None:
        return _DEFAULT
    return ResponseRule(
        targets=Targets(
            chat_first=timedelta(seconds=stored.chat_first),
            chat_follow_up=timedelta(seconds=stored.chat_follow_up),
            email=timedelta(seconds=stored.email),
            other=timedelta(seconds=stored.other),
        ),
        hours=WorkingHours(
            opens=stored.opens,
            closes=stored.closes,
            days=frozenset(stored.days),
            zone=ZoneInfo(stored.zone) if stored.zone else None,
        ),
    )


def in_force(connection: Connection, rule: ResponseRule) -> bool:
    """Whether due times are kept by `rule`, and none is missing."""
    missing = connection.execute("SELECT 1 FROM tickets WHERE due_at IS NULL LIMIT 1").fetchone()
    return missing is None and (_stored(connection) or _as_stored(_DEFAULT)) == _as_stored(rule)


def keep_rule(connection: Connection, rule: ResponseRule) -> None:
    """Let `rule` be in force for what comes; `refresh` brings what is there in line."""
    connection.execute("INSERT OR REPLACE INTO response_rule (one, body) VALUES (1, ?)", (encode(_as_stored(rule)),))


def refresh(connection: Connection, *, after: int, limit: int) -> int | None:
    """Bring up to `limit` tickets behind the key `after` in line with the rule; the last one's key, None at the end."""
    rule = rule_in_force(connection)
    rows = connection.execute(
        """SELECT key, channel, waiting_since, EXISTS (
            SELECT 1 FROM messages WHERE ticket_key = tickets.key AND role = 'agent') AS answered_before
        FROM tickets WHERE key > ? ORDER BY key LIMIT ?""",
        (after, limit),
    ).fetchall()
    connection.executemany(
        "UPDATE tickets SET due_at = ? WHERE key = ?",
        [
            (
                to_micros(
                    rule.due(
                        Channel(row["channel"]),
                        from_micros(row["waiting_since"]),
                        answered_before=bool(row["answered_before"]),
                    )
                ),
                row["key"],
            )
            for row in rows
        ],
    )
    return int(rows[-1]["key"]) if rows else None


def _stored(connection: Connection) -> _Stored | None:
    row = connection.execute("SELECT body FROM response_rule").fetchone()
    return decode(row["body"], _Stored) if row else None


def _as_stored(rule: ResponseRule) -> _Stored:
    hours, targets = rule.hours, rule.targets
    zone = hours.zone.key if isinstance(hours.zone, ZoneInfo) else ""
    return _Stored(
        chat_first=targets.chat_first.total_seconds(),
        chat_follow_up=targets.chat_follow_up.total_seconds(),
        email=targets.email.total_seconds(),
        other=targets.other.total_seconds(),
        opens=hours.opens,
        closes=hours.closes,
        days=tuple(sorted(hours.days)),
        zone=zone,
        machine="" if zone or hours.always else f"{time.tzname} {time.timezone}",
    )
