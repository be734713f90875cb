"""All that is shown of solved tickets, read at once: each reading of its own would wait for a thread."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent_assist.domain.feedback import FeedbackEvent
from agent_assist.domain.knowledge import Article
from agent_assist.domain.tickets import Role, Ticket
from agent_assist.storage.codec import decode
from agent_assist.storage.connection import Connection
from agent_assist.storage.solved.candidates import SolvedCandidate
from agent_assist.storage.solved.index import StoredReading, readings
from agent_assist.storage.threads import load_ticket, ticket_key


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTicket:
    """A ticket with what is known of its messages."""

    ticket: Ticket
    readings: Mapping[int, StoredReading]


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedDetails:
    """A solved ticket as it is now. `event` is the act that sent the reply (None: it came from outside), `articles` are
    those that the reply rested on and that are still there, `times_sent` counts equal replies."""

    ticket: Ticket
    readings: Mapping[int, StoredReading]
    event: FeedbackEvent | None
    articles: Mapping[str, Article]
    times_sent: int


def asked_ticket(connection: Connection, ticket_id: str) -> AskedTicket:
    """Raises `NotFoundError`."""
    key = ticket_key(connection, ticket_id)
    return AskedTicket(ticket=load_ticket(connection, key), readings=readings(connection, key))


def details(connection: Connection, candidate: SolvedCandidate) -> SolvedDetails | None:
    """None where the thread is no longer what the index says."""
    row = connection.execute("SELECT key FROM tickets WHERE id = ?", (candidate.ticket_id,)).fetchone()
    if row is None or not _still_holds(ticket := load_ticket(connection, row["key"]), candidate):
        return None
    event = _sent_with(connection, row["key"], candidate.last)
    sources = event.suggestion.sources if event and event.suggestion else ()
    found = (_article(connection, source.doc_id) for source in sources)
    return SolvedDetails(
        ticket=ticket,
        readings=readings(connection, row["key"]),
        event=event,
        articles={article.doc_id: article for article in found if article is not None},
        times_sent=_times_sent(connection, candidate.digest),
    )


def _still_holds(ticket: Ticket, candidate: SolvedCandidate) -> bool:
    ends = [ticket.messages[place] for place in (candidate.first, candidate.last) if place < len(ticket.messages)]
    return len(ends) == 2 and all(message.role is Role.AGENT for message in ends)


def _sent_with(connection: Connection, key: int, message_index: int) -> FeedbackEvent | None:
    row = connection.execute(
        "SELECT events.body FROM messages JOIN events ON events.id = event_id WHERE ticket_key = ? AND idx = ?",
        (key, message_index),
    ).fetchone()
    return decode(row["body"], FeedbackEvent) if row else None


def _article(connection: Connection, doc_id: str) -> Article | None:
    row = connection.execute("SELECT body FROM articles WHERE doc_id = ?", (doc_id,)).fetchone()
    return decode(row["body"], Article) if row else None


def _times_sent(connection: Connection, digest: str) -> int:
    return int(connection.execute("SELECT count(*) FROM exchanges WHERE digest = ?", (digest,)).fetchone()[0])
