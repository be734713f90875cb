"""The training corpus: hand-written messages with marked entities and slots, expanded into examples.

`<language>/<topic>.jsonl` hold the rows, slots_<language>.json the fillers (see models.understanding.markup). Expansion
is deterministic by seed. Examples of one row share its number, so that a split by row never puts a row on both sides.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from models.understanding.markup import Span, has_slots, render
from models.understanding.threads import behind

LANGUAGES = ("zh", "en")
# The share of rows with an intent that are also taken behind a greeting.
_GREETED = 0.25
_END = ".!?。！？~～… "
# A pause becomes a space, so that every span keeps its place.
_PAUSES = {ord(char): " " for char in "，。！？；,!?;"}

Slots = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One labelled text; `row` numbers the row it came from, no intents means out of scope.

    A message that needs the customer's one before it to be understood is a text together with it, as it will be read
    (models.understanding.threads).
    """

    row: int
    language: str
    text: str
    intents: tuple[str, ...]
    sentiment: str
    urgency: str
    spans: tuple[Span, ...]


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    intents: tuple[str, ...]
    sentiment: str
    urgency: str
    before: str = ""


def load_corpus(folder: Path, *, expansions: int = 3, seed: int = 0) -> list[Example]:
    """All rows of both languages; rows with slots become `expansions` examples each, each also typed `hastily`.

    Raises FileNotFoundError where a language has no rows or fillers, ValueError naming the line that cannot be read.
    """
    examples: list[Example] = []
    row = 0
    for language in LANGUAGES:
        slots = msgspec.json.decode((folder / f"slots_{language}.json").read_bytes(), type=dict[str, list[str]])
        for where, raw in _rows(folder / language):
            try:
                examples += _expand(raw, row, language, slots, expansions, seed)
            except (ValueError, KeyError) as error:
                raise ValueError(f"{where}: {error}") from error
            row += 1
    return examples


def _rows(folder: Path) -> Iterator[tuple[str, _Row]]:
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise FileNotFoundError(f"{folder} holds no rows (*.jsonl).")
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                where = f"{file.name}:{number}"
                try:
                    yield where, msgspec.json.decode(line, type=_Row)
                except msgspec.DecodeError as error:
                    raise ValueError(f"{where}: {error}") from error


def _expand(raw: _Row, row: int, language: str, slots: Slots, expansions: int, seed: int) -> list[Example]:
    count = expansions if has_slots(raw.text) else 1
    chance = random.Random(f"{seed}:{row}")
    found: dict[str, Example] = {}
    for _ in range(count):
        text, spans = _rendered(raw, slots, chance)
        found[text] = Example(
            row=row,
            language=language,
            text=text,
            intents=raw.intents,
            sentiment=raw.sentiment,
            urgency=raw.urgency,
            spans=tuple(spans),
        )
    plain = list(found.values())
    if raw.intents and chance.random() < _GREETED:
        plain.append(_greeted(plain[0], chance.choice(slots["greeting"])))
    return [*plain, *(hasty for one in plain if (hasty := hastily(one)) is not None)]


def _rendered(raw: _Row, slots: Slots, chance: random.Random) -> tuple[str, list[Span]]:
    text, spans = render(raw.text, slots, chance)
    if not raw.before:
        return text, spans
    before, earlier = render(raw.before, slots, chance)
    joint = behind(before, text)
    by = len(joint) - len(text)
    if not joint.startswith(before):  # a long one is cut at its front
        earlier = []
    return joint, [*earlier, *(Span(one.type, one.start + by, one.end + by) for one in spans)]


def _greeted(example: Example, greeting: str) -> Example:
    """The text behind a greeting, which changes nothing about what is wanted."""
    by = len(greeting)
    spans = tuple(Span(one.type, one.start + by, one.end + by) for one in example.spans)
    return replace(example, text=greeting + example.text, spans=spans)


def hastily(example: Example) -> Example | None:
    """The text as it is typed in a hurry: no punctuation, English without capitals; None where that changes nothing."""
    text = example.text.rstrip(_END).translate(_PAUSES)
    if example.language == "en" and text.isascii():
        text = text.lower()
    if not text or text == example.text:
        return None
    return replace(example, text=text, spans=tuple(span for span in example.spans if span.end <= len(text)))
