"""What masking took out of rows of training data, so that the profile that masked them can put it back."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

MASKS = """
    CREATE TABLE masks (
        batch TEXT NOT NULL,
        number INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (batch, number)
    ) WITHOUT ROWID
"""


def apply(db: "Database") -> None:
    """Create the table."""
    db.execute(MASKS)
