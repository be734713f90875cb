"""CoNLL: a token and its tag a line, a blank line between sentences; to text with spans in characters, and back.

What is written has the text in a comment line (`# text = …`), from which it is read again to the character. Without
one the text is put together: Chinese without spaces, Latin words with them, punctuation where it is usually set.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from agent_assist.data.row import Row, Span
from agent_assist.data.rows_file import replacing
from agent_assist.domain.language import is_han
from agent_assist.errors import ImportRowError, InputError
from agent_assist.files.encoding import open_text
from agent_assist.files.rows import RejectedRow
from agent_assist.files.walk import refuse, rejected

CONLL_SUFFIXES = frozenset({".conll", ".bio", ".iob", ".txt"})

_COMMENT = re.compile(r"#\s?(\w+)\s?=\s?(.*)")
_TAG = re.compile(r"(?:([BIESULM])-(\S+)|O)")
_BEGINS, _ENDS = frozenset("BSU"), frozenset("ESUL")
_NO_SPACE_BEFORE = frozenset(",.!?;:%)]}'’”…、，。！？；：）】》")
_NO_SPACE_AFTER = frozenset("([{$#@“‘（【《¥€£")
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_HAN}]|[^\W\d_{_HAN}]+|\d+|[^\w\s]|_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """The values of a row and the line it begins at."""

    line: int
    values: dict[str, Any]


@dataclass(slots=True)
class _Lines:
    """One sentence as it stands in the file."""

    line: int = 0
    comments: dict[str, str] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    problem: str = ""


def read_conll(path: Path) -> Iterator[Sentence | RejectedRow]:
    """Stream the sentences; the first column is the token, the last one the tag (BIO, BIOES or BILOU)."""
    if (refusal := refuse(path)) is not None:
        yield refusal
        return
    with open_text(path) as file:
        for lines in _sentences(file):
            try:
                yield Sentence(line=lines.line, values=_values(lines))
            except ImportRowError as error:
                yield rejected(path, error.reason, line=error.line or lines.line)


def _sentences(file: Iterable[str]) -> Iterator[_Lines]:
    current = _Lines()
    for number, raw in enumerate(file, start=1):
        line = raw.strip()
        comment = None if current.tokens else _COMMENT.fullmatch(line)
        if not line or line.startswith("-DOCSTART-"):
            if current.line:
                yield current
            current = _Lines()
            continue
        current.line = current.line or number
        if comment:
            current.comments[comment[1]] = comment[2]
            continue
        columns = raw.split("\t") if "\t" in raw else raw.split()
        tag = _TAG.fullmatch(columns[-1].strip()) if len(columns) > 1 else None
        if tag is None and line.startswith("#") and not current.tokens:
            continue
        if tag is None:
            current.problem = current.problem or f"Line {number} is not a token with a tag like B-product or O."
        current.tokens.append(columns[0].strip() or columns[0])
        current.tags.append(columns[-1].strip())
    if current.line:
        yield current


def _values(lines: _Lines) -> dict[str, Any]:
    if lines.problem:
        raise ImportRowError(lines.problem)
    if not lines.tokens:
        raise ImportRowError("The sentence has no tokens.")
    places, text = _placed(lines)
    values: dict[str, Any] = {name: value for name, value in lines.comments.items() if name != "text" and value}
    spans = [{"start": one.start, "end": one.end, "type": one.type} for one in _spans(places, lines.tags)]
    return values | {"text": text, "spans": spans}


def _placed(lines: _Lines) -> tuple[list[tuple[int, int]], str]:
    """Where each token stands in the text, and the text."""
    text = _told_text(lines.comments.get("text", ""))
    if not text:
        text = join_tokens(lines.tokens)
    places: list[tuple[int, int]] = []
    at = 0
    for token in lines.tokens:
        start = text.find(token, at)
        if start < 0 or text[at:start].strip():
            raise ImportRowError(f"The token {token[:40]!r} is not where the text of the sentence has it.")
        at = start + len(token)
        places.append((start, at))
    return places, text


def _told_text(comment: str) -> str:
    """The text of a comment line; one that holds line feeds is written as a JSON string."""
    if comment.startswith('"'):
        try:
            return str(msgspec.json.decode(comment))
        except (msgspec.DecodeError, UnicodeEncodeError):
            return comment
    return comment


def join_tokens(tokens: Sequence[str]) -> str:
    """One text of tokens."""
    if all(len(token) == 1 for token in tokens) and any(map(is_han, tokens)):
        return "".join(tokens)  # cut into characters, Latin words and numbers too
    parts: list[str] = []
    for token in tokens:
        if parts and _apart(parts[-1], token):
            parts.append(" ")
        parts.append(token)
    return "".join(parts)


def _apart(before: str, after: str) -> bool:
    if not before or not after or before[-1] in _NO_SPACE_AFTER or after[0] in _NO_SPACE_BEFORE:
        return False
    return not (_is_wide(before[-1]) or _is_wide(after[0]))


def _is_wide(char: str) -> bool:
    return is_han(char) or "\u3000" <= char <= "\u30ff" or "\uff00" <= char <= "\uffef"


def _spans(places: Sequence[tuple[int, int]], tags: Sequence[str]) -> Iterator[Span]:
    """An I without a B before it begins a span of its own, as the CoNLL scorer reads it."""
    open_span: Span | None = None
    for (start, end), tag in zip(places, tags, strict=True):
        prefix, _, kind = tag.partition("-")
        if open_span and (prefix in _BEGINS or kind != open_span.type):
            yield open_span
            open_span = None
        if kind:
            open_span = Span(start=open_span.start if open_span else start, end=end, type=kind)
            if prefix in _ENDS:
                yield open_span
                open_span = None
    if open_span:
        yield open_span


def write_conll_file(rows: Iterable[Row], out: Path) -> int:
    """Write rows with spans to a file; returns how many. Raises like `write_conll` and `replacing`."""
    listed = list(rows)
    with replacing(out) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in write_conll(listed))
    return len(listed)


def write_conll(rows: Iterable[Row]) -> Iterator[str]:
    """The lines of rows, id and labels in comments; blanks in the names of types become "_".

    Raises `InputError` for a row whose spans overlap or are not known.
    """
    for row in rows:
        if row.spans is None:
            raise InputError(f"Row {row.id} has no spans; CoNLL holds rows with spans only.")
        yield f"# id = {row.id}"
        if row.labels:
            yield f"# labels = {msgspec.json.encode(row.labels).decode()}"
        plain = row.text.splitlines() == [row.text] == [row.text.strip()] and not row.text.startswith('"')
        yield f"# text = {row.text if plain else msgspec.json.encode(row.text).decode()}"
        yield from _tagged(row)
        yield ""


def _tagged(row: Row) -> Iterator[str]:
    spans = sorted(row.spans or ())
    for one, other in pairwise(spans):
        if other.start < one.end:
            raise InputError(f"Row {row.id} has spans that overlap; CoNLL cannot hold them.")
    at = 0
    for span in spans:
        yield from (f"{token}\tO" for token in _TOKEN.findall(row.text[at : span.start]))
        for number, token in enumerate(_TOKEN.findall(row.text[span.start : span.end])):
            yield f"{token}\t{'I' if number else 'B'}-{span.type.replace(' ', '_')}"
        at = span.end
    yield from (f"{token}\tO" for token in _TOKEN.findall(row.text[at:]))
