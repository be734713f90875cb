"""A reader with its real child process, kept for all tests of the room."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent_assist.domain.knowledge import Article
from agent_assist.files.rows import RejectedRow
from agent_assist.knowledge import ArticleReader

Read = Callable[[Path], tuple[list[Article], list[RejectedRow]]]


@pytest.fixture(scope="package")
def reader() -> Iterator[ArticleReader]:
    with ArticleReader() as opened:
        yield opened


@pytest.fixture
def read(reader: ArticleReader) -> Read:
    """Articles and rejections of one file."""

    def read_one(path: Path) -> tuple[list[Article], list[RejectedRow]]:
        rows = list(reader.read_file(path, root=path.parent))
        return [row for row in rows if isinstance(row, Article)], [row for row in rows if isinstance(row, RejectedRow)]

    return read_one
