"""Tables with a header line (CSV, TSV, XLSX) as records, the columns found by loose names in English and Chinese."""

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from agent_assist.files.csv_rows import read_csv_rows
from agent_assist.files.rows import MAX_UNPACKED_BYTES, RejectedRow
from agent_assist.files.walk import refuse, rejected

TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm"})
# Exports often put a title or a date above the header.
_HEADER_ROWS = 10

Columns = Mapping[str, str]
_Rows = Iterator[tuple[int, list[object]] | RejectedRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row: cells by field name; only known columns with something in them. `sheet` is empty for CSV."""

    line: int
    values: dict[str, object]
    sheet: str = ""

    def text(self, field: str) -> str:
        """The cell as text, "" where it is empty; 12.0 reads "12"."""
        return cell_text(self.values.get(field))


def cell_text(value: object) -> str:
    """A cell's value as a person sees it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def read_table(path: Path, columns: Columns, *, required: Sequence[str]) -> Iterator[Record | RejectedRow]:
    """Stream the records of a table.

    `columns` maps a field to the other header names it goes by, separated by commas; names match without regard to
    case, spaces, punctuation and width. One of the `required` fields must have a column, else the file (or sheet) is
    rejected as a whole.
    """
    if (refusal := refuse(path)) is not None:
        yield refusal
    elif path.suffix.lower() in {".xlsx", ".xlsm"}:
        yield from _read_workbook(path, columns, required)
    else:
        yield from _records(path, "", read_csv_rows(path), columns, required)


def _records(
    path: Path, sheet: str, rows: _Rows, columns: Columns, required: Sequence[str]
) -> Iterator[Record | RejectedRow]:
    names = {_key(name): field for field, others in columns.items() for name in (field, *others.split(","))}
    header: dict[int, str] | None = None
    seen: list[str] = []
    for row in rows:
        if isinstance(row, RejectedRow):
            yield row
            continue
        line, cells = row
        if header is not None:
            values = {field: cells[i] for i, field in header.items() if i < len(cells) and cell_text(cells[i])}
            if values:
                yield Record(line=line, values=values, sheet=sheet)
            continue
        header = _header(cells, names, required)
        seen.append("、".join(filter(None, map(cell_text, cells)))[:200])
        if header is None and len(seen) == _HEADER_ROWS:
            break
    if header is None and (seen or not sheet):
        where = f"Sheet {sheet!r} has" if sheet else "The table has"
        wanted = ", ".join(required)
        yield rejected(path, f"{where} no column named like {wanted}; its first line is: {seen[0] if seen else ''}")


def _header(cells: Sequence[object], names: Mapping[str, str], required: Sequence[str]) -> dict[int, str] | None:
    header: dict[int, str] = {}
    for index, cell in enumerate(cells):
        field = names.get(_key(cell_text(cell)))
        if field and field not in header.values():
            header[index] = field
    return header if any(field in header.values() for field in required) else None


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _read_workbook(path: Path, columns: Columns, required: Sequence[str]) -> Iterator[Record | RejectedRow]:
    # Only here: it imports numpy where that is installed, which the window must not wait for.
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED_BYTES:
                yield rejected(path, "The workbook unpacks to more than 600 MB; split it and try again.")
                return
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            for sheet in book.worksheets:
                yield from _records(path, sheet.title, _sheet_rows(sheet), columns, required)
    except Exception as error:  # a broken workbook raises nearly anything out of openpyxl
        yield rejected(path, f"The workbook cannot be read: {type(error).__name__}: {error}.")


def _sheet_rows(sheet: object) -> _Rows:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):  # type: ignore[attr-defined]
        if any(cell is not None and cell_text(cell) for cell in cells):
            yield number, list(cells)
