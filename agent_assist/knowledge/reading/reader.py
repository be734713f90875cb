"""Reads one file after the other into articles."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from agent_assist.domain.knowledge import Article
from agent_assist.files.rows import RejectedRow
from agent_assist.files.walk import rejected, walk
from agent_assist.knowledge.reading.formats import SUPPORTED_SUFFIXES, UNTRUSTED_SUFFIXES, parse_plain
from agent_assist.knowledge.reading.sandbox import Sandbox


class ArticleReader:
    """Reads files, those that could do harm in a child process, which is kept from file to file until `close`."""

    def __init__(self, *, sandbox: Sandbox | None = None) -> None:
        self._sandbox = sandbox or Sandbox()

    def __enter__(self) -> "ArticleReader":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def read_file(self, path: Path, *, root: Path) -> Iterator[Article | RejectedRow]:
        """Stream the articles of one file; `root` is the folder that was given, or the file itself."""
        if not path.exists():
            yield rejected(path, "The file does not exist.")
        elif not is_supported(path):
            known = ", ".join(sorted(SUPPORTED_SUFFIXES))
            yield rejected(path, f"Files of this kind cannot be read as knowledge; known are {known}.")
        elif path.suffix.lower() in UNTRUSTED_SUFFIXES:
            yield from self._sandbox.parse(path, root)
        else:
            yield from parse_plain(path, root)

    def close(self) -> None:
        """End the child process."""
        self._sandbox.close()


def is_supported(path: Path) -> bool:
    """Whether files with `path`'s suffix can be read; does not look at the file."""
    return path.suffix.lower() in SUPPORTED_SUFFIXES


def read_file(path: Path, *, root: Path) -> Iterator[Article | RejectedRow]:
    """Stream the articles of one file. Use an `ArticleReader` for many files: it keeps its child process."""
    with ArticleReader() as reader:
        yield from reader.read_file(path, root=root)


def read_articles(paths: Iterable[Path]) -> Iterator[Article | RejectedRow]:
    """Stream the articles of files and of folders of them, one file after the other.

    A document's doc_id is `id:` of its front matter, else its path below the folder given. A row without an id gets
    one from its question (or title), so that a changed answer replaces the old one.
    """
    with ArticleReader() as reader:
        for given in paths:
            for path in walk([given]):
                yield from reader.read_file(path, root=given)
