"""The labels that messages can carry, with their names in both working languages (resources/taxonomy.json)."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from agent_assist.domain.language import Language

_LONGEST_NAME = 80


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """A label: its stable `id` and its names for people. `source` says who finds an entity type: rule or head."""

    id: str
    en: str
    zh: str
    source: str = ""

    def name(self, language: Language) -> str:
        """The label's name in `language`."""
        return self.zh if language is Language.ZH else self.en


class _TaxonomyFile(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    topics: tuple[Label, ...]
    intents: tuple[Label, ...]
    out_of_scope: Label
    sentiments: tuple[Label, ...]
    urgencies: tuple[Label, ...]
    entities: tuple[Label, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """All labels by kind. Intents are two-level: "logistics.track" belongs to the topic "logistics"."""

    version: int
    topics: dict[str, Label]
    intents: dict[str, Label]
    out_of_scope: Label
    sentiments: dict[str, Label]
    urgencies: dict[str, Label]
    entities: dict[str, Label]

    def intent_name(self, intent: str, language: Language) -> str:
        """Name of an intent or of "OOS"; an unknown id (from a user's own model) is its own name."""
        if intent == self.out_of_scope.id:
            return self.out_of_scope.name(language)
        label = self.intents.get(intent)
        return label.name(language) if label else intent

    def topic_name(self, intent: str, language: Language) -> str:
        """Name of the topic that an intent belongs to; that of an unknown one is its id up to the first dot."""
        topic = intent.partition(".")[0]
        label = self.topics.get(topic)
        return label.name(language) if label else topic

    def entity_name(self, entity_type: str, language: Language) -> str:
        """Name of an entity type; an unknown one is its own name."""
        label = self.entities.get(entity_type)
        return label.name(language) if label else entity_type


def is_intent_name(text: str) -> bool:
    """Whether a text can name an intent: one of the taxonomy, of a trained model, or a new one of the shop's own."""
    return 0 < len(text) <= _LONGEST_NAME and text.isprintable() and text == text.strip()


@cache
def load_taxonomy() -> Taxonomy:
    """The taxonomy that ships with the program."""
    text = files("resources").joinpath("taxonomy.json").read_bytes()
    raw = msgspec.json.decode(text, type=_TaxonomyFile)
    return Taxonomy(
        version=raw.version,
        topics={label.id: label for label in raw.topics},
        intents={label.id: label for label in raw.intents},
        out_of_scope=raw.out_of_scope,
        sentiments={label.id: label for label in raw.sentiments},
        urgencies={label.id: label for label in raw.urgencies},
        entities={label.id: label for label in raw.entities},
    )
