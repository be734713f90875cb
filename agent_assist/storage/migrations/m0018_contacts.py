"""How a ticket's customer is reached, by which two customers of one name are told apart."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

STATEMENTS = (
    # An e-mail address in lower case, the digits of a phone number, or an account's name; empty where it is not known.
    "ALTER TABLE tickets ADD COLUMN contact TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX tickets_by_contact ON tickets (contact, last_at) WHERE contact <> ''",
)


def apply(db: "Database") -> None:
    """Add the column and its index; the next import of the same mails fills it."""
    for statement in STATEMENTS:
        db.execute(statement)
