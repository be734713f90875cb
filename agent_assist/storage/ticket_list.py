"""The ticket list: filtering, sorting and paging on the tickets' indexes."""

from agent_assist.domain.tickets import Channel, TicketQuery, TicketRow, TicketSort, TicketState
from agent_assist.domain.understanding import OUT_OF_SCOPE
from agent_assist.storage.bigrams import phrase
from agent_assist.storage.codec import from_micros
from agent_assist.storage.connection import Connection, Row

_RANKS = {TicketState.WAITING: 0, TicketState.ANSWERED: 1, TicketState.DONE: 2}

_COLUMNS = """*, EXISTS (
    SELECT 1 FROM messages WHERE ticket_key = tickets.key AND role = 'agent') AS answered_before"""

_ORDER = {
    TicketSort.LONGEST_WAITING: "state_rank, waiting_since, key",
    TicketSort.URGENCY: "state_rank, urgency_rank, waiting_since, key",
    TicketSort.NEWEST: "last_at DESC, key",
}


def page(connection: Connection, query: TicketQuery, *, offset: int, limit: int) -> list[TicketRow]:
    """Rows `offset` to `offset + limit` of the list. Waiting tickets come first, except by newest message."""
    condition, values = _condition(query)
    order = _ORDER[query.sort]
    # The inner query pages on an index alone; only the page's own rows are then read from the table.
    rows = connection.execute(
        f"""SELECT {_COLUMNS} FROM tickets WHERE key IN (
            SELECT key FROM tickets WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?) ORDER BY {order}""",
        (*values, limit, offset),
    )
    return [_row(row) for row in rows]


def waiting(connection: Connection, *, limit: int) -> list[TicketRow]:
    """Waiting tickets among which are the `limit` that any order by deadline and urgency begins with.

    A short target makes new tickets due before old ones, so these are the longest waiting, the newest and the most
    urgent ones, `limit` of each.
    """
    ends = ("waiting_since, key", "waiting_since DESC, key DESC", "urgency_rank, waiting_since, key")
    keys = " UNION ".join(
        f"SELECT key FROM (SELECT key FROM tickets WHERE state_rank = 0 ORDER BY {order} LIMIT ?)" for order in ends
    )
    rows = connection.execute(f"SELECT {_COLUMNS} FROM tickets WHERE key IN ({keys})", [limit] * len(ends))
    return [_row(row) for row in rows]


def count(connection: Connection, query: TicketQuery) -> int:
    """Number of tickets in the list."""
    condition, values = _condition(query)
    return int(connection.execute(f"SELECT count(*) FROM tickets WHERE {condition}", values).fetchone()[0])


def _condition(query: TicketQuery) -> tuple[str, list[str | int]]:
    terms: list[tuple[str, list[str | int]]] = []
    if query.state is not None:
        terms.append(("state_rank = ?", [_RANKS[query.state]]))
    if query.language:
        terms.append(("language = ?", [query.language]))
    if query.urgency:
        terms.append(("urgency = ?", [query.urgency]))
    if query.intent:
        terms.append(_intent_term(query.intent))
    if text := phrase(query.text):
        terms.append(("key IN (SELECT rowid FROM ticket_text WHERE ticket_text MATCH ?)", [text]))
    if not terms:
        return "1", []
    return " AND ".join(term for term, _ in terms), [value for _, values in terms for value in values]


def _intent_term(intent: str) -> tuple[str, list[str | int]]:
    if "." in intent or intent == OUT_OF_SCOPE:
        return "intent = ?", [intent]
    # A topic, such as "logistics", stands for all its intents; "/" is the character after ".".
    return "(intent = ? OR (intent > ? AND intent < ?))", [intent, intent + ".", intent + "/"]


def _row(row: Row) -> TicketRow:
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
    )
