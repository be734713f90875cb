"""Tables with a header line (CSV, TSV, XLSX) as records, the columns found by loose names in English and Chinese."""

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent_assist.files.csv_rows import read_csv_rows
from agent_assist.files.rows import MAX_UNPACKED_BYTES, RejectedRow
from agent_assist.files.walk import refuse, rejected

TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm"})
# Exports often put a title or a date above the header.
_HEADER_ROWS = 10

Columns = Mapping[str, str]
"""A field and the other header names it goes by, separated by commas."""

_Rows = Iterator[tuple[int, list[object]] | RejectedRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row: cells by field name; only columns with something in them. `sheet` is empty for CSV.

    `layout` names the layout that the header fits; `others` holds cells of unknown columns by their names in `header`.
    """

    line: int
    values: dict[str, object]
    sheet: str = ""
    layout: str = ""
    others: dict[str, object] = field(default_factory=dict)
    header: tuple[str, ...] = ()

    def text(self, field: str) -> str:
        """The cell as text, "" where it is empty; 12.0 reads "12"."""
        return cell_text(self.values.get(field))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A kind of table: its columns, and the sets of fields of which one must be there as a whole."""

    name: str
    columns: Columns
    required: Sequence[frozenset[str]]


def cell_text(value: object) -> str:
    """A cell's value as a person sees it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def read_table(path: Path, columns: Columns, *, required: Sequence[str]) -> Iterator[Record | RejectedRow]:
    """Stream the records of a table.

    Names match without regard to case, spaces, punctuation and width. One of the `required` fields must have a
    column, else the file (or sheet) is rejected as a whole.
    """
    layout = Layout(name="", columns=columns, required=[frozenset({field}) for field in required])
    return read_layouts(path, [layout])


def read_layouts(path: Path, layouts: Sequence[Layout]) -> Iterator[Record | RejectedRow]:
    """Stream the records of a table of one of several kinds; a header counts for the first layout that it fits."""
    if (refusal := refuse(path)) is not None:
        yield refusal
    elif path.suffix.lower() in {".xlsx", ".xlsm"}:
        yield from _read_workbook(path, layouts)
    else:
        yield from _records(path, "", read_csv_rows(path), layouts)


def column_names(columns: Columns) -> dict[str, str]:
    """The field of each name, the names as `name_key` makes them."""
    return {name_key(name): field for field, others in columns.items() for name in (field, *others.split(","))}


def name_key(name: str) -> str:
    """`name` without what does not count in a header: case, width, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _records(path: Path, sheet: str, rows: _Rows, layouts: Sequence[Layout]) -> Iterator[Record | RejectedRow]:
    header: Header | None = None
    seen: list[str] = []
    for row in rows:
        if isinstance(row, RejectedRow):
            yield row
            continue
        line, cells = row
        if header is not None:
            if record := header.record(line, cells, sheet):
                yield record
            continue
        header = find_header(cells, layouts)
        seen.append("、".join(filter(None, map(cell_text, cells)))[:200])
        if header is None and len(seen) == _HEADER_ROWS:
            break
    if header is None and (seen or not sheet):
        where = f"Sheet {sheet!r} has" if sheet else "The table has"
        wanted = ", ".join(dict.fromkeys(" and ".join(sorted(one)) for layout in layouts for one in layout.required))
        yield rejected(path, f"{where} no column named like {wanted}; its first line is: {seen[0] if seen else ''}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a header line means: the layout it fits, and the columns of known fields and of others."""

    layout: str
    fields: Mapping[int, str]
    others: Mapping[int, str]
    cells: tuple[str, ...]

    def record(self, line: int, cells: Sequence[object], sheet: str = "") -> Record | None:
        """The record of a line of cells; None where no known column has anything in it."""
        values = _named(self.fields, cells)
        if not values:
            return None
        others = _named(self.others, cells)
        return Record(line=line, values=values, sheet=sheet, layout=self.layout, others=others, header=self.cells)


def _named(names: Mapping[int, str], cells: Sequence[object]) -> dict[str, object]:
    return {name: cells[i] for i, name in names.items() if i < len(cells) and cell_text(cells[i])}


def find_header(cells: Sequence[object], layouts: Sequence[Layout]) -> Header | None:
    """The header that `cells` are by the first layout which they fit; None where they fit none."""
    for layout in layouts:
        names = column_names(layout.columns)
        fields: dict[int, str] = {}
        others: dict[int, str] = {}
        for index, cell in enumerate(cells):
            name = cell_text(cell)
            found = names.get(name_key(name))
            if found and found not in fields.values():
                fields[index] = found
            elif name:
                others[index] = name
        if any(one <= set(fields.values()) for one in layout.required):
            named = tuple(filter(None, map(cell_text, cells)))
            return Header(layout=layout.name, fields=fields, others=others, cells=named)
    return None


def _read_workbook(path: Path, layouts: Sequence[Layout]) -> Iterator[Record | RejectedRow]:
    # Only here: it imports numpy where that is installed, which the window must not wait for.
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED_BYTES:
                yield rejected(path, "The workbook unpacks to more than 600 MB; split it and try again.")
                return
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            for sheet in book.worksheets:
                yield from _records(path, sheet.title, _sheet_rows(sheet), layouts)
    except Exception as error:  # a broken workbook raises nearly anything out of openpyxl
        yield rejected(path, f"The workbook cannot be read: {type(error).__name__}: {error}.")


def _sheet_rows(sheet: Any) -> _Rows:
    # What the sheet says of its size is not believed: every row would be filled up to a width of 16,384 cells.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(cell is not None and cell_text(cell) for cell in cells):
            yield number, list(cells)
