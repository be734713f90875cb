"""Labelled rows out of any mix of files: CSV, TSV, Excel, JSON Lines, CoNLL, and the program's own exports."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent_assist.data.columns import FIELDS, assign
from agent_assist.data.conll import CONLL_SUFFIXES, read_conll
from agent_assist.data.parse import parse_row
from agent_assist.data.row import Row
from agent_assist.data.rows_file import with_own_ids, write_rows
from agent_assist.data.tables import read_labelled_table
from agent_assist.errors import ImportRowError
from agent_assist.files.jsonl import read_json_rows
from agent_assist.files.rows import RejectedRow
from agent_assist.files.table import TABLE_SUFFIXES
from agent_assist.files.walk import rejected, walk

_JSON_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
SUPPORTED_SUFFIXES = TABLE_SUFFIXES | _JSON_SUFFIXES | CONLL_SUFFIXES


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many rows were written, how many of them have a label or spans, and what was left out."""

    rows: int
    labelled: int
    with_spans: int
    rejected: tuple[RejectedRow, ...]


def import_rows(paths: Iterable[Path], out: Path) -> Imported:
    """Read all labelled rows of files and folders and write them to `out`; without any row nothing is written.

    Raises like `rows_file.write_rows`; what cannot be read of the files is in `rejected`.
    """
    found = list(read_labelled(paths))
    rows = list(with_own_ids(one for one in found if isinstance(one, Row)))
    if rows:
        write_rows(out, rows)
    return Imported(
        rows=len(rows),
        labelled=sum(1 for row in rows if row.labels),
        with_spans=sum(1 for row in rows if row.spans is not None),
        rejected=tuple(one for one in found if isinstance(one, RejectedRow)),
    )


def read_labelled(paths: Iterable[Path]) -> Iterator[Row | RejectedRow]:
    """Stream the rows of files and, in sorted order, of folders of them. Nothing is raised for what a file holds."""
    for path in walk(paths):
        for one in _lines(path):
            if isinstance(one, RejectedRow):
                yield one
                continue
            line, values = one
            try:
                yield parse_row(values, _fields(values), source=path.name)
            except ImportRowError as error:
                yield rejected(path, error.reason, line=line)


def _fields(values: dict[str, Any]) -> dict[str, str]:
    return assign(values) if values.keys() - FIELDS else {name: name for name in values}


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]] | RejectedRow]:
    suffix = path.suffix.lower()
    if suffix in TABLE_SUFFIXES:
        yield from read_labelled_table(path)
    elif suffix in _JSON_SUFFIXES:
        for row in read_json_rows(path):
            yield row if isinstance(row, RejectedRow) else (row.line, row.value)
    elif suffix in CONLL_SUFFIXES:
        for sentence in read_conll(path):
            yield sentence if isinstance(sentence, RejectedRow) else (sentence.line, sentence.values)
    elif not path.exists():
        yield rejected(path, "The file does not exist.")
    else:
        known = ", ".join(sorted(SUPPORTED_SUFFIXES))
        yield rejected(path, f"Files of this kind cannot be read; known are {known}.")
