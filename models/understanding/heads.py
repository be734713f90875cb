"""The heads at work: numpy only, loaded from heads.safetensors and its model.json.

Standardisation of the features and calibration of the scores are folded into the weights, so a head is one product over
the trunk's vectors and one over the filled n-gram buckets. A folder may hold any of the heads: the shipped ones all of
them, those that a shop trained on its own labels perhaps only intents or only entities.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from agent_assist.domain.understanding import SENTIMENTS, URGENCIES, ScoredLabel
from models.understanding.entities.clues import WORDLESS
from models.understanding.entities.head import EntityHead
from models.understanding.lexical import Bag, bag, weigh

Floats = NDArray[np.float32]
WEIGHTS_FILE = "heads.safetensors"
CARD_FILE = "model.json"
SENTENCE_HEADS = ("intent", "scope", "sentiment", "urgency")
# The best intent and those above their thresholds, at most this many in all.
_MOST_INTENTS = 3
# How much of the other intents is told, for comparing messages: with these limits similar messages are found as well
# as with every probability (average precision .744 and .749 on the sample shop's questions).
_MOST_LEANINGS = 8
_LEAST_LEANING = 0.03


@dataclass(frozen=True, slots=True)
class SentenceHead:
    """scores = features[:, :width] @ dense + (sum over a bag's buckets of weight * lexical[bucket]) + bias."""

    dense: Floats
    lexical: Floats
    bias: Floats

    def __call__(self, features: Floats, bags: Sequence[Bag]) -> Floats:
        """[batch, labels]."""
        scores: Floats = features[:, : self.dense.shape[0]] @ self.dense + self.bias
        for row, one in enumerate(bags):
            scores[row] += one.weights @ self.lexical[one.buckets]
        return scores


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceScores:
    """Calibrated logits, [batch, labels] each; `scope` [batch] grows with being out of scope."""

    intent: Floats
    scope: Floats
    sentiment: Floats
    urgency: Floats

    def row(self, index: int) -> "SentenceScores":
        """One row, still two-dimensional."""
        part = slice(index, index + 1)
        return SentenceScores(
            intent=self.intent[part],
            scope=self.scope[part],
            sentiment=self.sentiment[part],
            urgency=self.urgency[part],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceReading:
    """What the sentence heads say about one text; `intents` by falling score, the best always among them.

    `leanings` are the likeliest intents whatever their thresholds. A head that is not there says nothing: no intents,
    in scope, neutral and of normal urgency at probability 0.
    """

    intents: tuple[ScoredLabel, ...]
    leanings: tuple[ScoredLabel, ...]
    in_scope: bool
    sentiment: ScoredLabel
    urgency: ScoredLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """The heads that there are. `scope_mix` weighs [own scope logit, best intent logit, 1] into the scope score;
    without a scope head only the best intent counts."""

    version: str
    intents: tuple[str, ...]
    sentence: dict[str, SentenceHead]
    entity: EntityHead | None
    rarity: Floats
    thresholds: Floats
    scope_mix: Floats
    scope_threshold: float

    @classmethod
    def load(cls, folder: Path) -> "Heads":
        """Raises FileNotFoundError where there are none, ValueError where the weights are not those of the card."""
        weights_file, card_file = folder / WEIGHTS_FILE, folder / CARD_FILE
        if not weights_file.is_file() or not card_file.is_file():
            raise FileNotFoundError(f"{folder} holds no heads. Reinstall the program or train them again.")
        card: dict[str, Any] = json.loads(card_file.read_text(encoding="utf-8"))
        if hashlib.sha256(weights_file.read_bytes()).hexdigest() != card["files"][WEIGHTS_FILE]:
            raise ValueError(f"{weights_file.name} in {folder} is not the file its card names. Train the heads again.")
        tensors = {name: value.astype(np.float32) for name, value in load_file(weights_file).items()}
        return cls.of_tensors(tensors, card)

    @classmethod
    def of_tensors(cls, tensors: dict[str, Floats], card: dict[str, Any]) -> "Heads":
        """From float32 tensors and the fields of a card."""
        tracks = tuple(tuple(track) for track in card.get("entity_tracks", ()))
        return cls(
            version=str(card["version"]),
            intents=tuple(card.get("intents", ())),
            sentence={
                name: SentenceHead(*(tensors[f"{name}.{part}"] for part in ("dense", "lexical", "bias")))
                for name in SENTENCE_HEADS
                if f"{name}.dense" in tensors
            },
            entity=EntityHead.of_tensors(tensors, tracks, clue_count=card.get("entity_clues", WORDLESS))
            if tracks
            else None,
            rarity=tensors.get("rarity", np.zeros(0, np.float32)),
            thresholds=tensors.get("thresholds", np.zeros(0, np.float32)),
            scope_mix=tensors.get("scope_mix", np.zeros(3, np.float32)),
            scope_threshold=float(card.get("scope_threshold", 1.0)),
        )

    @property
    def entity_types(self) -> tuple[str, ...]:
        """Every type that the entity head finds."""
        return self.entity.types if self.entity else ()

    def score(self, features: Floats, texts: Sequence[str]) -> SentenceScores:
        """All sentence heads over [batch, features] and the texts they come from."""
        bags = [weigh(bag(text), self.rarity) for text in texts] if self.sentence else []
        logits = {name: head(features, bags) for name, head in self.sentence.items()}
        nothing = np.zeros((len(texts), 0), np.float32)
        intent = logits.get("intent", nothing)
        return SentenceScores(
            intent=intent,
            scope=mix_scope(logits.get("scope"), intent, self.scope_mix),
            sentiment=logits.get("sentiment", nothing),
            urgency=logits.get("urgency", nothing),
        )

    def read(self, scores: SentenceScores) -> SentenceReading:
        """Labels of the first row."""
        probabilities = sigmoid(scores.intent[0])
        return SentenceReading(
            intents=self._intents(probabilities),
            leanings=self._leanings(probabilities),
            in_scope=bool(sigmoid(scores.scope)[0] < self.scope_threshold),
            sentiment=_best(SENTIMENTS, scores.sentiment[0], "neutral"),
            urgency=_best(URGENCIES, scores.urgency[0], "normal"),
        )

    def _intents(self, probabilities: Floats) -> tuple[ScoredLabel, ...]:
        order = np.argsort(-probabilities)[:_MOST_INTENTS].tolist()
        return tuple(
            ScoredLabel(label=self.intents[index], score=float(probabilities[index]))
            for rank, index in enumerate(order)
            if rank == 0 or probabilities[index] >= self.thresholds[index]
        )

    def _leanings(self, probabilities: Floats) -> tuple[ScoredLabel, ...]:
        order = np.argsort(-probabilities)[:_MOST_LEANINGS].tolist()
        return tuple(
            ScoredLabel(label=self.intents[index], score=round(float(probabilities[index]), 4))
            for index in order
            if probabilities[index] >= _LEAST_LEANING
        )


def mix_scope(scope: Floats | None, intent: Floats, mix: Floats) -> Floats:
    """[batch] logits of being out of scope: a text that no intent claims is more likely so than its own logit says."""
    mixed: Floats = np.full(len(intent), mix[2], np.float32)
    if scope is not None:
        mixed = mixed + mix[0] * scope[:, 0]
    if intent.shape[1]:
        mixed = mixed + mix[1] * intent.max(axis=1)
    return mixed


def sigmoid(scores: Floats) -> Floats:
    """Logistic function."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0))), np.float32)


def softmax(scores: Floats) -> Floats:
    """Along the last axis."""
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(exp / exp.sum(axis=-1, keepdims=True), np.float32)


def _best(labels: tuple[str, ...], scores: Floats, without_head: str) -> ScoredLabel:
    if not scores.size:
        return ScoredLabel(label=without_head, score=0.0)
    probabilities = softmax(scores)
    index = int(probabilities.argmax())
    return ScoredLabel(label=labels[index], score=float(probabilities[index]))
