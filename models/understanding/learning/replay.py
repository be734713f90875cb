"""The replay memory: a compact sample of what heads were trained on, kept beside them, so that what is learned later
does not cost what was known before.

`replay.safetensors` holds the sentence features with a byte a value: `features` int8 [rows, width], `middle` and `step`
float32 [width], value = middle + step * byte. `replay.jsonl` holds the text and the intents of each row, in the same
order; its SHA-256 is in the header of the former, so that the two cannot be mixed up.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save_file

from models.understanding.corpus import Example

Floats = NDArray[np.float32]
FEATURES_FILE = "replay.safetensors"
TEXTS_FILE = "replay.jsonl"
PER_INTENT = 60
# Messages out of scope are of many kinds, so more of them are kept than of one intent.
_FOREIGN_SHARE = 4
_DIGEST = "texts_sha256"
_HIGHEST = 127


class _Row(msgspec.Struct, frozen=True):
    text: str
    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """`features` [rows, width] as `features.sentence_features` makes them; no intents means out of scope."""

    features: Floats
    texts: tuple[str, ...]
    intents: tuple[tuple[str, ...], ...]


def select_replay(
    examples: Sequence[Example], vectors: Floats, *, per_intent: int = PER_INTENT, seed: int = 0
) -> Replay:
    """About `per_intent` examples of each intent and some out of scope, `vectors` [examples, width] their features.

    Rare intents choose first, each row of the corpus gives one example at most, and languages take turns.
    """
    order = np.random.default_rng(seed).permutation(len(examples)).tolist()
    by_label: dict[str, list[int]] = {}
    for index in order:
        for label in examples[index].intents or ("",):
            by_label.setdefault(label, []).append(index)
    chosen: dict[int, int] = {}  # the example of each corpus row
    for label in sorted(by_label, key=lambda name: (len(by_label[name]), name)):
        wanted = per_intent if label else per_intent * _FOREIGN_SHARE
        wanted -= sum(label in (examples[index].intents or ("",)) for index in chosen.values())
        fresh = _one_a_row(by_label[label], examples, chosen)
        chosen |= {examples[index].row: index for index in _in_turns(fresh, examples)[: max(0, wanted)]}
    numbers = sorted(chosen.values())
    return Replay(
        features=np.asarray(vectors[numbers], np.float32),
        texts=tuple(examples[index].text for index in numbers),
        intents=tuple(examples[index].intents for index in numbers),
    )


def write(folder: Path, replay: Replay) -> tuple[Path, Path]:
    """Write both files into `folder`, replacing older ones; returns their paths."""
    rows = [_Row(text, intents) for text, intents in zip(replay.texts, replay.intents, strict=True)]
    lines = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    low, high = replay.features.min(axis=0), replay.features.max(axis=0)
    middle = ((low + high) / 2).astype(np.float32)
    step = (np.maximum(high - low, 1e-9) / (2 * _HIGHEST)).astype(np.float32)
    packed = np.round((replay.features - middle) / step).clip(-_HIGHEST, _HIGHEST).astype(np.int8)
    features, texts = folder / FEATURES_FILE, folder / TEXTS_FILE
    tensors = {"features": np.ascontiguousarray(packed), "middle": middle, "step": step}
    texts.write_bytes(lines)
    save_file(tensors, features, metadata={_DIGEST: hashlib.sha256(lines).hexdigest()})
    features.chmod(0o644)  # safetensors writes for its owner only
    return features, texts


def load(folder: Path) -> Replay:
    """Raises FileNotFoundError where there is none, ValueError where the two files do not belong together."""
    features, texts = folder / FEATURES_FILE, folder / TEXTS_FILE
    if not features.is_file() or not texts.is_file():
        raise FileNotFoundError(f"The heads {folder.name} keep no replay memory. Train them again to learn with them.")
    lines = texts.read_bytes()
    with safe_open(features, framework="numpy") as file:
        if (file.metadata() or {}).get(_DIGEST) != hashlib.sha256(lines).hexdigest():
            raise ValueError(f"{TEXTS_FILE} in {folder} does not belong to {FEATURES_FILE}. Train the heads again.")
        values = file.get_tensor("middle") + file.get_tensor("step") * file.get_tensor("features").astype(np.float32)
    rows = [msgspec.json.decode(line, type=_Row) for line in lines.splitlines()]
    return Replay(
        features=np.asarray(values, np.float32),
        texts=tuple(row.text for row in rows),
        intents=tuple(row.intents for row in rows),
    )


def _one_a_row(indices: Sequence[int], examples: Sequence[Example], taken: dict[int, int]) -> list[int]:
    first: dict[int, int] = {}
    for index in indices:
        if examples[index].row not in taken:
            first.setdefault(examples[index].row, index)
    return list(first.values())


def _in_turns(indices: Sequence[int], examples: Sequence[Example]) -> list[int]:
    """One of each language after the other, as long as there are any."""
    seen: dict[str, int] = {}
    places: list[tuple[int, int]] = []
    for index in indices:
        language = examples[index].language
        seen[language] = seen.get(language, 0) + 1
        places.append((seen[language], index))
    return [index for _, index in sorted(places, key=lambda place: place[0])]
