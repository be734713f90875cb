"""What the models read out of a message."""

from dataclasses import dataclass
from enum import StrEnum

from agent_assist.domain.language import Language

OUT_OF_SCOPE = "OOS"
SENTIMENTS = ("very_negative", "negative", "neutral", "positive", "very_positive")
URGENCIES = ("low", "normal", "high", "critical")


class EntitySource(StrEnum):
    """Who found an entity: an exact rule, the token head, or the agent."""

    RULE = "rule"
    HEAD = "head"
    AGENT = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredLabel:
    """A label with the model's calibrated probability, 0 to 1."""

    label: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A typed span; `start` and `end` count characters of the message, `end` exclusive.

    `value` is the comparable form ("1299.00 CNY", "2026-11-03", "+8613800138000"), empty where there is none.
    """

    type: str
    start: int
    end: int
    text: str
    score: float = 1.0
    source: EntitySource = EntitySource.RULE
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """Everything one encoder pass and the rules say about one message.

    `intents` are sorted by falling score and hold every intent above its threshold, at least the best one; `leanings`
    are the likeliest intents whatever their thresholds, by which two messages are compared (none where nobody told).
    `model_version` names the trunk and heads that said so.
    """

    language: Language
    intents: tuple[ScoredLabel, ...]
    in_scope: bool
    entities: tuple[Entity, ...]
    sentiment: ScoredLabel
    urgency: ScoredLabel
    model_version: str = ""
    leanings: tuple[ScoredLabel, ...] = ()
