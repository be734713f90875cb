"""The training corpus: hand-written messages with marked entities and slots, expanded into examples.

A row's text holds marks `[type:surface]` and slots `{name}` that are filled from slots_<language>.json. Expansion is
deterministic by seed. Examples of one row share its number, so that a split by row never puts a row on both sides.
"""

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

LANGUAGES = ("zh", "en")
_MARK = re.compile(r"\[(?P<type>[a-z_]+):(?P<surface>[^\[\]]*)\]")
_END = ".!?。！？~～… "
# A pause becomes a space, so that every span keeps its place.
_PAUSES = {ord(char): " " for char in "，。！？；,!?;"}
_SLOT = re.compile(r"\{(?P<name>[a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the text are an entity of `type`."""

    type: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One labelled text; `row` numbers the row it came from, no intents means out of scope."""

    row: int
    language: str
    text: str
    intents: tuple[str, ...]
    sentiment: str
    urgency: str
    spans: tuple[Span, ...]


def load_corpus(folder: Path, *, expansions: int = 3, seed: int = 0) -> list[Example]:
    """All rows of both languages; rows with slots become `expansions` examples each, each also typed `hastily`.

    Raises FileNotFoundError for a missing file and ValueError for a row that cannot be read.
    """
    examples: list[Example] = []
    row = 0
    for language in LANGUAGES:
        slots = json.loads((folder / f"slots_{language}.json").read_text(encoding="utf-8"))
        for line in (folder / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
            if line.strip():
                examples += _expand(json.loads(line), row, language, slots, expansions, seed)
                row += 1
    return examples


def _expand(
    raw: dict[str, object], row: int, language: str, slots: dict[str, list[str]], expansions: int, seed: int
) -> list[Example]:
    template = str(raw["text"])
    count = expansions if _SLOT.search(template) else 1
    chance = random.Random(f"{seed}:{row}")
    found: dict[str, Example] = {}
    for _ in range(count):
        text, spans = render(template, slots, chance)
        found[text] = Example(
            row=row,
            language=language,
            text=text,
            intents=tuple(_strings(raw["intents"])),
            sentiment=str(raw["sentiment"]),
            urgency=str(raw["urgency"]),
            spans=tuple(spans),
        )
    plain = list(found.values())
    return [*plain, *(hasty for one in plain if (hasty := hastily(one)) is not None)]


def hastily(example: Example) -> Example | None:
    """The text as it is typed in a hurry: no punctuation, English without capitals; None where that changes nothing."""
    text = example.text.rstrip(_END).translate(_PAUSES)
    if example.language == "en" and text.isascii():
        text = text.lower()
    if not text or text == example.text:
        return None
    return replace(example, text=text, spans=tuple(span for span in example.spans if span.end <= len(text)))


def _strings(value: object) -> Sequence[str]:
    if not isinstance(value, list):
        raise ValueError(f"intents must be a list, not {value!r}")
    return [str(one) for one in value]


def render(template: str, slots: dict[str, list[str]], chance: random.Random) -> tuple[str, list[Span]]:
    """Fill the slots and take the marks out; the spans are in characters of the returned text."""
    filled = _SLOT.sub(lambda match: chance.choice(slots[match["name"]]), template)
    text, spans, at = "", [], 0
    for match in _MARK.finditer(filled):
        text += filled[at : match.start()]
        spans.append(Span(match["type"], len(text), len(text) + len(match["surface"])))
        text += match["surface"]
        at = match.end()
    return text + filled[at:], spans
