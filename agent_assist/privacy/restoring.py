"""Putting personal data back where masking took it out.

What was taken is kept character by character, in order of place: a number that is written in two ways is one
placeholder in the masked text and comes back in both ways. Texts may have been edited meanwhile; a placeholder that was
copied stands for the last way its value was written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent_assist.privacy.masking import Masked, Piece

PLACEHOLDER = re.compile(r"\[[A-Z]+_[0-9]+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """What masking took out of one row of data.

    `pieces` holds a field's placeholders in order of place, each with the characters it stands for; `whole` holds
    fields that were replaced as a whole, the new value and the old one. `spans` are the row's own entities (start, end,
    type) where masking moved them so that they cannot be told from where they are now; they hold for a masked row
    whose text and entities have this `digest`.
    """

    pieces: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    whole: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    spans: tuple[tuple[int, int, str], ...] | None = None
    digest: str = ""


def pieces_of(text: str, masked: Masked) -> tuple[tuple[str, str], ...]:
    """What masking `text` took out, as `restore` wants it."""
    return tuple((masked.text[one.start_masked : one.end_masked], text[one.start : one.end]) for one in masked.pieces)


def restore(text: str, pieces: Sequence[tuple[str, str]]) -> Masked:
    """`text` with the characters behind its placeholders, and the way from places in it to places in the result.

    Placeholders that `pieces` does not know stay as they are.
    """
    ways: dict[str, list[str]] = {}
    for placeholder, original in pieces:
        ways.setdefault(placeholder, []).append(original)
    parts: list[str] = []
    found: list[Piece] = []
    place = length = 0
    for match in PLACEHOLDER.finditer(text):
        originals = ways.get(match[0])
        if not originals:
            continue
        original = originals.pop(0) if len(originals) > 1 else originals[0]
        parts += [text[place : match.start()], original]
        length += match.start() - place
        found.append(Piece(match.start(), match.end(), length, length + len(original)))
        length += len(original)
        place = match.end()
    parts.append(text[place:])
    return Masked("".join(parts), tuple(found))
