"""The taxonomy that ships is complete in both languages and has two levels."""

from agent_assist.domain.language import Language
from agent_assist.domain.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()


def test_every_intent_belongs_to_a_named_topic_and_every_topic_has_intents() -> None:
    assert {intent.partition(".")[0] for intent in TAXONOMY.intents} == set(TAXONOMY.topics)


def test_it_is_broad_enough_for_a_shop() -> None:
    assert len(TAXONOMY.intents) >= 35
    assert len(TAXONOMY.entities) >= 15
    assert (len(TAXONOMY.sentiments), len(TAXONOMY.urgencies)) == (5, 4)


def test_names_are_unique_in_each_language() -> None:
    for labels in (TAXONOMY.intents, TAXONOMY.entities, TAXONOMY.topics):
        for language in Language:
            assert len({label.name(language) for label in labels.values()}) == len(labels)


def test_topic_names_and_those_of_labels_from_elsewhere() -> None:
    assert TAXONOMY.topic_name("logistics.track", Language.ZH) == "物流"
    assert TAXONOMY.topic_name("own.label", Language.EN) == "own"
