"""The settings' values as types, one class a section; fields are the names behind the dot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UiSettings:
    """How the window looks."""

    language: str
    theme: str
    font_scale: float
    notifications: bool
    keys: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """Where the models run; `gpu_layers` is -1 for as many as fit."""

    device: str
    gpu_layers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionSettings:
    """When and from what replies are suggested; thresholds are relevances from 0 to 1, `reply_months` an age."""

    approved_threshold: float
    minimum_relevance: float
    max_passages: int
    minimum_answerable: float
    tone: str
    prefetch: bool
    prefetch_ahead: int
    similar_threshold: float
    reply_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """Until when customers are to be answered, and when somebody works (`opens`, `closes`: hh:mm)."""

    chat_first_seconds: int
    chat_follow_up_seconds: int
    email_hours: int
    other_hours: int
    days: str
    opens: str
    closes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingSettings:
    """How replies go out."""

    undo_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeSettings:
    """How the shop's articles are looked after and searched."""

    expiry_days: int
    read_hits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSettings:
    """What replies say of the shop, and how."""

    name: str
    tone: str
    forbidden_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSettings:
    """Who works here: the agent, and the `colleagues`, parted by commas."""

    name: str
    colleagues: str
