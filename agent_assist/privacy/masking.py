"""Taking personal data out of texts before they become training rows.

Placeholders such as [PHONE_1] are stable within one row: the same number, however it is written, is the same
placeholder in message, draft and reply, so a model still learns who and what is spoken of. Better too much than too
little: where two findings overlap, all of their characters go, and long digit runs that nothing explains go as well.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from agent_assist.domain.understanding import Entity
from agent_assist.privacy.personal_data import Finding, Secret, find_personal

_PLACEHOLDER = re.compile(r"\[(?:ADDRESS|CARD|EMAIL|ID|NUMBER|ORDER|PERSON|PHONE|TRACKING)_\d+\]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `start` to `end` of the one text became characters `start_masked` to `end_masked` of the other."""

    start: int
    end: int
    start_masked: int
    end_masked: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked text and the way from places in the original to places in it."""

    text: str
    pieces: tuple[Piece, ...]

    def rebase(self, start: int, end: int) -> tuple[int, int]:
        """Where the original's characters `start` to `end` are now; a placeholder touched is held whole."""
        return self._place(start, at_end=False), self._place(end, at_end=True)

    def _place(self, position: int, *, at_end: bool) -> int:
        shift = 0
        for piece in self.pieces:
            if position <= piece.start if at_end else position < piece.start:
                break
            if position <= piece.end if at_end else position < piece.end:
                return piece.end_masked if at_end else piece.start_masked
            shift = piece.end_masked - piece.end
        return position + shift


def find_placeholders(text: str) -> list[str]:
    """The placeholders that stand in `text`, in order: what a masked text would show of somebody else."""
    return _PLACEHOLDER.findall(text)


class Masker:
    """Masks the texts of one row. `secrets` are names, addresses and numbers known to occur in any of them.

    Placeholders of `reserved` are not given out: those that stand in a text already, and mean something else.
    """

    def __init__(self, secrets: Sequence[Secret] = (), *, reserved: Collection[str] = ()) -> None:
        """Start with no placeholder given out."""
        self._secrets = tuple(secrets)
        self._reserved = frozenset(reserved)
        self._placeholders: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def text(self, text: str, *, entities: Sequence[Entity] = ()) -> str:
        """`text` without personal data."""
        return self.mask(text, entities=entities).text

    def mask(self, text: str, *, entities: Sequence[Entity] = ()) -> Masked:
        """`text` without personal data; `entities` are those known for exactly this text."""
        parts: list[str] = []
        pieces: list[Piece] = []
        place = length = 0
        for kind, start, end in _painted(text, find_personal(text, secrets=self._secrets, entities=entities)):
            placeholder = self.placeholder(kind, text[start:end])
            parts += [text[place:start], placeholder]
            length += start - place
            pieces.append(Piece(start, end, length, length + len(placeholder)))
            length += len(placeholder)
            place = end
        parts.append(text[place:])
        return Masked("".join(parts), tuple(pieces))

    def placeholder(self, kind: str, text: str) -> str:
        """What stands for `text`, which is personal data of a kind as a whole."""
        key = kind, _comparable(kind, text)
        if key not in self._placeholders:
            self._placeholders[key] = self._next(kind)
        return self._placeholders[key]

    def _next(self, kind: str) -> str:
        while True:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            placeholder = f"[{kind}_{self._counts[kind]}]"
            if placeholder not in self._reserved:
                return placeholder


def _painted(text: str, findings: Sequence[Finding]) -> Iterator[tuple[str, int, int]]:
    """Stretches that go, in order of place: every character found, each under its most exact finding."""
    owner: list[int] = [-1] * len(text)
    for number, finding in enumerate(findings):
        owner[finding.start : finding.end] = [number] * (finding.end - finding.start)
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or owner[place] != owner[start]:
            if owner[start] >= 0 and any(char.isalnum() for char in text[start:place]):
                yield findings[owner[start]].kind, start, place
            start = place


def _comparable(kind: str, text: str) -> str:
    text = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    return re.sub(r"\D", "", text)[-11:] if kind == "PHONE" else text  # with or without +86, spaces and dashes
