"""The reader over the built models: what it says, and that nothing makes it fall."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from agent_assist.domain.language import Language
from agent_assist.domain.tickets import Role
from agent_assist.domain.understanding import EntitySource, Understanding
from agent_assist.engine.protocol import TextKind, Turn
from models.errors import Stopped
from models.understanding.choice import starter_heads
from models.understanding.heads import Heads
from models.understanding.reader import Reader
from tests.helpers.models import models_dir


def say(*texts: str) -> list[list[Turn]]:
    return [[Turn(role=Role.CUSTOMER, text=text)] for text in texts]


def test_without_a_built_encoder_a_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="agent-assist models build"):
        Reader.load(tmp_path)


def test_changed_heads_are_refused(tmp_path: Path) -> None:
    for name in ("heads.safetensors", "model.json"):
        (tmp_path / name).write_bytes((starter_heads() / name).read_bytes())
    card = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))
    card["files"] = {"heads.safetensors": "0" * 64}
    (tmp_path / "model.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ValueError, match="Train the heads again"):
        Heads.load(tmp_path)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load(models_dir(), device="cpu")


@pytest.mark.models
def test_a_message_is_understood_with_its_entities(reader: Reader) -> None:
    text = "你好，我昨天买的黑色羽绒服GF2611020017什么时候发货？太慢了"
    [one], vectors = reader.understand(say(text), today=date(2026, 11, 4))
    assert one.language is Language.ZH
    assert one.in_scope
    assert one.intents[0].label in {"logistics.delay", "order.status"}
    assert all(text[e.start : e.end] == e.text for e in one.entities)
    found = {(e.type, e.text): e for e in one.entities}
    assert found["date", "昨天"].value == "2026-11-03"
    assert found["order_number", "GF2611020017"].source is EntitySource.RULE
    assert any(
        "羽绒服" in surface and e.source is EntitySource.HEAD
        for (kind, surface), e in found.items()
        if kind == "product"
    )
    assert vectors.shape == (1, reader.dimension)
    assert np.linalg.norm(vectors[0]) == pytest.approx(1.0, abs=1e-5)
    assert one.model_version == reader.version


@pytest.mark.models
def test_plain_requests_and_foreign_questions(reader: Reader) -> None:
    texts = {
        "I want to cancel my order, please": "order.cancel",
        "怎么开发票": "invoice.request",
        "Can I speak to a real person?": "human.request",
        "我要退货退款": "return.request",
    }
    read, _ = reader.understand(say(*texts))
    assert [one.intents[0].label for one in read[:3]] == list(texts.values())[:3]
    assert {one.label for one in read[3].intents} & {"return.request", "refund.request"}
    foreign, _ = reader.understand(say("明天北京天气怎么样", "write a python function that sorts a list"))
    assert [one.in_scope for one in foreign] == [False, False]


@pytest.mark.models
def test_sentiment_and_urgency_follow_the_wording(reader: Reader) -> None:
    [angry, glad], _ = reader.understand(say("垃圾店铺！再不退款我马上投诉到12315！！", "收到了，质量很好，谢谢你们"))
    assert angry.sentiment.label in {"negative", "very_negative"}
    assert angry.urgency.label in {"high", "critical"}
    assert glad.sentiment.label in {"positive", "very_positive"}


@pytest.mark.models
def test_a_short_message_is_read_in_its_thread(reader: Reader) -> None:
    turns = [
        Turn(role=Role.CUSTOMER, text="我的快递三天没更新了，帮我查一下物流"),
        Turn(role=Role.AGENT, text="请提供订单号"),
        Turn(role=Role.CUSTOMER, text="GF2611020017"),
    ]
    [one], vectors = reader.understand([turns])
    assert one.in_scope
    assert one.intents[0].label.startswith("logistics.")
    [alone] = reader.understand([turns[-1:]])[1]
    assert vectors[0] @ alone > 0.999  # the vector is the message's own


@pytest.mark.models
@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "😀👍🏽", "\x00\x07\x1b[31m", "\ud800", "?", "退" * 34_000, "word " * 20_000, "<|im_end|></s>"],
)
def test_any_text_has_an_answer(reader: Reader, text: str) -> None:
    [one], vectors = reader.understand(say(text))
    assert one.intents
    assert np.isfinite(vectors).all()
    if not text.strip():
        assert not one.in_scope


@pytest.mark.models
def test_entities_of_a_long_text_are_found_everywhere(reader: Reader) -> None:
    text = "啦" * 20_000 + "订单GF2611020017" + "啦" * 20_000
    [one], _ = reader.understand(say(text))
    assert ("order_number", 20_002) in {(e.type, e.start) for e in one.entities}


@pytest.mark.models
def test_a_batch_reads_like_single_messages(reader: Reader) -> None:
    texts = ["在吗", "我的订单GF2611020017什么时候到", "The blue jacket in size M arrived torn, I want a refund", "？"]
    together, vectors = reader.understand(say(*texts))
    alone = [reader.understand(say(text)) for text in texts]
    assert (vectors * np.concatenate([one[1] for one in alone])).sum(axis=1).min() > 0.999
    assert [one.intents[0].label for one in together] == [one[0][0].intents[0].label for one in alone]
    assert [_spans(one) for one in together] == [_spans(one[0][0]) for one in alone]
    assert reader.understand([])[0] == []


def _spans(one: Understanding) -> list[tuple[str, int, int]]:
    return [(entity.type, entity.start, entity.end) for entity in one.entities]


@pytest.mark.models
def test_a_stop_ends_the_work_between_batches(reader: Reader) -> None:
    answers = iter([False, True])
    with pytest.raises(Stopped):
        reader.understand(say(*["你好"] * 40), should_stop=lambda: next(answers))
    with pytest.raises(Stopped):
        reader.embed(["你好"], TextKind.QUERY, should_stop=lambda: True)


@pytest.mark.models
def test_similar_texts_are_near_and_prefixes_differ(reader: Reader) -> None:
    a, b, c = reader.embed(["怎么退货", "如何办理退货", "这款手机支持快充吗"], TextKind.QUERY)
    assert a @ b > a @ c
    passage = reader.embed(["怎么退货"], TextKind.PASSAGE)[0]
    assert not np.allclose(a, passage)
