"""What changed between two texts, word by word: English words and numbers whole, Chinese character by character.

Lines are compared first and only what differs among them by words, so that long articles stay fast.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher, unified_diff
from itertools import groupby

from agent_assist.domain.article_versions import DiffKind, DiffPiece

_TOKEN = re.compile(r"[^\W\d_\u3400-\u9fff\uf900-\ufaff]+(?:['’-][^\W\d_\u3400-\u9fff]+)*|\d+(?:[.,:]\d+)*|\s+|.", re.S)
# Comparing takes the product of both lengths at worst; a passage that was written anew is shown whole instead.
_MOST_TOKENS = 4_000


def word_diff(before: str, after: str) -> tuple[DiffPiece, ...]:
    """Pieces in reading order: `kept` and `removed` ones make up `before`, `kept` and `added` ones `after`."""
    pieces: list[DiffPiece] = []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for tag, start, end, start_new, end_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = "".join(old[start:end]), "".join(new[start_new:end_new])
        pieces += [DiffPiece(DiffKind.KEPT, left)] if tag == "equal" else _changed(left, right)
    return tuple(_merged(pieces))


def line_diff(before: str, after: str, *, names: tuple[str, str]) -> str:
    """The change as unified text with three lines around it; "" where nothing differs."""
    lines = unified_diff(before.splitlines(), after.splitlines(), *names, lineterm="")
    return "\n".join(lines)


def _changed(before: str, after: str) -> list[DiffPiece]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if not old or not new or len(old) + len(new) > _MOST_TOKENS:
        return [DiffPiece(DiffKind.REMOVED, before), DiffPiece(DiffKind.ADDED, after)]
    pieces = []
    for tag, start, end, start_new, end_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(DiffPiece(DiffKind.KEPT, "".join(old[start:end])))
        else:
            pieces.append(DiffPiece(DiffKind.REMOVED, "".join(old[start:end])))
            pieces.append(DiffPiece(DiffKind.ADDED, "".join(new[start_new:end_new])))
    return _without_slivers(pieces)


def _without_slivers(pieces: Sequence[DiffPiece]) -> list[DiffPiece]:
    """A blank that was kept between two changes belongs to both: "seven days" became "two weeks", not word by word."""
    smooth: list[DiffPiece] = []
    for index, piece in enumerate(pieces):
        inside = 0 < index < len(pieces) - 1
        if piece.kind is DiffKind.KEPT and inside and not piece.text.strip():
            smooth += [DiffPiece(DiffKind.REMOVED, piece.text), DiffPiece(DiffKind.ADDED, piece.text)]
        else:
            smooth.append(piece)
    return smooth


def _merged(pieces: Iterable[DiffPiece]) -> Iterator[DiffPiece]:
    """Neighbours of a kind as one; of what was removed and added at one place the removed text first."""
    for kept, group in groupby(pieces, key=lambda piece: piece.kind is DiffKind.KEPT):
        parts = list(group)
        for kind in (DiffKind.KEPT,) if kept else (DiffKind.REMOVED, DiffKind.ADDED):
            text = "".join(piece.text for piece in parts if piece.kind is kind)
            if text:
                yield DiffPiece(kind, text)
