"""Moves of tickets and what each was before: done and taken back in portions, a transaction each."""

from collections.abc import Sequence
from datetime import datetime

from agent_assist.domain.deadlines import ResponseRule
from agent_assist.domain.tickets import Role, TicketState
from agent_assist.domain.triage import Move, MoveKind
from agent_assist.errors import InputError, NotFoundError
from agent_assist.storage.codec import from_micros, to_micros
from agent_assist.storage.connection import Connection, Row
from agent_assist.storage.database import Database
from agent_assist.storage.due import in_force, keep_rule, refresh


class MoveStore:
    """Moves of a profile's tickets, the snoozes that end by themselves, and the rule of due times."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def move(self, move: Move, ticket_ids: Sequence[str]) -> list[str]:
        """Do `move` to these tickets; returns those that it changed.

        May be called again with the same move for more of its tickets. Raises `NotFoundError` for an unknown ticket;
        then none is changed.
        """
        return await self._database.write(lambda connection: _move(connection, move, ticket_ids))

    async def get(self, move_id: str) -> Move:
        """A move as it was done. Raises `NotFoundError`."""
        return await self._database.read(lambda connection: _load(connection, _row(connection, move_id)))

    async def last(self) -> Move | None:
        """The newest move that was not taken back."""
        return await self._database.read(_last)

    async def undo(self, move_id: str) -> list[str]:
        """Take a move back where its tickets are still as it left them; returns these.

        Raises `NotFoundError`, and `InputError` where it was taken back already.
        """
        return await self._database.write(lambda connection: _undo(connection, move_id))

    async def wake(self, now: datetime) -> list[str]:
        """Bring tickets back whose snooze is over by `now`; one that was answered then waits for the agent."""
        due = await self._database.read(lambda connection: connection.execute(_DUE_BACK, (to_micros(now),)).fetchone())
        if due is None:  # most of the time; no writing transaction for it
            return []
        return await self._database.write(lambda connection: _wake(connection, to_micros(now)))

    async def in_force(self, rule: ResponseRule) -> bool:
        """Whether all due times are kept by `rule`."""
        return await self._database.read(lambda connection: in_force(connection, rule))

    async def keep_rule(self, rule: ResponseRule) -> None:
        """Let `rule` be in force; `refresh_due` then brings the tickets in line."""
        await self._database.write(lambda connection: keep_rule(connection, rule))

    async def refresh_due(self, *, after: int, limit: int) -> int | None:
        """Work on up to `limit` tickets behind the key `after`; the last one's key, None when all are done."""
        return await self._database.write_rebuildable(
            lambda connection: refresh(connection, after=after, limit=limit),
        )


_DUE_BACK = "SELECT 1 FROM tickets WHERE snoozed_until IS NOT NULL AND snoozed_until <= ? LIMIT 1"


def _move(connection: Connection, move: Move, ticket_ids: Sequence[str]) -> list[str]:
    move_key = _append(connection, move)
    changed = []
    for ticket_id in dict.fromkeys(ticket_ids):
        before = connection.execute(
            "SELECT key, state, assignee, snoozed_until FROM tickets WHERE id = ?", (ticket_id,)
        ).fetchone()
        if before is None:
            raise NotFoundError(f"There is no ticket {ticket_id!r} in this profile.")
        after = _after(connection, move, before)
        if after == (before["state"], before["assignee"], before["snoozed_until"]):
            continue
        connection.execute(
            "INSERT OR IGNORE INTO moved (move_key, ticket_key, state, assignee, snoozed_until) VALUES (?, ?, ?, ?, ?)",
            (move_key, before["key"], before["state"], before["assignee"], before["snoozed_until"]),
        )
        connection.execute(
            "UPDATE tickets SET state = ?, assignee = ?, snoozed_until = ? WHERE key = ?", (*after, before["key"])
        )
        changed.append(ticket_id)
    return changed


