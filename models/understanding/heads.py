"""The heads at work: numpy only, loaded from heads.safetensors and its model.json.

Standardisation of the features and calibration of the scores are folded into the weights, so a head is one product over
the trunk's vectors and one over the filled n-gram buckets.
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
from models.understanding.decode import allowed_transitions, viterbi
from models.understanding.lexical import Bag, bag, weigh

Floats = NDArray[np.float32]
WEIGHTS_FILE = "heads.safetensors"
CARD_FILE = "model.json"
SENTENCE_HEADS = ("intent", "scope", "sentiment", "urgency")
# The best intent and those above their thresholds, at most this many in all.
_MOST_INTENTS = 3


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


@dataclass(frozen=True, slots=True)
class TokenHead:
    """A layer of rectified units, a layer of tag scores, and the scores of tag pairs."""

    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats
    transitions: Floats

    def tag(self, features: Floats) -> tuple[NDArray[np.int64], Floats]:
        """The best tag sequence over [tokens, features], and each token's probabilities [tokens, tags]."""
        scores = np.maximum(features @ self.inner + self.inner_bias, 0.0) @ self.outer + self.outer_bias
        scores -= scores.max(axis=1, keepdims=True)
        log_probabilities = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return viterbi(log_probabilities, self.transitions), np.exp(log_probabilities)


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
    """What the sentence heads say about one text; `intents` by falling score, the best always among them."""

    intents: tuple[ScoredLabel, ...]
    in_scope: bool
    sentiment: ScoredLabel
    urgency: ScoredLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """All heads. `scope_mix` weighs [own scope logit, best intent logit, 1] into the scope score."""

    version: str
    intents: tuple[str, ...]
    entity_types: tuple[str, ...]
    sentence: dict[str, SentenceHead]
    token: TokenHead
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
        types = tuple(card["entity_types"])
        token = {name: tensors[f"token.{name}"] for name in ("inner", "inner_bias", "outer", "outer_bias")}
        return cls(
            version=str(card["version"]),
            intents=tuple(card["intents"]),
            entity_types=types,
            sentence={
                name: SentenceHead(*(tensors[f"{name}.{part}"] for part in ("dense", "lexical", "bias")))
                for name in SENTENCE_HEADS
            },
            token=TokenHead(**token, transitions=tensors["token.transitions"] + allowed_transitions(types)),
            rarity=tensors["rarity"],
            thresholds=tensors["thresholds"],
            scope_mix=tensors["scope_mix"],
            scope_threshold=float(card["scope_threshold"]),
        )

    def score(self, features: Floats, texts: Sequence[str]) -> SentenceScores:
        """All sentence heads over [batch, features] and the texts they come from."""
        bags = [weigh(bag(text), self.rarity) for text in texts]
        intent, scope, sentiment, urgency = (self.sentence[name](features, bags) for name in SENTENCE_HEADS)
        return SentenceScores(
            intent=intent, scope=mix_scope(scope, intent, self.scope_mix), sentiment=sentiment, urgency=urgency
        )

    def read(self, scores: SentenceScores) -> SentenceReading:
        """Labels of the first row."""
        return SentenceReading(
            intents=self._intents(sigmoid(scores.intent[0])),
            in_scope=bool(sigmoid(scores.scope)[0] < self.scope_threshold),
            sentiment=_best(SENTIMENTS, scores.sentiment[0]),
            urgency=_best(URGENCIES, scores.urgency[0]),
        )

    def _intents(self, probabilities: Floats) -> tuple[ScoredLabel, ...]:
        order = np.argsort(-probabilities)[:_MOST_INTENTS].tolist()
        return tuple(
            ScoredLabel(label=self.intents[index], score=float(probabilities[index]))
            for rank, index in enumerate(order)
            if rank == 0 or probabilities[index] >= self.thresholds[index]
        )


def mix_scope(scope: Floats, intent: Floats, mix: Floats) -> Floats:
    """[batch]: a text no intent claims is more likely out of scope than its own scope logit says."""
    mixed: Floats = mix[0] * scope[:, 0] + mix[1] * intent.max(axis=1) + mix[2]
    return mixed


def sigmoid(scores: Floats) -> Floats:
    """Logistic function."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0))), np.float32)


def softmax(scores: Floats) -> Floats:
    """Along the last axis."""
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(exp / exp.sum(axis=-1, keepdims=True), np.float32)


def _best(labels: tuple[str, ...], scores: Floats) -> ScoredLabel:
    probabilities = softmax(scores)
    index = int(probabilities.argmax())
    return ScoredLabel(label=labels[index], score=float(probabilities[index]))
