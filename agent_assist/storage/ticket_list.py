"""The ticket list: filtering, sorting and paging on the tickets' indexes."""

from dataclasses import replace
from datetime import datetime

from agent_assist.domain.tickets import Channel, Queue, TicketQuery, TicketRow, TicketSort, TicketState
from agent_assist.domain.understanding import OUT_OF_SCOPE
from agent_assist.storage.bigrams import phrase
from agent_assist.storage.codec import from_micros, to_micros
from agent_assist.storage.connection import Connection, Row

# See the migration m0016_triage.
WAITING, ANSWERED, SNOOZED, DONE = range(4)
_PLACES = {
    Queue.MINE: WAITING,
    Queue.UNASSIGNED: WAITING,
    Queue.WAITING: WAITING,
    Queue.OVERDUE: WAITING,
    Queue.SNOOZED: SNOOZED,
    Queue.ANSWERED: ANSWERED,
    Queue.DONE: DONE,
}

# A name such as "匿名用户" may have ten thousand tickets, and every line of a page would count them.
_MOST_COUNTED = 100

_COLUMNS = f"""*,
    EXISTS (SELECT 1 FROM messages WHERE ticket_key = tickets.key AND role = 'agent') AS answered_before,
    (SELECT count(*) FROM (
        SELECT contact FROM tickets AS other WHERE other.customer = tickets.customer AND other.customer <> ''
        AND other.place IN ({WAITING}, {SNOOZED}) LIMIT {_MOST_COUNTED}) AS same
        WHERE same.contact = tickets.contact OR same.contact = '' OR tickets.contact = '') AS open_tickets"""

_ORDER = {
    TicketSort.DUE: "place, due_at, key",
    TicketSort.LONGEST_WAITING: "place, waiting_since, key",
    TicketSort.URGENCY: "place, urgency_place, waiting_since, key",
    TicketSort.NEWEST: "last_at DESC, key",
}
_BY_RETURN = "snoozed_until, key"

# What is least of the first ticket of a group, in each order of those that wait; urgency comes before any time in
# microseconds. The other columns of a group's row are then those of that ticket (sqlite.org/lang_select.html#bareagg).
_FIRST = {
    TicketSort.DUE: "due_at",
    TicketSort.LONGEST_WAITING: "waiting_since",
    TicketSort.URGENCY: "urgency_place * 4000000000000000 + waiting_since",
    TicketSort.NEWEST: "-last_at",
}
# Without statistics SQLite would rather read the rows of the table; the index of m0019_groups holds all that is asked.
_GROUPED = "FROM tickets INDEXED BY tickets_by_group WHERE place = 0 AND"


def page(connection: Connection, query: TicketQuery, *, offset: int, limit: int) -> list[TicketRow]:
    """Rows `offset` to `offset + limit` of the list. Waiting tickets come first, except by newest message."""
    if query.groups:
        groups, values = _groups(query)
        rows = connection.execute(
            f"""SELECT {_COLUMNS}, grouped FROM ({groups} ORDER BY first, key LIMIT ? OFFSET ?)
            JOIN tickets USING (key) ORDER BY first, key""",
            (*values, limit, offset),
        )
        return [replace(row_of(row), grouped=row["grouped"]) for row in rows]
    condition, values = _condition(query)
    order = _order(query)
    # The inner query pages on an index alone; only the page's own rows are then read from the table.
    rows = connection.execute(
        f"""SELECT {_COLUMNS} FROM tickets WHERE key IN (
            SELECT key FROM tickets WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?) ORDER BY {order}""",
        (*values, limit, offset),
    )
    return [row_of(row) for row in rows]


def ids(connection: Connection, query: TicketQuery, *, offset: int, limit: int) -> list[str]:
    """The ids of rows `offset` to `offset + limit` of the list, in its order."""
    if query.groups:
        groups, values = _groups(query)
        page_of = f"{groups} ORDER BY first, key LIMIT ? OFFSET ?"
        sql = f"SELECT id FROM ({page_of}) JOIN tickets USING (key) ORDER BY first, key"
        return [row["id"] for row in connection.execute(sql, (*values, limit, offset))]
    condition, values = _condition(query)
    rows = connection.execute(
        f"SELECT id FROM tickets WHERE {condition} ORDER BY {_order(query)} LIMIT ? OFFSET ?", (*values, limit, offset)
    )
    return [row["id"] for row in rows]


def counts(connection: Connection, *, me: str, now: datetime) -> dict[Queue, int]:
    """Length of every queue, without filters."""

    def number(condition: str, *values: str | int) -> int:
        return int(connection.execute(f"SELECT count(*) FROM tickets WHERE {condition}", values).fetchone()[0])

    by_place = dict(connection.execute("SELECT place, count(*) FROM tickets GROUP BY place").fetchall())
    waiting = by_place.get(WAITING, 0)
    # Nobody's are counted as the rest: an index holds only what is somebody's.
    return {
        Queue.MINE: number(f"assignee = ? AND assignee <> '' AND place = {WAITING}", me),
        Queue.UNASSIGNED: waiting - number(f"assignee <> '' AND place = {WAITING}"),
        Queue.WAITING: waiting,
        Queue.OVERDUE: number(f"place = {WAITING} AND due_at < ?", to_micros(now)),
        Queue.SNOOZED: by_place.get(SNOOZED, 0),
        Queue.ANSWERED: by_place.get(ANSWERED, 0),
        Queue.DONE: by_place.get(DONE, 0),
        Queue.ALL: sum(by_place.values()),
    }


