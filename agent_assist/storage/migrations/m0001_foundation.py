"""Tickets, messages, what the models and agents said about them, the feedback log, orders and products.

Times are whole microseconds since 1970 UTC: exact, sortable, and the same for every time zone. Bodies are JSON of the
domain types. What the ticket list filters and sorts by is copied onto the ticket's row, because joining it together
for 100,000 tickets takes longer than a person waits.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

TICKETS = (
    """
    CREATE TABLE tickets (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        customer TEXT NOT NULL,
        channel TEXT NOT NULL,
        subject TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        order_number TEXT,
        state TEXT NOT NULL,
        version INTEGER NOT NULL,
        -- copied from the thread and its newest understanding
        preview TEXT NOT NULL,
        waiting_since INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        language TEXT NOT NULL,
        intent TEXT NOT NULL DEFAULT '',
        urgency TEXT NOT NULL DEFAULT '',
        sentiment TEXT NOT NULL DEFAULT '',
        unread INTEGER NOT NULL DEFAULT 0,
        state_rank INTEGER GENERATED ALWAYS AS (
            CASE state WHEN 'waiting' THEN 0 WHEN 'answered' THEN 1 ELSE 2 END) VIRTUAL,
        urgency_rank INTEGER GENERATED ALWAYS AS (
            CASE urgency WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'low' THEN 3 ELSE 2 END) VIRTUAL
    )
    """,
    # Each sort has an index that also holds the filtered columns: filters and offsets run on the index alone.
    """CREATE INDEX tickets_by_waiting ON tickets
        (state_rank, waiting_since, key, intent, language, urgency)""",
    """CREATE INDEX tickets_by_urgency ON tickets
        (state_rank, urgency_rank, waiting_since, key, intent, language, urgency)""",
    """CREATE INDEX tickets_by_age ON tickets
        (last_at DESC, key, state_rank, intent, language, urgency)""",
    "CREATE INDEX tickets_unread ON tickets (state_rank, waiting_since) WHERE unread",
    "CREATE INDEX tickets_by_order ON tickets (order_number) WHERE order_number IS NOT NULL",
    """
    CREATE TABLE messages (
        ticket_key INTEGER NOT NULL REFERENCES tickets (key) ON DELETE CASCADE,
        idx INTEGER NOT NULL,
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        at INTEGER NOT NULL,
        -- the feedback event that sent it; NULL for what came from outside
        event_id TEXT,
        PRIMARY KEY (ticket_key, idx)
    ) WITHOUT ROWID
    """,
    # Overlapping character pairs, see storage/bigrams.py. The text itself stays in `messages` only.
    "CREATE VIRTUAL TABLE ticket_text USING fts5 (pairs, content='', contentless_delete=1, tokenize='ascii')",
    """
    CREATE TABLE understandings (
        ticket_key INTEGER NOT NULL REFERENCES tickets (key) ON DELETE CASCADE,
        message_index INTEGER NOT NULL,
        ticket_version INTEGER NOT NULL,
        body TEXT NOT NULL,
        vector BLOB NOT NULL,
        PRIMARY KEY (ticket_key, message_index)
    )
    """,
    """
    CREATE TABLE composers (
        ticket_key INTEGER PRIMARY KEY REFERENCES tickets (key) ON DELETE CASCADE,
        text TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE suggestions (
        ticket_key INTEGER PRIMARY KEY REFERENCES tickets (key) ON DELETE CASCADE,
        ticket_version INTEGER NOT NULL,
        body TEXT NOT NULL
    )
    """,
)

FEEDBACK = (
    """
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        ticket_id TEXT NOT NULL,
        message_index INTEGER NOT NULL,
        undoes TEXT UNIQUE REFERENCES events (id),
        body TEXT NOT NULL
    )
    """,
    "CREATE INDEX events_by_ticket ON events (ticket_id, seq)",
    "CREATE TRIGGER events_keep BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    # What an event changed, so that it can be taken back.
    """
    CREATE TABLE effects (
        event_id TEXT PRIMARY KEY REFERENCES events (id),
        body TEXT NOT NULL
    )
    """,
)

SHOP = (
    """
    CREATE TABLE orders (
        order_number TEXT PRIMARY KEY,
        customer TEXT NOT NULL,
        email TEXT NOT NULL,
        phone TEXT NOT NULL,
        placed_at INTEGER NOT NULL,
        body TEXT NOT NULL
    )
    """,
    "CREATE INDEX orders_by_customer ON orders (customer)",
    "CREATE INDEX orders_by_email ON orders (email) WHERE email <> ''",
    "CREATE INDEX orders_by_phone ON orders (phone) WHERE phone <> ''",
    "CREATE TABLE products (sku TEXT PRIMARY KEY, body TEXT NOT NULL)",
    # Every name a product is known by, folded like search text.
    """
    CREATE TABLE product_names (
        sku TEXT NOT NULL REFERENCES products (sku) ON DELETE CASCADE,
        name TEXT NOT NULL,
        PRIMARY KEY (sku, name)
    ) WITHOUT ROWID
    """,
)


def apply(db: "Database") -> None:
    """Create the first tables in an empty database."""
    for statement in TICKETS + FEEDBACK + SHOP:
        db.execute(statement)
