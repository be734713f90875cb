"""A real profile database in a temporary folder, and makers of domain values."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent_assist.storage.database import Database
from agent_assist.storage.feedback import FeedbackLog
from agent_assist.storage.tickets import TicketStore


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "profile.db")
    yield opened
    await opened.close()


@pytest.fixture
def tickets(database: Database) -> TicketStore:
    return TicketStore(database)


@pytest.fixture
def log(database: Database) -> FeedbackLog:
    return FeedbackLog(database)
