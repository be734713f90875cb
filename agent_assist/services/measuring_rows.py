"""What a model is measured on, read from the user's files into the form that the neural half takes.

Nothing is left out here as an import would: a figure over part of a file would be the figure of another file.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from agent_assist.data.importing import read_labelled
from agent_assist.data.row import Row, as_record
from agent_assist.errors import InputError
from agent_assist.files.jsonl import JsonRow, read_json_rows
from agent_assist.files.rows import RejectedRow

T = TypeVar("T", bound=msgspec.Struct)
LabelMap = dict[str, list[str]]


class Query(msgspec.Struct, frozen=True):
    """A query with the ids of the documents that answer it, or with `candidates` of which `positives` answer it.

    An empty `gold` says that nothing answers it.
    """

    query: str
    gold: list[str | int] | None = None
    positives: list[str] = []
    candidates: list[str] = []


class _Document(msgspec.Struct, frozen=True):
    id: str | int
    text: str
    title: str = ""


def labelled_records(path: Path) -> list[dict[str, Any]]:
    """All labelled rows of a file or folder. Raises `InputError` at the first that cannot be read."""
    found = []
    for one in read_labelled([path]):
        if not isinstance(one, Row):
            raise _refused(one)
        found.append(as_record(one))
    if not found:
        raise InputError(f"{path} holds no rows.")
    return found


def query_records(path: Path) -> list[dict[str, Any]]:
    """All queries of a JSON Lines file. Raises `InputError` at the first line that is none."""
    found = []
    for line, query in _read(path, Query, 'like {"query", "gold": [ids]} or {"query", "positives", "candidates"}'):
        if not query.query.strip():
            raise InputError(f"{path}:{line}: The query is empty.")
        if query.gold is None and not (query.positives and query.candidates):
            raise InputError(f"{path}:{line}: The query has neither gold ids nor positives with candidates.")
        found.append(msgspec.to_builtins(query) | {"gold": [str(one) for one in query.gold or ()]})
    return found


def document_records(path: Path) -> list[dict[str, str]]:
    """All documents of a JSON Lines file, titles before texts. Raises `InputError` at the first line that is none."""
    places: dict[str, int] = {}
    found = []
    for line, one in _read(path, _Document, 'like {"id", "text"}'):
        name = str(one.id)
        if name in places:
            raise InputError(f"{path}:{line}: The id {name} stands in line {places[name]} already.")
        places[name] = line
        found.append({"id": name, "text": f"{one.title}\n{one.text}" if one.title else one.text})
    return found


def read_label_map(path: Path, *, data: Path) -> LabelMap:
    """The map of a JSON file, {their label: [our labels]}.

    A file may hold several maps by the names of data files; then the one that `data` begins with is taken. Raises
    `InputError` where there is none.
    """
    try:
        given = msgspec.json.decode(path.read_bytes())
        if isinstance(given, dict) and given and all(isinstance(one, dict) for one in given.values()):
            name = max((name for name in given if data.stem.startswith(name)), key=len, default=None)
            if name is None:
                raise InputError(f"{path} holds maps for {', '.join(given)}; none of them begins like {data.stem}.")
            given = given[name]
        return msgspec.convert(given, LabelMap)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except msgspec.DecodeError as error:  # also of values that are no lists
        raise InputError(f'{path} is no map like {{"their label": ["our label"]}}: {error}.') from error


def _read(path: Path, kind: type[T], form: str) -> Iterator[tuple[int, T]]:
    empty = True
    for row in read_json_rows(path):
        if not isinstance(row, JsonRow):
            raise _refused(row)
        empty = False
        try:
            yield row.line, msgspec.convert(row.value, kind)
        except msgspec.ValidationError as error:
            raise InputError(f"{path}:{row.line}: The line is not {form}: {error}.") from error
    if empty:
        raise InputError(f"{path} holds no rows.")


def _refused(row: RejectedRow) -> InputError:
    return InputError(f"{row.file}:{row.line}: {row.reason}" if row.line else f"{row.file}: {row.reason}")
