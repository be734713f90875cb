"""The store of tickets and of everything that hangs on one: understandings, drafts, suggestions, acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent_assist.domain.attachments import Attachment
from agent_assist.domain.feedback import FeedbackEvent
from agent_assist.domain.ids import utc_now
from agent_assist.domain.suggestion import Suggestion, SuggestionKind
from agent_assist.domain.tickets import Message, Queue, Ticket, TicketQuery, TicketRow, TicketState
from agent_assist.domain.understanding import Understanding
from agent_assist.storage import acts, labels, ticket_list
from agent_assist.storage.arrivals import AddResult, add_tickets
from agent_assist.storage.attachments import load_attachments
from agent_assist.storage.codec import decode
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database
from agent_assist.storage.standing import still_stands
from agent_assist.storage.threads import load_ticket, load_tickets, ticket_key

__all__ = ["AddResult", "TicketStore", "TicketWithAll"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketWithAll:
    """A ticket with what hangs on it, of one and the same moment.

    `predictions` are the models' own words, without corrections; `note_draft` is the note that is being written.
    """

    ticket: Ticket
    understandings: dict[int, Understanding]
    suggestion: Suggestion | None
    composer: str
    predictions: dict[int, Understanding]
    attachments: tuple[Attachment, ...]
    note_draft: str


class TicketStore:
    """Tickets of a profile. Every method that names a ticket raises `NotFoundError` where there is none of that id."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def add(self, tickets: Sequence[Ticket]) -> AddResult:
        """Store new tickets and new messages of known ones, in one transaction; adding twice changes nothing.

        A known ticket that comes with more messages gets these, its version grows by one and its state becomes the
        incoming one. Raises `InputError` for a ticket without messages; then nothing is stored.
        """
        return await self._database.write(lambda connection: add_tickets(connection, tickets))

    async def get(self, ticket_id: str) -> Ticket:
        """The whole ticket."""
        return await self._database.read(
            lambda connection: load_ticket(connection, ticket_key(connection, ticket_id)),
        )

    async def whole(self, ticket_id: str) -> TicketWithAll:
        """The ticket with its understandings, the suggestion that stands, and the agent's unsent text."""
        return await self._database.read(lambda connection: _whole(connection, ticket_key(connection, ticket_id)))

    async def page(self, query: TicketQuery, *, offset: int, limit: int) -> list[TicketRow]:
        """Rows `offset` to `offset + limit` of the list that `query` describes."""
        return await self._database.read(
            lambda connection: ticket_list.page(connection, query, offset=offset, limit=limit),
        )

    async def waiting(self, *, limit: int) -> list[TicketRow]:
        """Waiting tickets, in no order, among which are the `limit` that any order by deadline begins with."""
        return await self._database.read(lambda connection: ticket_list.waiting(connection, limit=limit))

    async def count(self, query: TicketQuery) -> int:
        """Length of the list that `query` describes."""
        return await self._database.read(lambda connection: ticket_list.count(connection, query))

    async def ids(self, query: TicketQuery, *, offset: int, limit: int) -> list[str]:
        """The ids alone of such rows."""
        return await self._database.read(
            lambda connection: ticket_list.ids(connection, query, offset=offset, limit=limit),
        )

    async def counts(self, *, me: str, now: datetime) -> dict[Queue, int]:
        """Length of every queue as `me` sees it `now`."""
        return await self._database.read(lambda connection: ticket_list.counts(connection, me=me, now=now))

    async def people(self) -> list[str]:
        """Whoever has tickets, by name."""
        return await self._database.read(ticket_list.people)

    async def save_understanding(
        self, ticket_id: str, *, ticket_version: int, message_index: int, understanding: Understanding, vector: bytes
    ) -> None:
        """Keep what the models read in a message, with its search vector (float32, little-endian).

        An answer for an older version than the stored one is dropped. Raises `InputError` for a missing message.
        """
        await self._database.write_rebuildable(
            lambda connection: labels.save_understanding(
                connection,
                ticket_id,
                ticket_version=ticket_version,
                message_index=message_index,
                understanding=understanding,
                vector=vector,
            ),
        )

    async def understandings(self, ticket_id: str) -> dict[int, Understanding]:
        """Newest understanding by message index, the agent's corrections applied.

        An out-of-scope correction reads `in_scope=False` with the one intent "OOS".
        """
        return await self._database.read(
            lambda connection: labels.load_understandings(connection, ticket_key(connection, ticket_id)),
        )

    async def predictions(self, ticket_id: str) -> dict[int, Understanding]:
        """Newest understanding by message index as the models gave it, without corrections."""
        return await self._database.read(
            lambda connection: labels.load_predictions(connection, ticket_key(connection, ticket_id)),
        )

    async def unread(self, *, limit: int) -> list[Ticket]:
        """Tickets whose newest customer message no model has read; waiting first, longest waiting first.

        A message's meaning rests on what came before it, so an agent's reply behind it does not make it unread again.
        """
        return await self._database.read(lambda connection: _unread(connection, limit))

    async def save_composer(self, ticket_id: str, text: str) -> None:
        """Keep the agent's unsent text; it survives a crash and a power cut."""
        await self._database.write(
            lambda connection: acts.set_composer(connection, ticket_key(connection, ticket_id), text),
        )

    async def composer(self, ticket_id: str) -> str:
        """The agent's unsent text, empty where there is none."""
        return await self._database.read(
            lambda connection: acts.composer_text(connection, ticket_key(connection, ticket_id)),
        )

    async def save_note_draft(self, ticket_id: str, text: str) -> None:
        """Keep the agent's unfinished note, as `save_composer` keeps a reply; an empty one forgets it."""
        await self._database.write(
            lambda connection: acts.set_note_draft(connection, ticket_key(connection, ticket_id), text),
        )

    async def save_suggestion(self, suggestion: Suggestion) -> None:
        """Keep the newest suggestion of its ticket; one for an older version does not replace a newer one."""
        await self._database.write(
            lambda connection: acts.put_suggestion(
                connection, ticket_key(connection, suggestion.ticket_id), suggestion
            ),
        )

    async def suggestion(self, ticket_id: str) -> Suggestion | None:
        """The suggestion for the ticket as it is now, None where there is none, or ticket or articles changed."""
        return await self._database.read(
            lambda connection: _fresh_suggestion(connection, ticket_key(connection, ticket_id)),
        )

    async def prepared(self, ticket_ids: Sequence[str]) -> dict[str, SuggestionKind]:
        """Those of the tickets for which `suggestion` has one, with its kind."""
        return await self._database.read(lambda connection: _prepared(connection, ticket_ids))

    async def stands(self, suggestion: Suggestion) -> bool:
        """Whether all that a suggestion rests on is still as it was cited."""
        return await self._database.read(lambda connection: still_stands(connection, suggestion, utc_now()))

    async def forget_suggestions(self) -> None:
        """Drop every kept suggestion: what they rest on changed. The log keeps those that were acted upon."""
        await self._database.write(lambda connection: connection.execute("DELETE FROM suggestions"))

    async def record(
        self, event: FeedbackEvent, *, reply: Message | None = None, state: TicketState | None = None
    ) -> None:
        """Log an act of the agent together with its effects, in one transaction.

        The reply is appended to the thread (version + 1) and the composer cleared; the state becomes `state`, or
        answered with a reply; label corrections show in `page` and `understandings` at once. Raises `InputError` for
        an act that is recorded already, is an undo, or names a message or span that is not there.
        """
        await self._database.write(lambda connection: acts.record(connection, event, reply=reply, state=state))

    async def undo(self, event: FeedbackEvent) -> None:
        """Log `event` (kind undone, `undoes` set) and take back the effects of the act it names, in one transaction.

        The reply leaves the thread, whose version grows once more; the suggestion that was on the screen holds again;
        state and labels are as before; the composer gets its text back (or the reply's words, where the agent wrote
        them) unless something was typed since. Raises `NotFoundError` for an unknown act, `InputError` when it was
        undone already, is an undo, or a later message arrived after the reply.
        """
        await self._database.write(lambda connection: acts.undo(connection, event))


