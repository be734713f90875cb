"""Tickets out of any mix of files and folders."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from agent_assist.files.rows import RejectedRow
from agent_assist.files.table import TABLE_SUFFIXES
from agent_assist.files.walk import rejected, walk
from agent_assist.intake.mailbox import read_eml_files, read_mbox
from agent_assist.intake.parsed import ParsedTicket
from agent_assist.intake.rows import read_ticket_json, read_ticket_table

_JSON_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
SUPPORTED_SUFFIXES = TABLE_SUFFIXES | _JSON_SUFFIXES | {".eml", ".mbox", ".mbx"}


def read_tickets(paths: Iterable[Path], *, own_addresses: Collection[str] = ()) -> Iterator[ParsedTicket | RejectedRow]:
    """Stream the tickets of CSV, TSV, XLSX, JSONL, EML and MBOX files and of folders of them.

    Folders are read recursively in sorted order. Mails of one MBOX, or all `.eml` files given, that answer each other
    are one ticket. `own_addresses` are the shop's mail addresses; without them the side that the first mail was sent
    to counts as the shop. Anything unreadable comes as a `RejectedRow`; nothing is raised for the content of a file.
    """
    mails: list[Path] = []
    for path in walk(paths):
        suffix = path.suffix.lower()
        if suffix == ".eml":
            mails.append(path)
        elif suffix in {".mbox", ".mbx"}:
            yield from read_mbox(path, own_addresses=own_addresses)
        elif suffix in TABLE_SUFFIXES:
            yield from read_ticket_table(path)
        elif suffix in _JSON_SUFFIXES:
            yield from read_ticket_json(path)
        else:
            yield rejected(path, _unsupported(path))
    yield from read_eml_files(mails, own_addresses=own_addresses)


def _unsupported(path: Path) -> str:
    if not path.exists():
        return "The file does not exist."
    if path.suffix.lower() == ".xls":
        return "Old Excel files (.xls) cannot be read; save the file as .xlsx."
    known = ", ".join(sorted(SUPPORTED_SUFFIXES))
    return f"Files of this kind cannot be read; known are {known}."
