"""Whose tickets are, until when they are snoozed, when they are due; what was done with them, to be undone.

`place` is where a ticket is looked for: 0 waiting, 1 answered, 2 snoozed, 3 done. Each index begins with it and holds
what the list filters by, so that pages, counts and offsets run on one index. It and `urgency_place` are columns that
triggers keep, since an index on a virtual column never covers a query (SQLite 3.53: the row is read as well, which
made the list of 100,000 tickets five times slower). `due_at` follows from the thread and
from the rule that lies in `response_rule`; there is no row while the rule is the default one.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_FILTERS = "assignee, intent, language, urgency, sentiment, state"
_PLACE = """CASE WHEN {0}state = 'done' THEN 3 WHEN {0}snoozed_until IS NOT NULL THEN 2
    WHEN {0}state = 'waiting' THEN 0 ELSE 1 END"""
_URGENCY = "CASE {0}urgency WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'low' THEN 3 ELSE 2 END"

STATEMENTS = (
    "ALTER TABLE tickets ADD COLUMN assignee TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE tickets ADD COLUMN snoozed_until INTEGER",
    "ALTER TABLE tickets ADD COLUMN due_at INTEGER",
    "ALTER TABLE tickets ADD COLUMN place INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE tickets ADD COLUMN urgency_place INTEGER NOT NULL DEFAULT 2",
    f"UPDATE tickets SET place = {_PLACE.format('')}, urgency_place = {_URGENCY.format('')}",
    f"""CREATE TRIGGER tickets_placed AFTER INSERT ON tickets
    WHEN new.state <> 'waiting' OR new.snoozed_until IS NOT NULL OR new.urgency <> '' BEGIN
        UPDATE tickets SET place = {_PLACE.format("new.")}, urgency_place = {_URGENCY.format("new.")}
        WHERE key = new.key;
    END""",
    f"""CREATE TRIGGER tickets_placed_anew AFTER UPDATE OF state, snoozed_until, urgency ON tickets
    WHEN old.state <> new.state OR old.snoozed_until IS NOT new.snoozed_until OR old.urgency <> new.urgency BEGIN
        UPDATE tickets SET place = {_PLACE.format("new.")}, urgency_place = {_URGENCY.format("new.")}
        WHERE key = new.key;
    END""",
    "DROP INDEX tickets_by_waiting",
    "DROP INDEX tickets_by_urgency",
    "DROP INDEX tickets_by_age",
    f"CREATE INDEX tickets_by_due ON tickets (place, due_at, key, {_FILTERS})",
    f"CREATE INDEX tickets_by_waiting ON tickets (place, waiting_since, key, {_FILTERS}, due_at)",
    f"CREATE INDEX tickets_by_urgency ON tickets (place, urgency_place, waiting_since, key, {_FILTERS}, due_at)",
    f"CREATE INDEX tickets_by_newest ON tickets (place, last_at DESC, key, {_FILTERS}, due_at)",
    f"CREATE INDEX tickets_by_age ON tickets (last_at DESC, key, {_FILTERS}, due_at)",
    "CREATE INDEX tickets_by_assignee ON tickets (assignee, place, due_at, key) WHERE assignee <> ''",
    "CREATE INDEX tickets_by_customer ON tickets (customer, place) WHERE customer <> ''",
    "CREATE INDEX tickets_snoozed ON tickets (snoozed_until, key) WHERE snoozed_until IS NOT NULL",
    """
    CREATE TABLE response_rule (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        body TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE moves (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        kind TEXT NOT NULL,
        assignee TEXT NOT NULL,
        until INTEGER,
        undone INTEGER NOT NULL DEFAULT 0
    )
    """,
    # What each of its tickets was before.
    """
    CREATE TABLE moved (
        move_key INTEGER NOT NULL REFERENCES moves (key) ON DELETE CASCADE,
        ticket_key INTEGER NOT NULL REFERENCES tickets (key) ON DELETE CASCADE,
        state TEXT NOT NULL,
        assignee TEXT NOT NULL,
        snoozed_until INTEGER,
        PRIMARY KEY (move_key, ticket_key)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX moved_by_ticket ON moved (ticket_key)",
)


def apply(db: "Database") -> None:
    """Add columns, indexes and tables; due times are made by the program when it is opened."""
    for statement in STATEMENTS:
        db.execute(statement)
