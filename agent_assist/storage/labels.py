"""What models read in messages and what agents put in its place."""

from collections.abc import Mapping
from dataclasses import replace

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.language import detect_language
from agent_assist.domain.tickets import Role
from agent_assist.domain.understanding import OUT_OF_SCOPE, ScoredLabel, Understanding
from agent_assist.errors import InputError
from agent_assist.storage.codec import decode, encode
from agent_assist.storage.connection import Connection
from agent_assist.storage.threads import ticket_key

CORRECTIONS = (
    FeedbackKind.INTENTS_CORRECTED,
    FeedbackKind.ENTITIES_CORRECTED,
    FeedbackKind.SENTIMENT_CORRECTED,
    FeedbackKind.URGENCY_CORRECTED,
)


def corrected(understanding: Understanding, event: FeedbackEvent) -> Understanding:
    """`understanding` as the agent's correction leaves it. No intents mean out of scope, shown by that label."""
    if event.intents is not None:
        labels = tuple(label for label in event.intents if label != OUT_OF_SCOPE)
        scored = tuple(ScoredLabel(label=label, score=1.0) for label in labels or (OUT_OF_SCOPE,))
        understanding = replace(understanding, intents=scored, leanings=scored, in_scope=bool(labels))
    if event.entities is not None:
        understanding = replace(understanding, entities=event.entities)
    if event.sentiment is not None:
        understanding = replace(understanding, sentiment=ScoredLabel(label=event.sentiment, score=1.0))
    if event.urgency is not None:
        understanding = replace(understanding, urgency=ScoredLabel(label=event.urgency, score=1.0))
    return understanding


def save_understanding(
    connection: Connection,
    ticket_id: str,
    *,
    ticket_version: int,
    message_index: int,
    understanding: Understanding,
    vector: bytes,
) -> None:
    """Keep the newest understanding of a message; a late answer for an older version changes nothing.

    Where the message reads otherwise than before, the suggestion that rests on that reading is dropped.
    """
    key = ticket_key(connection, ticket_id)
    message_text(connection, key, message_index)
    before = load_predictions(connection, key).get(message_index)
    if before is not None and _meaning(before) != _meaning(understanding):
        connection.execute("DELETE FROM suggestions WHERE ticket_key = ?", (key,))
    connection.execute(
        """INSERT INTO understandings (ticket_key, message_index, ticket_version, body, vector)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET ticket_version = excluded.ticket_version, body = excluded.body,
        vector = excluded.vector WHERE excluded.ticket_version >= ticket_version""",
        (key, message_index, ticket_version, encode(understanding), vector),
    )
    refresh_labels(connection, key)


def _meaning(understanding: Understanding) -> tuple[bool, frozenset[str]]:
    return understanding.in_scope, frozenset(intent.label for intent in understanding.intents)


def message_text(connection: Connection, key: int, index: int, *, role: Role | None = None) -> str:
    """Text of a message; raises `InputError` where the thread has no such message, or `role` did not write it."""
    row = connection.execute("SELECT * FROM messages WHERE ticket_key = ? AND idx = ?", (key, index)).fetchone()
    if row is None:
        raise InputError(f"The thread has no message {index}. Reload the ticket.")
    if role not in (None, row["role"]):
        raise InputError(f"Message {index} was not written by the {role}. Choose one that was.")
    return str(row["text"])


def load_predictions(connection: Connection, key: int) -> dict[int, Understanding]:
    """Newest understanding by message, as the models gave it."""
    rows = connection.execute("SELECT message_index, body FROM understandings WHERE ticket_key = ?", (key,))
    return {int(row["message_index"]): decode(row["body"], Understanding) for row in rows}


def load_understandings(connection: Connection, key: int) -> dict[int, Understanding]:
    """Newest understanding by message, corrections applied; a message only an agent labelled has one too."""
    found = load_predictions(connection, key)
    for event in _corrections(connection, key):
        base = found.get(event.message_index) or _unread(message_text(connection, key, event.message_index))
        found[event.message_index] = corrected(base, event)
    return dict(sorted(found.items()))


def _corrections(connection: Connection, key: int) -> list[FeedbackEvent]:
    marks = ",".join("?" * len(CORRECTIONS))
    rows = connection.execute(
        f"""SELECT body FROM events AS event WHERE ticket_id = (SELECT id FROM tickets WHERE key = ?)
        AND kind IN ({marks}) AND NOT EXISTS (SELECT 1 FROM events AS undo WHERE undo.undoes = event.id)
        ORDER BY seq""",
        (key, *(kind.value for kind in CORRECTIONS)),
    )
    return [decode(row["body"], FeedbackEvent) for row in rows]


def _unread(text: str) -> Understanding:
    return Understanding(
        language=detect_language(text),
        intents=(),
        in_scope=True,
        entities=(),
        sentiment=ScoredLabel(label="neutral", score=0.0),
        urgency=ScoredLabel(label="normal", score=0.0),
    )


def refresh_labels(connection: Connection, key: int) -> None:
    """Copy onto the ticket's row what is known of its newest understood message, and whether one is still unread."""
    understandings = load_understandings(connection, key)
    columns = _label_columns(understandings)
    columns["unread"] = _is_unread(connection, key)
    settings = ",".join(f"{name} = ?" for name in columns)
    connection.execute(f"UPDATE tickets SET {settings} WHERE key = ?", [*columns.values(), key])


def _label_columns(understandings: Mapping[int, Understanding]) -> dict[str, object]:
    if not understandings:
        return {"intent": "", "urgency": "", "sentiment": ""}
    newest = understandings[max(understandings)]
    intent = newest.intents[0].label if newest.intents else ""
    return {
        "intent": intent if newest.in_scope else OUT_OF_SCOPE,
        "urgency": newest.urgency.label,
        "sentiment": newest.sentiment.label,
        "language": newest.language.value,
    }


def _is_unread(connection: Connection, key: int) -> bool:
    row = connection.execute(
        "SELECT max(idx) FROM messages WHERE ticket_key = ? AND role = ?", (key, Role.CUSTOMER.value)
    ).fetchone()
    if row[0] is None:
        return False
    seen = "SELECT 1 FROM understandings WHERE ticket_key = ? AND message_index = ?"
    return connection.execute(seen, (key, row[0])).fetchone() is None
