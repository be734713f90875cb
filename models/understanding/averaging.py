"""Several models as one: each reads the text, and their calibrated probabilities are averaged.

Members tell the same labels. Those on the same trunk share its pass, so that reading costs as many passes as there are
different trunks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from agent_assist.domain.understanding import Entity
from agent_assist.engine.protocol import TextKind
from models.encoder.layout import ONNX_FILE, TOKENIZER_FILE
from models.encoder.tokens import TextEncoder, pad
from models.encoder.trunk import Trunk, batches, load_trunk
from models.errors import Stopped
from models.understanding.choice import MEMBERS, choose, find_model, prefixes, read_card
from models.understanding.entities.head import EntityHead
from models.understanding.entities.spans import as_entities
from models.understanding.entities.tags import tag_count
from models.understanding.entities.units import Units, unit_vectors, units_of
from models.understanding.features import sentence_features, token_features
from models.understanding.heads import Heads, SentenceHead, SentenceScores, sigmoid, softmax
from models.understanding.reader import Read, Reader

Floats = NDArray[np.float32]
_LEAST = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A trunk and the heads of the members that stand on it; `prefix` is what it wants before a text."""

    trunk: Trunk
    tokens: TextEncoder
    prefix: dict[TextKind, str]
    heads: tuple[Heads, ...]


@dataclass(slots=True)
class _Votes:
    """What the members say of one text; `tags` are log scores over the units that were seen first."""

    scores: list[SentenceScores]
    vector: Floats
    units: Units | None
    tags: list[Floats]


def is_averaged(folder: Path) -> bool:
    """Whether a folder of heads names members."""
    return bool(read_card(folder).get(MEMBERS))


def trunk_key(trunk: Path) -> str:
    """The same for copies of one trunk."""
    return str(read_card(trunk).get("files", {}).get(ONNX_FILE, trunk))


def load_reader(models_dir: Path, *, device: str = "auto") -> Reader:
    """The reader in use, whatever kind it is; raises as `Reader.load`."""
    choice = choose(models_dir)
    if not is_averaged(choice.heads):
        return Reader.load(models_dir, device=device)
    threadpool_limits(limits=1, user_api="blas")  # as `Reader.load`
    return AveragedReader.of_members(models_dir, choice.heads, device=device)


class AveragedReader(Reader):
    """Reads as `Reader` does, by all members; search vectors are the first one's. It cannot be taught."""

    def __init__(self, groups: Sequence[Group], *, version: str) -> None:
        """Raises ValueError with a sentence where members tell different labels."""
        members = [heads for group in groups for heads in group.heads]
        first = members[0]
        for other in members[1:]:
            if said := difference(first, other):
                raise ValueError(f"The members of an average must tell the same labels, but {said}.")
        self._groups = [
            replace(group, heads=tuple(_aligned(one, first.intents) for one in group.heads)) for group in groups
        ]
        aligned = [heads for group in self._groups for heads in group.heads]
        self.heads = replace(
            first,
            version=version,
            thresholds=np.mean([one.thresholds for one in aligned], axis=0),
            scope_threshold=float(np.mean([one.scope_threshold for one in aligned])),
        )
        self._clues = max((one.entity.clue_count for one in aligned if one.entity is not None), default=0)
        lead = groups[0]
        super().__init__(trunk=lead.trunk, tokens=lead.tokens, heads=self.heads, version=version, prefix=lead.prefix)

    @classmethod
    def of_members(cls, models_dir: Path, folder: Path, *, device: str = "auto") -> "AveragedReader":
        """By the names in the folder's card.

        Raises FileNotFoundError where a member is missing, ValueError where it is another one than was averaged.
        """
        card = read_card(folder)
        by_trunk: dict[str, tuple[Path, list[Heads]]] = {}
        for member in card[MEMBERS]:
            heads, trunk = find_model(models_dir, member["name"])
            if heads is None or _version(heads) != member["version"]:
                raise ValueError(
                    f"{member['name']}, a member of {folder.name}, is not the model that was averaged; make "
                    f"{folder.name} again with `agent-assist models ensemble`."
                )
            by_trunk.setdefault(trunk_key(trunk), (trunk, []))[1].append(Heads.load(heads))
        groups = [
            Group(
                trunk=load_trunk(trunk, device=device),
                tokens=TextEncoder(trunk / TOKENIZER_FILE),
                prefix=prefixes(trunk),
                heads=tuple(found),
            )
            for trunk, found in by_trunk.values()
        ]
        return cls(groups, version=f"{folder.name}-{_version(folder)}")

    def _read(self, texts: Sequence[str], should_stop: Callable[[], bool]) -> list[Read]:
        votes: dict[int, _Votes] = {}
        for group in self._groups:
            self._gather(group, texts, votes, should_stop)
        return [
            Read(
                text=text,
                scores=averaged(votes[index].scores),
                vector=votes[index].vector,
                entities=_entities(text, self.heads.entity, votes[index]),
            )
            for index, text in enumerate(texts)
        ]

    def _gather(
        self, group: Group, texts: Sequence[str], votes: dict[int, _Votes], should_stop: Callable[[], bool]
    ) -> None:
        encoded = [group.tokens.encode(text, prefix=group.prefix[TextKind.QUERY]) for text in texts]
        for batch in batches([len(one.ids) for one in encoded]):
            if should_stop():
                raise Stopped
            ids, mask = pad([encoded[index] for index in batch])
            output = group.trunk.run(ids, mask)
            features = sentence_features(output, mask)
            scores = [heads.score(features, [texts[index] for index in batch]) for heads in group.heads]
            for row, index in enumerate(batch):
                units = units_of(texts[index], encoded[index], clues=self._clues) if self._clues else None
                own = votes.setdefault(index, _Votes([], output.pooled[row], units, []))
                own.scores += [one.row(row) for one in scores]
                if units is not None and len(units) and own.units is not None and units.spans == own.units.spans:
                    vectors = unit_vectors(units, token_features(output, row, len(encoded[index].ids)))
                    own.tags += [heads.entity.scores(units, vectors) for heads in group.heads if heads.entity]


