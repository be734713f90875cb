"""Which reader is for which kind of file."""

from collections.abc import Iterator
from pathlib import Path

from agent_assist.domain.knowledge import Article
from agent_assist.files.rows import RejectedRow
from agent_assist.files.table import TABLE_SUFFIXES
from agent_assist.knowledge.reading.rows import read_json_file, read_table_file
from agent_assist.knowledge.reading.text_files import read_text_file

_TEXT_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
_JSON_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
SUPPORTED_SUFFIXES = _TEXT_SUFFIXES | _JSON_SUFFIXES | TABLE_SUFFIXES


def parse_file(path: Path, root: Path) -> Iterator[Article | RejectedRow]:
    """Stream the articles of one file of a supported kind, in this process."""
    suffix = path.suffix.lower()
    if suffix in _TEXT_SUFFIXES:
        yield from read_text_file(path, root)
    elif suffix in _JSON_SUFFIXES:
        yield from read_json_file(path)
    else:
        yield from read_table_file(path)
