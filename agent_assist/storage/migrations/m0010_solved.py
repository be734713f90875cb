"""Answered tickets as an index: each question that an agent answered, with what it is compared by.

All of it can be made again from the tickets. Triggers note which tickets have to be looked at, in the transaction that
changed them, so that a kill loses none; a reply that is taken back is out of the index at once.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

STATEMENTS = (
    """
    CREATE TABLE exchanges (
        key INTEGER PRIMARY KEY,
        ticket_key INTEGER NOT NULL REFERENCES tickets (key) ON DELETE CASCADE,
        -- places in the thread: the customer's last message, and the agent's first and last
        question INTEGER NOT NULL,
        reply_first INTEGER NOT NULL,
        reply_last INTEGER NOT NULL,
        at INTEGER NOT NULL,
        language TEXT NOT NULL,
        -- equal for replies that read the same once masked
        digest TEXT NOT NULL,
        -- the encoder that made the vector, '' where there was none
        model TEXT NOT NULL,
        words TEXT NOT NULL,
        products TEXT NOT NULL,
        profile TEXT NOT NULL,
        vector BLOB NOT NULL
    )
    """,
    "CREATE INDEX exchanges_by_ticket ON exchanges (ticket_key)",
    "CREATE INDEX exchanges_by_digest ON exchanges (digest)",
    "CREATE INDEX exchanges_by_model ON exchanges (model)",
    "CREATE VIRTUAL TABLE exchange_text USING fts5 (words, content='', contentless_delete=1, tokenize='ascii')",
    "CREATE VIRTUAL TABLE exchange_terms USING fts5vocab (exchange_text, 'row')",
    "CREATE VIRTUAL TABLE exchange_codes USING vec0 (code bit[1024])",
    # The middle of an encoder's vectors, see agent_assist/knowledge/solved/codes.py.
    "CREATE TABLE exchange_centres (model TEXT PRIMARY KEY, vector BLOB NOT NULL)",
    # No foreign key: a row may outlive its ticket, and then goes when its turn comes.
    "CREATE TABLE exchanges_due (seq INTEGER PRIMARY KEY AUTOINCREMENT, ticket_key INTEGER NOT NULL UNIQUE)",
    # The virtual tables know no foreign keys.
    """
    CREATE TRIGGER exchanges_leave AFTER DELETE ON exchanges BEGIN
        DELETE FROM exchange_text WHERE rowid = OLD.key;
        DELETE FROM exchange_codes WHERE rowid = OLD.key;
    END
    """,
    """
    CREATE TRIGGER exchanges_grow AFTER INSERT ON messages WHEN NEW.role = 'agent' BEGIN
        DELETE FROM exchanges_due WHERE ticket_key = NEW.ticket_key;
        INSERT INTO exchanges_due (ticket_key) VALUES (NEW.ticket_key);
    END
    """,
    """
    CREATE TRIGGER exchanges_shrink AFTER DELETE ON messages WHEN OLD.role = 'agent' BEGIN
        DELETE FROM exchanges WHERE ticket_key = OLD.ticket_key AND reply_last >= OLD.idx;
        DELETE FROM exchanges_due WHERE ticket_key = OLD.ticket_key;
        INSERT INTO exchanges_due (ticket_key) VALUES (OLD.ticket_key);
    END
    """,
    # An agent's labels tell better what a question wants.
    """
    CREATE TRIGGER exchanges_relabel AFTER INSERT ON events WHEN NEW.kind IN ('intents_corrected', 'undone') BEGIN
        DELETE FROM exchanges_due WHERE ticket_key = (SELECT key FROM tickets WHERE id = NEW.ticket_id);
        INSERT INTO exchanges_due (ticket_key)
            SELECT key FROM tickets WHERE id = NEW.ticket_id
            AND EXISTS (SELECT 1 FROM messages WHERE ticket_key = tickets.key AND role = 'agent');
    END
    """,
    "INSERT INTO exchanges_due (ticket_key) SELECT DISTINCT ticket_key FROM messages WHERE role = 'agent'",
)


def apply(db: "Database") -> None:
    """Create the tables and note every ticket that was answered."""
    for statement in STATEMENTS:
        db.execute(statement)
