"""Reading and writing files of rows; a file is replaced only by a whole one."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec

from agent_assist.data.parse import OWN_NAMES, parse_row
from agent_assist.data.row import Row, as_record
from agent_assist.errors import ImportRowError, InputError, StorageFaultError
from agent_assist.files.jsonl import read_json_rows
from agent_assist.files.rows import RejectedRow


def read_rows(path: Path) -> list[Row]:
    """All rows of a JSON Lines file with the fields' own names, as `data import` writes it.

    Raises `InputError` at the first line that cannot be read and for a file without rows.
    """
    rows = list(with_own_ids(_rows(path)))
    if not rows:
        raise InputError(f"{path} holds no rows.")
    return rows


def _rows(path: Path) -> Iterator[Row]:
    for one in read_json_rows(path):
        place = f"{path}:{one.line}" if one.line else str(path)
        if isinstance(one, RejectedRow):
            raise InputError(f"{place}: {one.reason}")
        try:
            yield parse_row(one.value, OWN_NAMES)
        except ImportRowError as error:
            raise InputError(f"{place}: {error.reason} `agent-assist data import` leaves such rows out.") from error


def with_own_ids(rows: Iterable[Row]) -> Iterator[Row]:
    """The same rows, each with an id of its own: of those that share one, the second gets "-2" behind it."""
    seen: set[str] = set()
    counts: dict[str, int] = {}
    for row in rows:
        name = row.id
        while name in seen:
            counts[row.id] = counts.get(row.id, 1) + 1
            name = f"{row.id}-{counts[row.id]}"
        seen.add(name)
        yield row if name == row.id else replace(row, id=name)


def write_rows(path: Path, rows: Iterable[Row]) -> int:
    """Write one JSON object a line; returns how many. Raises like `replacing`."""
    encoder = msgspec.json.Encoder()
    count = 0
    with replacing(path) as partial, partial.open("wb") as file:
        for row in rows:
            file.write(encoder.encode(as_record(row)) + b"\n")
            count += 1
    return count


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to; what was written replaces `path` when the block ends well.

    Raises `InputError` where `path` cannot be a file, `StorageFaultError` where writing fails; `path` stays as it was.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise InputError(f"{path} cannot be written. Name a file in a folder that exists.")
    partial = path.with_name(path.name + ".partial")
    try:
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise StorageFaultError(f"{path} cannot be written: {error.strerror}. The old file is unchanged.") from error
    finally:
        partial.unlink(missing_ok=True)
