"""Heads over made-up features, fitted as the real ones are: a few intents, each a direction and a word, in many topics
that have a direction and a word of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.understanding.corpus import Example
from models.understanding.features import unit
from models.understanding.fitting.fit import intent_targets
from models.understanding.fitting.logistic import Features, Loss, fit
from models.understanding.heads import Heads, SentenceHead
from models.understanding.learning.lesson import Taught
from models.understanding.learning.replay import Replay, select_replay
from models.understanding.lexical import BUCKETS, bag, weigh

INTENTS = ("order.status", "refund.status", "return.request", "invoice.request", "human.request")
WORDS = ("parcel", "money", "return", "invoice", "person", "weather")
HALF = 96
_TOPICS = 12
_ROWS = 60


@dataclass(frozen=True, slots=True)
class Toy:
    """Heads, their replay memory, and examples that they have not seen."""

    heads: Heads
    replay: Replay
    examples: list[Example]
    features: NDArray[np.float32]

    def read(self, heads: Heads, index: int) -> tuple[str, bool]:
        """The best intent of an unseen example, and whether it is in scope."""
        reading = heads.read(heads.score(self.features[index : index + 1], [self.examples[index].text]))
        return reading.intents[0].label, reading.in_scope

    def taught(self, index: int, *intents: str, name: str = "") -> Taught:
        """A correction of an unseen example."""
        bags = (weigh(bag(self.examples[index].text), self.heads.rarity),)
        return Taught(name or f"t{index}", intents, self.features[index : index + 1], bags)

    def of(self, intent: str) -> list[int]:
        """The unseen examples of an intent, "" for those out of scope."""
        return [i for i, one in enumerate(self.examples) if one.intents == ((intent,) if intent else ())]

    def accuracy(self, heads: Heads, intent: str) -> float:
        """Share of an intent's unseen examples that are read right."""
        return float(np.mean([self.read(heads, index)[0] == intent for index in self.of(intent)]))


def make_toy() -> Toy:
    """Fitted in about a second."""
    chance = np.random.default_rng(0)
    kinds, topics = chance.normal(size=(len(WORDS), 2 * HALF)), chance.normal(size=(len(WORDS) * _TOPICS, 2 * HALF))
    examples, features = [], []
    for row in range(_ROWS * len(WORDS)):
        kind = row % len(WORDS)
        topic = kind * _TOPICS + int(chance.integers(_TOPICS))
        noise = "".join(chance.choice(list("abcdefgh"), 6))
        text = f"{WORDS[kind]} topic{chr(97 + topic % 26)}{chr(97 + topic // 26)} {noise}"
        intents = INTENTS[kind : kind + 1]
        examples.append(
            Example(row=row, language="en", text=text, intents=intents, sentiment="neutral", urgency="normal", spans=())
        )
        features.append(kinds[kind] + topics[topic] + 0.6 * chance.normal(size=2 * HALF))
    matrix = np.asarray(features, np.float32)
    matrix[:, :HALF] = unit(matrix[:, :HALF])
    inside = np.arange(len(examples) // 2)
    heads = fit_heads([examples[index] for index in inside], matrix[inside], INTENTS)
    rest = slice(len(inside), None)
    return Toy(
        heads=heads,
        replay=select_replay(examples[: len(inside)], matrix[inside], per_intent=20),
        examples=examples[rest],
        features=matrix[rest],
    )


def fit_heads(examples: Sequence[Example], features: NDArray[np.float32], intents: tuple[str, ...]) -> Heads:
    """An intent head and a scope head, without the search for a recipe that training takes its time for."""
    rarity = np.ones(BUCKETS, np.float32)
    bags = [weigh(bag(one.text), rarity) for one in examples]
    foreign = np.array([[not one.intents] for one in examples], np.float32)
    half, whole = features.shape[1] // 2, features.shape[1]
    sentence = {}
    for name, targets, width in (("intent", intent_targets(examples, intents), half), ("scope", foreign, whole)):
        dense = features[:, :width]
        mean, deviation = dense.mean(axis=0), dense.std(axis=0)
        design = Features.of((dense - mean) / deviation, bags, scale=25.0)
        fitted = fit(design, targets, np.ones(len(examples), np.float32), l2=300.0, loss=Loss.ONE_VS_REST)
        weight = fitted.weight.numpy()
        raw = weight[:width] / deviation[:, None]
        sentence[name] = SentenceHead(raw, weight[width:] * 25.0, fitted.bias.numpy() - mean @ raw)
    return Heads(
        version="1",
        intents=intents,
        sentence=sentence,
        entity=None,
        rarity=rarity,
        thresholds=np.full(len(intents), 0.45, np.float32),
        scope_mix=np.array([0.8, -0.5, -0.5], np.float32),
        scope_threshold=0.4,
    )
