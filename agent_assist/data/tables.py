"""Labelled rows of CSV, TSV and Excel files with all of their columns.

`agent_assist.files.table` reads the columns it is told of, so the headers are looked at first.
"""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from agent_assist.data.columns import assign, column_key
from agent_assist.files.csv_rows import read_csv_rows
from agent_assist.files.rows import MAX_UNPACKED_BYTES, RejectedRow
from agent_assist.files.table import cell_text, read_table
from agent_assist.files.walk import refuse

_HEADER_ROWS = 10  # as far down as `read_table` looks for the header
_WORKBOOKS = frozenset({".xlsx", ".xlsm"})


def read_labelled_table(path: Path) -> Iterator[tuple[int, dict[str, Any]] | RejectedRow]:
    """`(line, values)` of each row; values by field, or by header where the column is no field."""
    for row in read_table(path, _columns(path), required=("text",)):
        if isinstance(row, RejectedRow):
            yield row
        else:
            yield row.line, {name: _plain(value) for name, value in row.values.items()}


def _plain(value: object) -> object:
    """What JSON can hold: Excel has dates of its own."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool)) else cell_text(value)


def _columns(path: Path) -> Mapping[str, str]:
    fields: dict[str, list[str]] = {"text": []}
    others: dict[str, str] = {}
    for header in _headers(path):
        found = assign(header)
        for name in header:
            if name in found:
                fields.setdefault(found[name], []).append(column_key(name))
            elif column_key(name):
                others[name] = column_key(name)
    return others | {field: ",".join(names) or field for field, names in fields.items()}


def _headers(path: Path) -> list[list[str]]:
    """The header line of the table, or of each sheet; none of a file that `read_table` will refuse with the reason."""
    if refuse(path) is not None:
        return []
    if path.suffix.lower() not in _WORKBOOKS:
        rows = (row for row in read_csv_rows(path) if not isinstance(row, RejectedRow))
        return [_header([cells for _, cells in islice(rows, _HEADER_ROWS)])]
    try:
        return _sheet_headers(path)
    except Exception:  # a broken workbook raises nearly anything out of openpyxl
        return []


def _sheet_headers(path: Path) -> list[list[str]]:
    from openpyxl import load_workbook  # only here: it imports numpy where that is installed

    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED_BYTES:
            return []
    with closing(load_workbook(path, read_only=True, data_only=True)) as book:
        sheets = [sheet.iter_rows(values_only=True) for sheet in book.worksheets]
        return [_header(list(islice(filter(any, rows), _HEADER_ROWS))) for rows in sheets]


def _header(rows: Sequence[Sequence[object]]) -> list[str]:
    """The first line with a column for the text."""
    for cells in rows:
        names = [name for name in map(cell_text, cells) if name]
        if "text" in assign(names).values():
            return names
    return []
