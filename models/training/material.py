"""All texts of a run in one order, and which of them are learned, measured on, or only lent.

Lent are the names of the labels, each as one more row (a label that is called "card arrival" is half explained by
that; measured at ten rows a label: half a point to a point of accuracy), and foreign messages.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from agent_assist.domain.language import is_han
from agent_assist.domain.understanding import OUT_OF_SCOPE
from models.training.config import TrainConfig
from models.training.dataset.background import foreign_messages
from models.training.dataset.rows import Row, label_names, relevant, usable
from models.training.dataset.split import Indices, Part, parts_of
from models.training.errors import UnusableError
from models.training.heads import Fits, as_examples, plan_heads
from models.understanding.corpus import Example

_BORDER = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """`rows` are `own` ones, then those given to measure on, then the labels' names; the `examples` are the rows and
    the foreign messages behind them. `parts` and `kept` number rows."""

    rows: list[Row]
    own: int
    given: bool
    examples: list[Example]
    fits: Fits
    parts: list[Part]

    @classmethod
    def gather(
        cls, task: str, rows: Sequence[Row], validation: Sequence[Row] | None, config: TrainConfig
    ) -> "Material":
        """Raises `UnusableError` where the rows cannot teach the task."""
        own = usable(rows, task)
        measured = [*own, *relevant(validation or (), task)]
        parts = parts_of(own, config) if validation is None else [_given(len(own), len(measured))]
        names = named(own) if task == "intent" and config.names else []
        joined = [*measured, *names]
        lent = np.arange(len(measured), len(joined))
        foreign: list[Example] = []
        if config.background and _knows_no_outside(own):
            foreign = foreign_messages([row.text for row in own], behind=len(joined))
        return cls(
            rows=joined,
            own=len(own),
            given=validation is not None,
            examples=[*as_examples(joined, task), *foreign],
            fits=plan_heads(joined, task, background=len(foreign)),
            parts=[replace(part, inside=np.concatenate([part.inside, lent])) for part in parts],
        )

    @property
    def own_rows(self) -> list[Row]:
        """Those that were given to learn from."""
        return self.rows[: self.own]

    @property
    def kept(self) -> Indices:
        """What the last fit learns from, where all own rows may be learned."""
        inside = self.parts[0].inside
        return np.concatenate([np.arange(self.own), inside[inside >= self.own]])


def named(rows: Sequence[Row]) -> list[Row]:
    """A row a label, whose text is the label's name in words; none for a name without words, or where a row says it."""
    said = {row.text.casefold().strip() for row in rows}
    texts = {name: label_words(name) for name in label_names(rows)}
    return [Row(text=text, labels=(name,)) for name, text in texts.items() if text and text not in said]


def label_words(name: str) -> str:
    """ "card_arrival" -> "card arrival"; "" for a code, as "L12"."""
    words = " ".join(_BORDER.sub(" ", name).split()).casefold()
    wordy = sum(char.isalpha() for char in words) > 1 or any(map(is_han, words))
    return words if wordy and len(words) <= _LONGEST_NAME and not any(map(str.isdecimal, words)) else ""


def _knows_no_outside(rows: Iterable[Row]) -> bool:
    labels = {row.labels for row in rows}
    return any(labels) and (OUT_OF_SCOPE,) not in labels


def _given(inside: int, rows: int) -> Part:
    if inside == rows:
        raise UnusableError("The rows for validation say nothing about the task.")
    return Part(name="given", inside=np.arange(inside), outside=np.arange(inside, rows))
