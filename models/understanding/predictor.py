"""A named model over many texts, with its probabilities beside the labels that it tells.

A name is "starter" for the heads that ship with the program, a folder in MODELS/heads, a folder in MODELS/encoder
(which makes vectors and tells no labels), or the path of such a folder. Heads whose trunk was tuned with them have it
in their folder; an average has the names of its members.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.entities import merge_entities
from agent_assist.domain.patterns import find_entities
from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.tickets import Role
from agent_assist.domain.understanding import SENTIMENTS, URGENCIES, Entity
from agent_assist.engine.protocol import TextKind, Turn
from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import TextEncoder
from models.encoder.trunk import load_trunk
from models.understanding.averaging import AveragedReader, is_averaged
from models.understanding.choice import STARTER as STARTER
from models.understanding.choice import TRUNK_FOLDER, prefixes, read_card
from models.understanding.choice import find_model as find_model
from models.understanding.heads import Heads, sigmoid
from models.understanding.reader import Read, Reader

Floats = NDArray[np.float32]
Progress = Callable[[int, int], None]
# Texts between two calls of progress.
_SLICE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The labels that a model can tell; none of a kind where it has no head for it."""

    intents: tuple[str, ...] = ()
    sentiment: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """Of one text: `intents` [labels] and `outside` (out of scope) are probabilities, `told` the intents told."""

    intents: Floats
    told: tuple[str, ...]
    outside: float
    refused: bool
    sentiment: str
    urgency: str
    entities: tuple[Entity, ...]


class Predictor:
    """A trunk and the heads on it, none for an encoder alone. Use from one thread."""

    def __init__(self, reader: Reader, heads: Heads) -> None:
        self._reader = reader
        self._heads = heads
        self.version = reader.version

    @classmethod
    def load(cls, models_dir: Path, name: str, *, device: str = "auto") -> "Predictor":
        """Raises FileNotFoundError with a sentence where there is no such model or its encoder is not built."""
        folder, trunk = find_model(models_dir, name)
        if folder is not None and is_averaged(folder):
            averaged = AveragedReader.of_members(models_dir, folder, device=device)
            return cls(averaged, averaged.heads)
        heads = Heads.load(folder) if folder else Heads.of_tensors({}, {"version": ""})
        reader = Reader(
            trunk=load_trunk(trunk, device=device),
            tokens=TextEncoder(trunk / TOKENIZER_FILE),
            heads=heads,
            version="+".join(_version(one) for one in (trunk, folder) if one),
            prefix=prefixes(trunk),
        )
        return cls(reader, heads)

    @property
    def known(self) -> Known:
        """What can be told."""
        sentence, types = self._heads.sentence, self._heads.entity_types
        return Known(
            intents=self._heads.intents if "intent" in sentence else (),
            sentiment=SENTIMENTS if "sentiment" in sentence else (),
            urgency=URGENCIES if "urgency" in sentence else (),
            entities=tuple(dict.fromkeys((*types, *self._rule_types))),
        )

    @property
    def _rule_types(self) -> tuple[str, ...]:
        """The types that are left to the exact rules; none where there are no heads, or types of a shop's own."""
        taxonomy, types = load_taxonomy().entities, self._heads.entity_types
        if not (self._heads.sentence or types) or not set(types) <= set(taxonomy):
            return ()
        return tuple(name for name, label in taxonomy.items() if label.source == "rule" and name not in types)

    def predict(self, texts: Sequence[str], before: Sequence[str], *, progress: Progress) -> list[Prediction]:
        """Read each text; a short one also behind what the customer wrote `before` ("" for nothing)."""
        threads = [_thread(*pair) for pair in zip(before, texts, strict=True)]
        found: list[Prediction] = []
        for start in range(0, len(threads), _SLICE):
            part = threads[start : start + _SLICE]
            found += [self._told(one) for one in self._reader.read(part)]
            progress(len(found), len(threads))
        return found

    def embed(self, texts: Sequence[str], kind: TextKind, *, progress: Progress) -> Floats:
        """Unit vectors, float32 [texts, dimension]."""
        parts = []
        for start in range(0, len(texts), _SLICE):
            parts.append(self._reader.embed(texts[start : start + _SLICE], kind))
            progress(min(start + _SLICE, len(texts)), len(texts))
        return np.concatenate(parts)

    def _told(self, read: Read) -> Prediction:
        reading, rules = self._heads.read(read.scores), self._rule_types
        return Prediction(
            intents=sigmoid(read.scores.intent[0]),
            told=tuple(one.label for one in reading.intents),
            outside=float(sigmoid(read.scores.scope)[0]),
            refused=not (reading.in_scope and read.text.strip()),
            sentiment=reading.sentiment.label,
            urgency=reading.urgency.label,
            entities=merge_entities([one for one in find_entities(read.text) if one.type in rules], read.entities),
        )


def _version(folder: Path) -> str:
    """A trunk inside the folder of heads goes by their name, as in `choose`."""
    name = folder.parent.name if folder.name == TRUNK_FOLDER else folder.name
    return f"{name}-{read_card(folder).get('version', '0')}"


def _thread(before: str, text: str) -> list[Turn]:
    return [Turn(role=Role.CUSTOMER, text=one) for one in (before, text) if one] or [Turn(role=Role.CUSTOMER, text="")]