def _whole(connection: Connection, key: int) -> TicketWithAll:
    return TicketWithAll(
        ticket=load_ticket(connection, key),
        understandings=labels.load_understandings(connection, key),
        suggestion=_fresh_suggestion(connection, key),
        composer=acts.composer_text(connection, key),
        predictions=labels.load_predictions(connection, key),
        attachments=load_attachments(connection, key),
        note_draft=acts.note_draft(connection, key),
    )


def _unread(connection: Connection, limit: int) -> list[Ticket]:
    rows = connection.execute(
        "SELECT key FROM tickets WHERE unread ORDER BY state_rank, waiting_since LIMIT ?", (limit,)
    )
    return load_tickets(connection, [row["key"] for row in rows])


def _fresh_suggestion(connection: Connection, key: int) -> Suggestion | None:
    row = connection.execute(
        "SELECT body FROM suggestions JOIN tickets ON key = ticket_key WHERE key = ? AND ticket_version = version",
        (key,),
    ).fetchone()
    kept = decode(row["body"], Suggestion) if row else None
    return kept if kept and still_stands(connection, kept, utc_now()) else None


def _prepared(connection: Connection, ticket_ids: Sequence[str]) -> dict[str, SuggestionKind]:
    marks = ",".join("?" * len(ticket_ids))
    rows = connection.execute(f"SELECT id, key FROM tickets WHERE id IN ({marks})", list(ticket_ids)).fetchall()
    kept = {row["id"]: _fresh_suggestion(connection, row["key"]) for row in rows}
    return {name: suggestion.kind for name, suggestion in kept.items() if suggestion is not None}
