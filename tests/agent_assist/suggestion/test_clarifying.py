"""What is asked back where nothing is known to answer with."""

from typing import Any

import msgspec
import pytest

from agent_assist.domain.language import Language
from agent_assist.domain.shop import Order, OrderItem
from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.understanding import Entity
from agent_assist.suggestion.clarifying import Told, _load, clarifying_question
from tests.helpers.makers import NOON, customer, ticket, understanding

ZH, EN = Language.ZH, Language.EN
ORDER = Order(
    order_number="GF1",
    customer="",
    placed_at=NOON,
    status="delivered",
    currency="CNY",
    total=1.0,
    items=(OrderItem(sku="A", name="A", quantity=1, unit_price=1.0),),
)


def entity(kind: str, text: str) -> Entity:
    return Entity(type=kind, start=0, end=len(text), text=text)


def asked(
    intent: str,
    text: str,
    language: Language,
    *,
    order: Order | None = None,
    entities: tuple[Entity, ...] = (),
    in_scope: bool = True,
    **fields: Any,
) -> str:
    read = understanding(intent, entities=entities, in_scope=in_scope)
    told = Told.of(ticket("T", customer(text), **fields), read, order)
    return clarifying_question(read, told, language=language)


@pytest.mark.parametrize(
    ("intent", "text", "language", "words"),
    [
        ("logistics.track", "我的快递到哪了", ZH, ["订单号"]),
        ("logistics.track", "where is my parcel", EN, ["order number"]),
        ("presale.product_info", "这个防水吗", ZH, ["哪一款"]),
        ("presale.product_info", "is it waterproof", EN, ["which product"]),
        ("quality.wrong_or_damaged", "收到的是坏的", ZH, ["订单号", "照片"]),
        ("quality.wrong_or_damaged", "it came broken", EN, ["order number", "photos"]),
        ("promotion.coupon", "券用不了", ZH, ["优惠券"]),
        ("complaint.service", "I am not happy", EN, ["order number", "what happened"]),
    ],
)
def test_what_the_intent_needs_is_asked_for(intent: str, text: str, language: Language, words: list[str]) -> None:
    question = asked(intent, text, language)
    assert all(word in question for word in words), question


def test_what_was_told_is_not_asked_for() -> None:
    assert "照片" not in asked("quality.wrong_or_damaged", "收到的是坏的，见图", ZH)
    assert "照片" not in asked("quality.wrong_or_damaged", "坏了 [图片]", ZH)
    assert asked("quality.wrong_or_damaged", "broken, photo attached", EN, order=ORDER) == ""
    assert asked("logistics.track", "where is it", EN, order=ORDER) == ""
    assert asked("presale.product_info", "is the Mic One loud", EN, entities=(entity("product", "Mic One"),)) == ""


def test_a_number_that_is_no_orders_is_named_as_such() -> None:
    number = (entity("order_number", "GF9"),)
    question = asked("logistics.track", "GF9 where", EN, entities=number)
    assert "could not find" in question
    assert "your order number" not in question
    assert "could not find" in asked("logistics.track", "where", EN, order_number="GF9")


def test_nothing_is_asked_out_of_scope_or_where_no_phrase_fits() -> None:
    assert asked("logistics.track", "tell me a joke", EN, in_scope=False) == ""
    assert asked("chat.thanks", "thanks", EN) == ""


def test_a_second_question_begins_a_sentence() -> None:
    assert "? Could you send us some photos" in asked("quality.wrong_or_damaged", "it came broken", EN)


def test_the_phrases_speak_of_known_intents() -> None:
    taxonomy = load_taxonomy()
    known = {*taxonomy.intents, *taxonomy.topics}
    for question in _load().questions:
        assert set(question.intents) <= known, question.id
        assert question.zh
        assert question.en
        assert msgspec.json.encode(question)
