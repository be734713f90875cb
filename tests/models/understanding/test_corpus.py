"""Rows with marks and slots become texts with exact spans."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from agent_assist.domain.taxonomy import load_taxonomy
from models.understanding.corpus import Example, hastily, load_corpus
from models.understanding.markup import Span, render
from models.understanding.train import split

CORPUS = Path("resources/corpora/understanding")


def test_marks_and_slots_become_spans() -> None:
    text, spans = render(
        "买的[color:{color}][product:{product}]坏了", {"color": ["米色"], "product": ["保温杯"]}, random.Random(0)
    )
    assert text == "买的米色保温杯坏了"
    assert [(s.type, text[s.start : s.end]) for s in spans] == [("color", "米色"), ("product", "保温杯")]


def test_marks_nest() -> None:
    text, spans = render("[product:[color:black] [brand:Lumio] lamp] [defect:flickers]", {}, random.Random(0))
    assert text == "black Lumio lamp flickers"
    assert [(s.type, text[s.start : s.end]) for s in spans] == [
        ("product", "black Lumio lamp"),
        ("color", "black"),
        ("brand", "Lumio"),
        ("defect", "flickers"),
    ]


def test_a_mark_that_does_not_close_is_refused() -> None:
    with pytest.raises(ValueError, match="not closed"):
        render("[product:lamp", {}, random.Random(0))


def test_a_row_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for language in ("zh", "en"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "topic.jsonl").write_text('\n{"text": "a", "intent": []}\n', encoding="utf-8")
        (tmp_path / f"slots_{language}.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"topic\.jsonl:2"):
        load_corpus(tmp_path)


def test_expansion_is_deterministic_and_rows_keep_their_number(tmp_path: Path) -> None:
    row = {"text": "[product:{product}]", "intents": [], "sentiment": "neutral", "urgency": "low"}
    for language in ("zh", "en"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "topic.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
        (tmp_path / f"slots_{language}.json").write_text(
            '{"product": ["a", "b", "c", "d"], "greeting": ["hi "]}', encoding="utf-8"
        )
    examples = load_corpus(tmp_path, expansions=3, seed=1)
    assert examples == load_corpus(tmp_path, expansions=3, seed=1)
    assert {one.row for one in examples} == {0, 1}
    assert len(examples) > 2


def test_some_rows_are_also_taken_behind_a_greeting(tmp_path: Path) -> None:
    rows = [
        {"text": f"[product:lamp] {n}", "intents": ["a"], "sentiment": "neutral", "urgency": "low"} for n in "abcdefgh"
    ]
    for language in ("zh", "en"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "topic.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        (tmp_path / f"slots_{language}.json").write_text('{"greeting": ["hi "]}', encoding="utf-8")
    greeted = [one for one in load_corpus(tmp_path) if one.text.startswith("hi ")]
    assert 0 < len(greeted) < 16
    assert all(one.text[s.start : s.end] == "lamp" for one in greeted for s in one.spans)


def test_a_hasty_text_keeps_its_spans() -> None:
    text = "Hi, the Lumio lamp is broken!"
    example = Example(
        row=0, language="en", text=text, intents=(), sentiment="neutral", urgency="low", spans=(Span("brand", 8, 13),)
    )
    hasty = hastily(example)
    assert hasty is not None
    assert hasty.text == "hi  the lumio lamp is broken"
    assert [hasty.text[s.start : s.end] for s in hasty.spans] == ["lumio"]
    assert hastily(hasty) is None


def test_every_label_of_the_shipped_corpus_is_in_the_taxonomy_and_every_intent_has_rows_in_both_languages() -> None:
    taxonomy = load_taxonomy()
    examples = load_corpus(CORPUS, expansions=1)
    assert {span.type for one in examples for span in one.spans} <= set(taxonomy.entities)
    for language in ("zh", "en"):
        counts = Counter(name for one in examples if one.language == language for name in one.intents)
        assert set(counts) == set(taxonomy.intents)
        assert min(counts.values()) >= 70


def test_the_shipped_corpus_can_be_read_and_split_by_row() -> None:
    examples = load_corpus(CORPUS, expansions=2)
    assert all("[" not in one.text and "{" not in one.text for one in examples)
    assert all(0 <= s.start < s.end <= len(one.text) for one in examples for s in one.spans)
    inside, outside = split(examples)
    assert {examples[i].row for i in inside} & {examples[i].row for i in outside} == set()
    held = {examples[i].intents[0] for i in outside if examples[i].intents}
    assert held == {one.intents[0] for one in examples if one.intents}
