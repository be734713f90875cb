"""Writing the index: which tickets are due, and putting their exchanges in place of the old ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent_assist.domain.language import Language
from agent_assist.domain.tickets import Ticket
from agent_assist.domain.understanding import Understanding
from agent_assist.storage.codec import encode, to_micros
from agent_assist.storage.connection import Connection
from agent_assist.storage.labels import load_understandings
from agent_assist.storage.threads import load_tickets

_MOST_EXCHANGES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReading:
    """What was read in a message, corrections applied, with the message's own vector (b"" for none)."""

    understanding: Understanding
    vector: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTicket:
    """A ticket to be looked at, with what is known of its messages. `seq` and `key` name the row that says so."""

    seq: int
    key: int
    ticket: Ticket | None
    readings: Mapping[int, StoredReading]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedExchange:
    """An answered question: messages `question` and `first` to `last`, the latter sent until `at`.

    `digest` is equal for replies that read the same, `words` are the question's (blank-separated), `profile` the
    weights of its intents, `vector` and `code` are empty where there was no encoder.
    """

    question: int
    first: int
    last: int
    at: datetime
    language: Language
    digest: str
    words: str
    products: tuple[str, ...]
    profile: tuple[tuple[str, float], ...]
    vector: bytes = b""
    code: bytes = b""


def due(connection: Connection, limit: int) -> list[DueTicket]:
    """Tickets that are due, in the order in which they became so."""
    rows = connection.execute("SELECT seq, ticket_key FROM exchanges_due ORDER BY seq LIMIT ?", (limit,)).fetchall()
    keys = [int(row["ticket_key"]) for row in rows]
    marks = ",".join("?" * len(keys))
    there = [int(row["key"]) for row in connection.execute(f"SELECT key FROM tickets WHERE key IN ({marks})", keys)]
    tickets = dict(zip(there, load_tickets(connection, there), strict=True))
    return [
        DueTicket(seq=row["seq"], key=key, ticket=tickets.get(key), readings=readings(connection, key))
        for row, key in zip(rows, keys, strict=True)
    ]


def readings(connection: Connection, key: int) -> dict[int, StoredReading]:
    """What is known of a ticket's messages, by their index."""
    rows = connection.execute("SELECT message_index, vector FROM understandings WHERE ticket_key = ?", (key,))
    vectors = {int(row["message_index"]): bytes(row["vector"]) for row in rows}
    return {
        index: StoredReading(understanding=understanding, vector=vectors.get(index, b""))
        for index, understanding in load_understandings(connection, key).items()
    }


def put(connection: Connection, ticket: DueTicket, exchanges: Sequence[IndexedExchange], *, model: str) -> None:
    """Replace the ticket's exchanges; nothing happens where it changed meanwhile, or another program has done it."""
    if not connection.execute("DELETE FROM exchanges_due WHERE seq = ?", (ticket.seq,)).rowcount:
        return
    connection.execute("DELETE FROM exchanges WHERE ticket_key = ?", (ticket.key,))
    for number, exchange in enumerate(exchanges if ticket.ticket is not None else ()):
        # No key is used twice and new ones are higher than old ones: that is how the codes in memory follow.
        key = ticket.seq * _MOST_EXCHANGES + number
        _insert(connection, key, ticket.key, exchange, model=model if exchange.vector else "")


def make_due(connection: Connection, model: str) -> int:
    """Note the tickets whose vectors are missing or another encoder's than `model`; returns how many."""
    return connection.execute(
        "INSERT OR IGNORE INTO exchanges_due (ticket_key) SELECT DISTINCT ticket_key FROM exchanges WHERE model <> ?",
        (model,),
    ).rowcount


def _insert(connection: Connection, key: int, ticket_key: int, exchange: IndexedExchange, *, model: str) -> None:
    connection.execute(
        """INSERT INTO exchanges (key, ticket_key, question, reply_first, reply_last, at, language, digest, model,
           words, products, profile, vector) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            *(key, ticket_key, exchange.question, exchange.first, exchange.last, to_micros(exchange.at)),
            *(str(exchange.language), exchange.digest, model, exchange.words),
            *("\n".join(exchange.products), encode(exchange.profile), exchange.vector),
        ),
    )
    connection.execute("INSERT INTO exchange_text (rowid, words) VALUES (?, ?)", (key, exchange.words))
    if exchange.code:
        connection.execute("INSERT INTO exchange_codes (rowid, code) VALUES (?, vec_bit(?))", (key, exchange.code))