def people(connection: Connection) -> list[str]:
    """Whoever has tickets, by name."""
    # Jumps from name to name in the index, whatever the number of tickets.
    rows = connection.execute(
        """WITH RECURSIVE known (name) AS (
            SELECT min(assignee) FROM tickets WHERE assignee <> ''
            UNION ALL
            SELECT (SELECT min(assignee) FROM tickets WHERE assignee > name AND assignee <> '')
            FROM known WHERE name IS NOT NULL
        ) SELECT name FROM known WHERE name IS NOT NULL"""
    )
    return [row["name"] for row in rows]


def waiting(connection: Connection, *, limit: int) -> list[TicketRow]:
    """Waiting tickets among which are the `limit` that any order by deadline and urgency begins with.

    A short target makes new tickets due before old ones, so these are the longest waiting, the newest and the most
    urgent ones, `limit` of each. Snoozed ones are not waited for.
    """
    ends = ("waiting_since, key", "waiting_since DESC, key DESC", "urgency_place, waiting_since, key")
    keys = " UNION ".join(
        f"SELECT key FROM (SELECT key FROM tickets WHERE place = {WAITING} ORDER BY {order} LIMIT ?)" for order in ends
    )
    rows = connection.execute(f"SELECT {_COLUMNS} FROM tickets WHERE key IN ({keys})", [limit] * len(ends))
    return [row_of(row) for row in rows]


def count(connection: Connection, query: TicketQuery) -> int:
    """Number of rows in the list."""
    if query.groups:
        groups, values = _groups(query)
        return int(connection.execute(f"SELECT count(*) FROM ({groups})", values).fetchone()[0])
    condition, values = _condition(query)
    return int(connection.execute(f"SELECT count(*) FROM tickets WHERE {condition}", values).fetchone()[0])


def _condition(query: TicketQuery) -> tuple[str, list[str | int]]:
    terms: list[tuple[str, list[str | int]]] = []
    if _order(query) == _BY_RETURN:  # + keeps to the index in that order
        terms.append(("snoozed_until IS NOT NULL AND +place = ?", [SNOOZED]))
    elif query.queue in _PLACES:
        terms.append(("place = ?", [_PLACES[query.queue]]))
    if query.state is not None:
        terms.append(("state = ?", [query.state.value]))
    if query.language:
        terms.append(("language = ?", [query.language]))
    if query.urgency:
        terms.append(("urgency = ?", [query.urgency]))
    if query.intent:
        terms.append(_intent_term(query.intent))
    if query.sentiment:
        terms.append(("sentiment = ?", [query.sentiment]))
    if query.customer:
        terms.append(("customer = ? AND customer <> ''", [query.customer]))
    if query.contact:
        terms.append(("contact IN (?, '')", [query.contact]))
    if query.assignee is not None:
        term = "assignee = ? AND assignee <> ''" if query.assignee else "assignee = ?"
        terms.append((term, [query.assignee]))
    if query.due_before is not None:
        terms.append(("due_at < ?", [to_micros(query.due_before)]))
    if text := phrase(query.text):
        terms.append(("key IN (SELECT rowid FROM ticket_text WHERE ticket_text MATCH ?)", [text]))
    if not terms:
        return "1", []
    return " AND ".join(term for term, _ in terms), [value for _, values in terms for value in values]


def _groups(query: TicketQuery) -> tuple[str, list[str | int]]:
    """Key, place in the order and size of each group; tickets without a name are by themselves."""
    condition, values = _condition(query)
    first = _FIRST[query.sort]
    groups = f"""SELECT key, min({first}) AS first, count(*) AS grouped {_GROUPED} customer <> '' AND {condition}
        GROUP BY customer, contact
        UNION ALL SELECT key, {first}, 1 {_GROUPED} customer = '' AND {condition}"""
    return groups, values * 2


def _intent_term(intent: str) -> tuple[str, list[str | int]]:
    if "." in intent or intent == OUT_OF_SCOPE:
        return "intent = ?", [intent]
    # A topic, such as "logistics", stands for all its intents; "/" is the character after ".".
    return "(intent = ? OR (intent > ? AND intent < ?))", [intent, intent + ".", intent + "/"]


def _order(query: TicketQuery) -> str:
    if query.queue is Queue.SNOOZED and query.sort is TicketSort.DUE:
        return _BY_RETURN
    return _ORDER[query.sort]


def row_of(row: Row) -> TicketRow:
    """A line of the list from a row of `tickets` with `answered_before` and `open_tickets`."""
    return TicketRow(
        id=row["id"],
        customer=row["customer"],
        subject=row["subject"],
        preview=row["preview"],
        channel=Channel(row["channel"]),
        state=TicketState(row["state"]),
        waiting_since=from_micros(row["waiting_since"]),
        version=row["version"],
        language=row["language"],
        intent=row["intent"],
        urgency=row["urgency"],
        sentiment=row["sentiment"],
        answered_before=bool(row["answered_before"]),
        assignee=row["assignee"],
        snoozed_until=None if row["snoozed_until"] is None else from_micros(row["snoozed_until"]),
        due=from_micros(row["due_at"]) if row["place"] == WAITING and row["due_at"] is not None else None,
        open_tickets=max(1, row["open_tickets"]),
        contact=row["contact"],
    )
