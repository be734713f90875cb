"""An agent's act and its effects on the ticket, done and taken back in one transaction each."""

from dataclasses import replace

import msgspec

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.suggestion import Suggestion
from agent_assist.domain.tickets import Message, Role, TicketState
from agent_assist.errors import InputError, NotFoundError
from agent_assist.storage.codec import decode, encode, to_micros
from agent_assist.storage.connection import Connection, Row
from agent_assist.storage.labels import CORRECTIONS, message_text, refresh_labels
from agent_assist.storage.threads import append_messages, refresh_thread, ticket_key


class _Effects(msgspec.Struct, frozen=True, kw_only=True):
    """What an event changed: `reply_index` is the place of the reply it sent, None where it sent none.

    A reply takes a ticket that was nobody's (`took`) and ends its snooze.
    """

    state_before: TicketState
    state_after: TicketState
    version_before: int
    composer_before: str
    reply_index: int | None = None
    took: str = ""
    snoozed_before: int | None = None


def record(connection: Connection, event: FeedbackEvent, *, reply: Message | None, state: TicketState | None) -> None:
    """See `TicketStore.record`."""
    key = ticket_key(connection, event.ticket_id)
    _check(connection, key, event, reply)
    effects = _Effects(
        state_before=(before := _ticket_row(connection, key))["state"],
        state_after=state or (TicketState.ANSWERED if reply else TicketState(before["state"])),
        version_before=before["version"],
        composer_before=composer_text(connection, key),
        reply_index=_thread_length(connection, key) if reply else None,
        took=event.actor if reply and not before["assignee"] else "",
        snoozed_before=before["snoozed_until"] if reply else None,
    )
    _append_event(connection, event)
    connection.execute("INSERT INTO effects (event_id, body) VALUES (?, ?)", (event.id, encode(effects)))
    connection.execute("UPDATE tickets SET state = ? WHERE key = ?", (effects.state_after.value, key))
    if reply is not None and effects.reply_index is not None:
        append_messages(connection, key, [reply], start=effects.reply_index, event_id=event.id)
        set_composer(connection, key, "")
        connection.execute(
            "UPDATE tickets SET snoozed_until = NULL, assignee = iif(assignee = '', ?, assignee) WHERE key = ?",
            (effects.took, key),
        )
        _thread_changed(connection, key)
    if event.kind is FeedbackKind.NOTED and event.suggestion is None:
        set_note_draft(connection, key, "")  # it is written; a form's note is none that was being typed
    if reply or event.kind in CORRECTIONS:
        refresh_labels(connection, key)


def undo(connection: Connection, event: FeedbackEvent) -> None:
    """See `TicketStore.undo`."""
    key = ticket_key(connection, event.ticket_id)
    target, effects = _undoable(connection, event)
    _append_event(connection, event)
    if effects.reply_index is not None:
        _take_reply_back(connection, key, target, effects)
    elif target.kind is FeedbackKind.NOTED:
        if target.suggestion is None and not note_draft(connection, key):  # never over what was typed since
            set_note_draft(connection, key, target.note)
    elif _ticket_row(connection, key)["state"] == effects.state_after:
        connection.execute("UPDATE tickets SET state = ? WHERE key = ?", (effects.state_before.value, key))
    refresh_labels(connection, key)


def _check(connection: Connection, key: int, event: FeedbackEvent, reply: Message | None) -> None:
    if event.kind is FeedbackKind.UNDONE:
        raise InputError("An undo cannot be recorded as an act. Use undo.")
    if connection.execute("SELECT 1 FROM events WHERE id = ?", (event.id,)).fetchone():
        raise InputError(f"The act {event.id} is recorded already. Nothing was done twice.")
    # Labels belong to customers' messages, which, unlike a reply, never leave the thread again.
    role = Role.CUSTOMER if event.kind in CORRECTIONS else None
    text = message_text(connection, key, event.message_index, role=role)
    for entity in event.entities or ():
        if not 0 <= entity.start < entity.end <= len(text):
            raise InputError(f"The {entity.type} entity lies outside of the message. Mark it again.")
    if reply is not None and (reply.role is not Role.AGENT or not reply.text.strip()):
        raise InputError("A reply is a text written by the agent. Write one before sending.")


