"""The waiting tickets by customer, for a list with one row a customer.

The index holds all that the list is filtered and ordered by, so that grouping 100,000 tickets reads no row.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

STATEMENTS = (
    """CREATE INDEX tickets_by_group ON tickets (customer, contact, due_at, waiting_since, urgency_place, last_at,
    assignee, intent, language, urgency, sentiment, state) WHERE place = 0""",
)


def apply(db: "Database") -> None:
    """Add the index."""
    for statement in STATEMENTS:
        db.execute(statement)