def difference(one: Heads, other: Heads) -> str:
    """What two models tell differently, for a sentence; "" where they can be averaged."""
    kinds = set(one.sentence) ^ set(other.sentence)
    if kinds:
        return f"only some have a head for {' and '.join(sorted(kinds))}"
    labels = set(one.intents) ^ set(other.intents)
    if labels:
        return f"only some know {', '.join(sorted(labels)[:5])}"
    if (one.entity is None) != (other.entity is None):
        return "only some find entities"
    if one.entity is not None and other.entity is not None and one.entity.tracks != other.entity.tracks:
        return "they find other types of entities"
    return ""


def averaged(scores: Sequence[SentenceScores]) -> SentenceScores:
    """The logits of the mean probabilities."""

    def mean(name: str) -> Floats:
        return _logit(np.mean([sigmoid(getattr(one, name)) for one in scores], axis=0))

    def scale(name: str) -> Floats:
        values: list[Floats] = [getattr(one, name) for one in scores]
        if not values[0].size:
            return values[0]
        return np.asarray(np.log(np.mean([softmax(one) for one in values], axis=0) + _LEAST), np.float32)

    return SentenceScores(
        intent=mean("intent"), scope=mean("scope"), sentiment=scale("sentiment"), urgency=scale("urgency")
    )


def _entities(text: str, head: EntityHead | None, votes: _Votes) -> list[Entity]:
    """By the mean probabilities of tags, of the members that see the same units as the first one."""
    if head is None or votes.units is None or not votes.tags:
        return []
    parts, at = [], 0
    for track in head.tracks:
        part = slice(at, at := at + tag_count(track))
        parts.append(np.log(np.mean([softmax(one[:, part]) for one in votes.tags], axis=0) + _LEAST))
    return as_entities(text, head.read(votes.units, np.concatenate(parts, axis=1)))


def _aligned(heads: Heads, intents: tuple[str, ...]) -> Heads:
    """With the intents in that order."""
    if heads.intents == intents or "intent" not in heads.sentence:
        return heads
    order = [heads.intents.index(name) for name in intents]
    own = heads.sentence["intent"]
    head = SentenceHead(own.dense[:, order], own.lexical[:, order], own.bias[order])
    return replace(
        heads, intents=intents, thresholds=heads.thresholds[order], sentence={**heads.sentence, "intent": head}
    )


def _logit(probabilities: Floats) -> Floats:
    bounded = np.clip(probabilities, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(bounded / (1 - bounded)), np.float32)


def _version(folder: Path) -> str:
    card: dict[str, Any] = read_card(folder)
    return str(card.get("version", ""))