def _undoable(connection: Connection, event: FeedbackEvent) -> tuple[FeedbackEvent, _Effects]:
    if event.kind is not FeedbackKind.UNDONE or event.undoes is None:
        raise InputError("Only an event of the kind 'undone' that names another event can undo it.")
    row = connection.execute(
        "SELECT events.body, effects.body AS effects FROM events LEFT JOIN effects ON event_id = id WHERE id = ?",
        (event.undoes,),
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no act {event.undoes} in the log.")
    target = decode(row["body"], FeedbackEvent)
    if target.kind is FeedbackKind.UNDONE or target.ticket_id != event.ticket_id:
        raise InputError("This cannot be undone: choose an act of the same ticket that is not itself an undo.")
    if connection.execute("SELECT 1 FROM events WHERE undoes = ?", (target.id,)).fetchone():
        raise InputError("This was undone already.")
    return target, decode(row["effects"], _Effects)


def _take_reply_back(connection: Connection, key: int, target: FeedbackEvent, effects: _Effects) -> None:
    if _thread_length(connection, key) != (effects.reply_index or 0) + 1:
        raise InputError("The reply cannot be taken back: a later message has arrived. Write a new reply instead.")
    connection.execute("DELETE FROM messages WHERE ticket_key = ? AND idx = ?", (key, effects.reply_index))
    connection.execute(
        "UPDATE tickets SET state = ?, snoozed_until = coalesce(snoozed_until, ?) WHERE key = ?",
        (effects.state_before.value, effects.snoozed_before, key),
    )
    if effects.took:
        connection.execute("UPDATE tickets SET assignee = '' WHERE key = ? AND assignee = ?", (key, effects.took))
    if not composer_text(connection, key):  # never over what was typed since
        set_composer(connection, key, effects.composer_before or _own_words(target))
    _thread_changed(connection, key)
    _revive_suggestion(connection, key, effects.version_before)


def _own_words(target: FeedbackEvent) -> str:
    written = target.kind in (FeedbackKind.EDITED, FeedbackKind.WRITTEN)
    return target.final_text or "" if written else ""


def _revive_suggestion(connection: Connection, key: int, version: int) -> None:
    """The thread is again as it was at `version`, so what was suggested for it fits its new version too."""
    row = connection.execute(
        "SELECT body FROM suggestions WHERE ticket_key = ? AND ticket_version = ?", (key, version)
    ).fetchone()
    if row is not None:
        current = _ticket_row(connection, key)["version"]
        put_suggestion(connection, key, replace(decode(row["body"], Suggestion), ticket_version=current))


def put_suggestion(connection: Connection, key: int, suggestion: Suggestion) -> None:
    """Keep the suggestion unless one for a newer version of the ticket is there."""
    connection.execute(
        """INSERT INTO suggestions (ticket_key, ticket_version, body) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET ticket_version = excluded.ticket_version, body = excluded.body
        WHERE excluded.ticket_version >= ticket_version""",
        (key, suggestion.ticket_version, encode(suggestion)),
    )


def composer_text(connection: Connection, key: int) -> str:
    """The agent's unsent text, empty where there is none."""
    row = connection.execute("SELECT text FROM composers WHERE ticket_key = ?", (key,)).fetchone()
    return str(row["text"]) if row else ""


def set_composer(connection: Connection, key: int, text: str) -> None:
    """Keep the agent's unsent text; an empty one leaves no row."""
    if text:
        connection.execute("INSERT OR REPLACE INTO composers (ticket_key, text) VALUES (?, ?)", (key, text))
    else:
        connection.execute("DELETE FROM composers WHERE ticket_key = ?", (key,))


def note_draft(connection: Connection, key: int) -> str:
    """The agent's unfinished note, empty where there is none."""
    row = connection.execute("SELECT text FROM note_drafts WHERE ticket_key = ?", (key,)).fetchone()
    return str(row["text"]) if row else ""


def set_note_draft(connection: Connection, key: int, text: str) -> None:
    """Keep the agent's unfinished note; an empty one leaves no row."""
    if text:
        connection.execute("INSERT OR REPLACE INTO note_drafts (ticket_key, text) VALUES (?, ?)", (key, text))
    else:
        connection.execute("DELETE FROM note_drafts WHERE ticket_key = ?", (key,))


def _append_event(connection: Connection, event: FeedbackEvent) -> None:
    connection.execute(
        "INSERT INTO events (id, at, kind, ticket_id, message_index, undoes, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            event.id,
            to_micros(event.at),
            event.kind.value,
            event.ticket_id,
            event.message_index,
            event.undoes,
            encode(event),
        ),
    )


def _thread_changed(connection: Connection, key: int) -> None:
    connection.execute("UPDATE tickets SET version = version + 1 WHERE key = ?", (key,))
    refresh_thread(connection, key)


def _ticket_row(connection: Connection, key: int) -> Row:
    row: Row = connection.execute(
        "SELECT state, version, assignee, snoozed_until FROM tickets WHERE key = ?", (key,)
    ).fetchone()
    return row


def _thread_length(connection: Connection, key: int) -> int:
    return int(connection.execute("SELECT count(*) FROM messages WHERE ticket_key = ?", (key,)).fetchone()[0])