def _after(connection: Connection, move: Move, before: Row) -> tuple[str, str, int | None]:
    """State, assignee and snooze as the move leaves them."""
    state, assignee, snoozed = str(before["state"]), str(before["assignee"]), before["snoozed_until"]
    match move.kind:
        case MoveKind.ASSIGNED:
            assignee = move.assignee
        case MoveKind.SNOOZED if move.until is not None:
            snoozed = to_micros(move.until)
            if state == TicketState.DONE:
                state = _state_by_thread(connection, before["key"])
        case MoveKind.WOKEN:
            snoozed = None
        case MoveKind.DONE:
            state, snoozed = TicketState.DONE.value, None
        case MoveKind.REOPENED:
            snoozed = None
            if state == TicketState.DONE:
                state = _state_by_thread(connection, before["key"])
    return state, assignee, snoozed


def _state_by_thread(connection: Connection, key: int) -> str:
    row = connection.execute(
        "SELECT role FROM messages WHERE ticket_key = ? ORDER BY idx DESC LIMIT 1", (key,)
    ).fetchone()
    return (TicketState.WAITING if row["role"] == Role.CUSTOMER else TicketState.ANSWERED).value


def _append(connection: Connection, move: Move) -> int:
    connection.execute(
        "INSERT OR IGNORE INTO moves (id, at, actor, kind, assignee, until) VALUES (?, ?, ?, ?, ?, ?)",
        (
            move.id,
            to_micros(move.at),
            move.actor,
            move.kind.value,
            move.assignee,
            None if move.until is None else to_micros(move.until),
        ),
    )
    return int(_row(connection, move.id)["key"])


def _row(connection: Connection, move_id: str) -> Row:
    row: Row | None = connection.execute("SELECT * FROM moves WHERE id = ?", (move_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no move {move_id!r}.")
    return row


def _last(connection: Connection) -> Move | None:
    row = connection.execute("SELECT * FROM moves WHERE NOT undone ORDER BY key DESC LIMIT 1").fetchone()
    return _load(connection, row) if row else None


def _load(connection: Connection, row: Row) -> Move:
    tickets = connection.execute(
        "SELECT id FROM moved JOIN tickets ON tickets.key = ticket_key WHERE move_key = ? ORDER BY ticket_key",
        (row["key"],),
    )
    return Move(
        id=row["id"],
        at=from_micros(row["at"]),
        actor=row["actor"],
        kind=MoveKind(row["kind"]),
        ticket_ids=tuple(one["id"] for one in tickets),
        assignee=row["assignee"],
        until=None if row["until"] is None else from_micros(row["until"]),
    )


# What must still be so for a ticket to be put back, and what is put back.
_STILL = {
    MoveKind.ASSIGNED: "tickets.assignee = moves.assignee",
    MoveKind.SNOOZED: "tickets.snoozed_until = moves.until",
    MoveKind.WOKEN: "tickets.snoozed_until IS NULL AND tickets.state = moved.state",
    MoveKind.DONE: "tickets.state = 'done'",
    MoveKind.REOPENED: "tickets.state <> 'done' AND tickets.snoozed_until IS NULL",
}
_BACK = {
    MoveKind.ASSIGNED: "assignee = moved.assignee",
    MoveKind.SNOOZED: "snoozed_until = moved.snoozed_until, state = moved.state",
    MoveKind.WOKEN: "snoozed_until = moved.snoozed_until",
    MoveKind.DONE: "state = moved.state, snoozed_until = moved.snoozed_until",
    MoveKind.REOPENED: "state = moved.state, snoozed_until = moved.snoozed_until",
}


def _undo(connection: Connection, move_id: str) -> list[str]:
    row = _row(connection, move_id)
    if row["undone"]:
        raise InputError("This was undone already.")
    kind = MoveKind(row["kind"])
    changed = connection.execute(
        f"""UPDATE tickets SET {_BACK[kind]} FROM moved JOIN moves ON moves.key = move_key
        WHERE moves.key = ? AND tickets.key = ticket_key AND {_STILL[kind]} RETURNING id""",
        (row["key"],),
    ).fetchall()
    connection.execute("UPDATE moves SET undone = 1 WHERE key = ?", (row["key"],))
    return [one["id"] for one in changed]


def _wake(connection: Connection, now: int) -> list[str]:
    rows = connection.execute(
        """UPDATE tickets SET due_at = iif(state = 'answered', snoozed_until, due_at),
        state = iif(state = 'answered', 'waiting', state), snoozed_until = NULL
        WHERE snoozed_until IS NOT NULL AND snoozed_until <= ? RETURNING id""",
        (now,),
    ).fetchall()
    return [row["id"] for row in rows]
