"""JSON objects, one a line, or one array in a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from agent_assist.files.encoding import open_text
from agent_assist.files.rows import MAX_TEXT_BYTES, RejectedRow
from agent_assist.files.walk import refuse, rejected

# A line may hold a whole thread of messages.
_MAX_LINE = 8 * MAX_TEXT_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonRow:
    """One object and the line it stands on (its position in the array for an array file)."""

    line: int
    value: dict[str, Any]


def read_json_rows(path: Path) -> Iterator[JsonRow | RejectedRow]:
    """Stream the objects of a JSONL file, or of a `.json` file that holds an array or a single object."""
    if (refusal := refuse(path)) is not None:
        yield refusal
        return
    if path.suffix.lower() == ".json" and (whole := _whole_file(path)) is not None:
        yield from whole
        return
    with open_text(path, newline="\n") as file:
        number = 0
        while line := file.readline(_MAX_LINE + 1):
            number += 1
            if len(line) > _MAX_LINE:
                while line and not line.endswith("\n"):
                    line = file.readline(_MAX_LINE)
                yield rejected(path, "The line is longer than 8 MB.", line=number)
            elif line.strip():
                yield _parse(path, number, line)


def _parse(path: Path, number: int, line: str) -> JsonRow | RejectedRow:
    try:
        value = msgspec.json.decode(line.encode("utf-8"))
    except UnicodeEncodeError:  # surrogateescape left bytes that the file's encoding does not have
        return rejected(path, "The line holds bytes that do not fit the file's text encoding.", line=number)
    except (msgspec.DecodeError, RecursionError) as error:
        return rejected(path, f"The line is not valid JSON: {error}.", line=number)
    if not isinstance(value, dict):
        return rejected(path, "The line is not a JSON object.", line=number)
    return JsonRow(line=number, value=value)


def _whole_file(path: Path) -> list[JsonRow | RejectedRow] | None:
    """The rows of a file that is one JSON value; None where it is none, so that it is read line by line."""
    try:
        with open_text(path) as file:
            value = msgspec.json.decode(file.read().encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return None
    items = value if isinstance(value, list) else [value]
    return [
        JsonRow(line=number, value=item)
        if isinstance(item, dict)
        else rejected(path, "The item is not a JSON object.", line=number)
        for number, item in enumerate(items, start=1)
    ]
