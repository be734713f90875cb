"""Measuring from rows to report, over the starter model."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from models.evaluation.reading import measure_reading
from models.evaluation.run import Report, Run
from models.evaluation.searching import measure_searching
from models.training.errors import UnusableError
from tests.helpers.models import models_dir

ROOT = Path(__file__).parents[3]


def run_of(folder: Path, rows: list[dict[str, Any]], **options: Any) -> Run:
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    usual = {"models": str(models_dir()), "model": "starter", "rows": str(folder / "rows.jsonl"), "device": "cpu"}
    return Run(**(usual | {"resamples": 20} | options))


def measure(folder: Path, rows: list[dict[str, Any]], **options: Any) -> Report:
    run = run_of(folder, rows, **options)
    return (measure_searching if run.task == "retrieval" else measure_reading)(run, lambda event: None)


UNDERSTOOD = [
    {"text": "Where is my parcel?", "label": "logistics.track", "sentiment": "neutral", "urgency": "normal"},
    {"text": "快递到哪里了", "label": "logistics.track", "sentiment": "neutral", "urgency": "normal"},
    {
        "text": "我要退货，订单GF2611020017",
        "label": "return.request",
        "spans": [{"start": 7, "end": 19, "type": "order_number"}],
    },
    {"text": "今天天气怎么样", "label": "OOS", "spans": []},
    {"text": "Write me a poem about autumn", "label": "OOS"},
]


@pytest.mark.models
def test_the_program_measures_everything_in_one_go_and_writes_a_report(tmp_path: Path) -> None:
    run = run_of(tmp_path, UNDERSTOOD, task="understanding", out=str(tmp_path / "out"))
    (tmp_path / "run.json").write_bytes(msgspec.json.encode(run))
    result = subprocess.run(
        [sys.executable, "-m", "models.evaluation", str(tmp_path / "run.json")],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
    )
    first, *_, last = [json.loads(line) for line in result.stdout.splitlines()]
    report, figures = last["report"], last["report"]["figures"]
    assert (first["event"], last["event"]) == ("progress", "done")
    assert {"accuracy", "macro_f1", "ece", "oos_auroc", "oos_f1", "span_f1", "sentiment_accuracy"} <= set(figures)
    assert all(0.0 <= one["value"] <= 1.0 for one in figures.values())
    assert figures["accuracy"]["low"] <= figures["accuracy"]["value"] <= figures["accuracy"]["high"]
    assert figures["oos_auroc"]["value"] > 0.5
    assert report["counts"]["in_scope"] == 3
    assert json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8")) == report
    assert (tmp_path / "out" / "confusion.svg").read_text(encoding="utf-8").lstrip().startswith("<?xml")


@pytest.mark.models
def test_queries_find_their_answers(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    texts = {"a": "退款会在三个工作日内到账。", "b": "We ship to Canada by air.", "c": "保修期为一年。"}
    lines = (json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items())
    corpus.write_text("".join(lines), encoding="utf-8")
    rows = [
        {"query": "退款多久到", "gold": ["a"]},
        {"query": "do you deliver abroad?", "positives": [texts["b"]], "candidates": [texts["b"], texts["c"]]},
        {"query": "where is the moon", "gold": []},
    ]
    for model in ("starter", "e5-small-zh-en", str(models_dir() / "encoder" / "e5-small-zh-en")):
        report = measure(tmp_path, rows, task="retrieval", model=model, corpus=str(corpus))
        assert report.counts == {"queries": 2, "unanswerable": 1, "documents": 3}
        assert report.figures["ndcg@10"].value == report.figures["p@1"].value == 1.0


def test_answers_that_the_corpus_lacks_are_named(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"id": "a", "text": "x"}\n', encoding="utf-8")
    with pytest.raises(UnusableError, match="the corpus lacks: z"):
        measure(tmp_path, [{"query": "hi", "gold": ["a", "z"]}], task="retrieval", corpus=str(corpus))


@pytest.mark.models
@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ([{"text": "hi", "label": "GREETING"}], {"task": "intent"}, "knows none of the labels"),
        ([{"text": "hi", "label": "chat.greeting"}], {"task": "intent", "model": "nobody"}, "no model nobody"),
        ([{"text": "hi", "label": "chat.greeting"}], {"task": "intent", "model": "e5-small-zh-en"}, "no head"),
        ([{"text": "hi", "label": "chat.greeting"}], {"task": "entities"}, "nothing to measure on"),
        ([{"text": "hi", "spans": [{"start": 0, "end": 9, "type": "a"}]}], {"task": "entities"}, "not inside the text"),
        ([{"query": "hi", "gold": ["z"]}], {"task": "retrieval"}, "give the documents with --corpus"),
        (
            [{"query": "hi", "positives": ["a"], "candidates": ["a"]}],
            {"task": "retrieval"},
            "no candidate that is wrong",
        ),
        ([{"query": "hi"}], {"task": "retrieval"}, "No query has an answer"),
    ],
)
def test_what_cannot_be_measured_is_said(
    tmp_path: Path, rows: list[dict[str, Any]], options: dict[str, Any], said: str
) -> None:
    with pytest.raises((UnusableError, FileNotFoundError), match=said):
        measure(tmp_path, rows, **options)
