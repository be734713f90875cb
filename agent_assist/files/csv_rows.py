"""The rows of a CSV or TSV file, streamed, with a way on after a quote that is never closed."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from agent_assist.files.encoding import open_text
from agent_assist.files.rows import MAX_TEXT_BYTES, RejectedRow
from agent_assist.files.walk import rejected

_DELIMITERS = ",\t;|，"
_FIELD_LIMIT = 2 * MAX_TEXT_BYTES


class _Lines(Iterator[str]):
    """Physical lines with the memory of those the current record took, so that they can be given back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._returned: list[str] = []
        self.taken: list[str] = []
        self.number = 0

    def __next__(self) -> str:
        line = self._returned.pop() if self._returned else self._file.readline()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        """Make `lines` the next ones again."""
        self._returned.extend(reversed(lines))
        self.number -= len(lines)


def read_csv_rows(path: Path) -> Iterator[tuple[int, list[object]] | RejectedRow]:
    """`(line, cells)` of each row that is not blank; `line` is the first line of the row."""
    with open_text(path, newline="") as file:
        delimiter = _delimiter(file.readline(10_000))
        file.seek(0)
        yield from _records(path, _Lines(file), delimiter)


def _records(path: Path, lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[object]] | RejectedRow]:
    csv.field_size_limit(max(csv.field_size_limit(), _FIELD_LIMIT))
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.taken = []
        start = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _give_up(path, start, lines, str(error))
            continue
        if len(lines.taken) > 1 and _swallowed(lines.taken, delimiter):
            yield _give_up(path, start, lines, "a quote is opened and never closed")
        elif any("\udc80" <= char <= "\udcff" for cell in cells if not cell.isascii() for char in cell):
            yield rejected(path, "The row holds bytes that do not fit the file's text encoding.", line=start)
        elif any(cell.strip() for cell in cells):
            yield start, list(cells)


def _give_up(path: Path, start: int, lines: _Lines, why: str) -> RejectedRow:
    lines.give_back(lines.taken[1:])
    return rejected(path, f"The row cannot be read as CSV: {why}.", line=start)


def _swallowed(taken: list[str], delimiter: str) -> bool:
    """True when a row of several lines is no proper one: its quote took in the rows after it, up to theirs."""
    try:
        for _ in csv.reader(taken, delimiter=delimiter, strict=True):
            pass
    except csv.Error:
        return True
    return False


def _delimiter(header: str) -> str:
    """The sign that splits the header line into most parts; a comma where none does."""
    return max(_DELIMITERS, key=header.count)
