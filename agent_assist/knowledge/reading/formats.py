"""Which reader is for which kind of file, and which kinds are parsed in a process of their own."""

from collections.abc import Iterator
from pathlib import Path

from agent_assist.domain.knowledge import Article
from agent_assist.files.rows import RejectedRow
from agent_assist.knowledge.reading.pages import read_docx_file, read_html_file, read_pdf_file
from agent_assist.knowledge.reading.rows import read_json_file, read_table_file, read_workbook_file
from agent_assist.knowledge.reading.text_files import read_text_file

_TEXT_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
_JSON_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
_TABLE_SUFFIXES = frozenset({".csv", ".tsv"})
_WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm"})
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
# What can crash native code, hang or unpack to a thousand times its size.
UNTRUSTED_SUFFIXES = _WORKBOOK_SUFFIXES | _HTML_SUFFIXES | {".pdf", ".docx"}
SUPPORTED_SUFFIXES = _TEXT_SUFFIXES | _JSON_SUFFIXES | _TABLE_SUFFIXES | UNTRUSTED_SUFFIXES


def parse_plain(path: Path, root: Path) -> Iterator[Article | RejectedRow]:
    """Stream the articles of a file of one of the kinds that this process reads itself."""
    suffix = path.suffix.lower()
    if suffix in _TEXT_SUFFIXES:
        yield from read_text_file(path, root)
    elif suffix in _JSON_SUFFIXES:
        yield from read_json_file(path)
    else:
        yield from read_table_file(path)


def parse_untrusted(path: Path, root: Path) -> Iterator[Article | RejectedRow]:
    """Stream the articles of a file of one of the other kinds; for the child. Raises nearly anything."""
    suffix = path.suffix.lower()
    if suffix in _HTML_SUFFIXES:
        yield from read_html_file(path, root)
    elif suffix == ".pdf":
        yield from read_pdf_file(path, root)
    elif suffix == ".docx":
        yield from read_docx_file(path, root)
    else:
        yield from read_workbook_file(path)
