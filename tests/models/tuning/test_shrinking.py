"""Models made smaller, over a tiny encoder, from order to a folder that loads."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import TextEncoder
from models.training.errors import UnusableError
from models.training.nets.bert import load_bert, prepare_full
from models.training.nets.messages import Reading
from models.training.optimisation.distributed import World
from models.training.optimisation.tune import tune
from models.training.precision import Numbers
from models.training.run import train
from models.tuning.costs import size_of
from models.tuning.shrinking.compress import Order, compress
from models.tuning.shrinking.distil import DistilTask, Side
from models.tuning.shrinking.importance import keep_layers
from models.tuning.shrinking.int8 import int8
from models.understanding.heads import Heads
from models.understanding.predictor import Predictor
from tests.models.training.conftest import entity_rows, intent_rows
from tests.models.tuning.conftest import quick, silent

ROWS = intent_rows(8)


@pytest.fixture(scope="module")
def big(models_dir: Path) -> Path:
    """A frozen model of intents, and one of entities."""
    for name, task, rows in (("big", "intent", ROWS), ("big-spans", "entities", entity_rows(16))):
        train(task, rows, quick(), models_dir / "heads" / name, models=models_dir, report=silent, validation=rows)
    return models_dir


def make(folder: Path, work: Path, order: Order, out: str, rows: Any = ROWS, **options: Any) -> dict[str, Any]:
    events: list[dict[str, Any]] = []
    made = compress(order, folder / "heads" / out, rows, models=folder, report=events.append, work=work, **options)
    [table] = [event for event in events if event["event"] == "table"]
    assert made.card["name"] == out
    card = json.loads((folder / "heads" / out / "model.json").read_text(encoding="utf-8"))
    assert card == made.card
    for name, digest in card["files"].items():
        assert hashlib.sha256((folder / "heads" / out / name).read_bytes()).hexdigest() == digest, name
    assert str(work) not in json.dumps(card)
    assert Predictor.load(folder, out, device="cpu").known
    return table


def test_layers_go_and_the_table_sets_both_side_by_side(big: Path, tmp_path: Path) -> None:
    table = make(big, tmp_path, Order(name="big", by="prune-layers", epochs=1), "shallow")
    before, after = table["rows"]
    assert (before["layers"], after["layers"]) == (2, 1)
    assert after["mb_int8"] < before["mb_int8"]
    assert after["mb_fp32"] < before["mb_fp32"]
    assert set(before["figures"]) == set(after["figures"]) >= {"accuracy", "macro_f1"}
    assert 0 <= after["agreement"] <= 1
    assert before["agreement"] is None
    text = (big / "heads" / "shallow" / "card.md").read_text(encoding="utf-8")
    make(big, tmp_path, Order(name="big", by="prune-layers", epochs=1), "shallow")  # as after a kill
    again = (big / "heads" / "shallow" / "card.md").read_text(encoding="utf-8")
    assert again.count("## Made smaller") == text.count("## Made smaller") == 1


def test_heads_go_where_it_runs(big: Path, tmp_path: Path) -> None:
    table = make(big, tmp_path, Order(name="big", by="prune-heads", share=0.25, epochs=1), "narrow", validation=ROWS)
    before, after = table["rows"]
    assert (before["heads"], after["heads"]) == (4, 3)
    assert after["mb_int8"] < before["mb_int8"]
    assert size_of(big / "heads" / "narrow" / "trunk").heads == 3


def test_a_student_of_spans_is_made_of_its_teacher(big: Path, tmp_path: Path) -> None:
    order = Order(name="big-spans", by="distil", layers=1, epochs=2)
    table = make(big, tmp_path, order, "student", rows=entity_rows(16), texts=["order no 5 is red", "no order"])
    before, after = table["rows"]
    assert (before["layers"], after["layers"]) == (2, 1)
    assert "span_f1" in after["figures"]
    assert after["agreement"] is None
    assert after["span_agreement"] is not None
    assert not (tmp_path / "smaller" / "student.pt").exists()


def test_a_student_becomes_like_its_teacher(big: Path) -> None:
    folder = big / "encoder" / "tiny"
    config = quick(rate=2e-3, batch=16, max_tokens=64)
    reading = Reading(
        tokens=TextEncoder(folder / TOKENIZER_FILE),
        prefix="",
        middle_layer=1,
        numbers=Numbers(torch.device("cpu"), None),
    )
    student = prepare_full(keep_layers(load_bert(folder, dropout=0.0), [1]), config)
    task = DistilTask(
        Side(bert=load_bert(folder, dropout=0.0), middle=1), Side(bert=student, middle=1),
        [row.text for row in ROWS], Heads.load(big / "heads" / "big"), reading, seed=0, tokens=64,
    )  # fmt: skip
    events: list[dict[str, Any]] = []
    before = task.score()["likeness"]
    tune(
        task, config, epochs=6, lora=False, numbers=reading.numbers, world=World(), checkpoint=None,
        report=events.append,
    )  # fmt: skip
    losses = [event["loss"] for event in events if event["event"] == "step"]
    assert sum(losses[-2:]) < 0.7 * sum(losses[:2])
    assert task.score()["likeness"] > before
    same = DistilTask(
        Side(bert=load_bert(folder, dropout=0.0), middle=1), Side(bert=load_bert(folder, dropout=0.0).eval(), middle=1),
        [row.text for row in ROWS], Heads.load(big / "heads" / "big"), reading, seed=0, tokens=64,
    )  # fmt: skip
    assert same.loss([0, 1, 2], 0, [3.0]).item() == pytest.approx(0.0, abs=1e-4)


def test_int8_beside_fp32_and_alone(big: Path, tmp_path: Path) -> None:
    events: list[dict[str, Any]] = []
    int8("big", None, ROWS, models=big, report=events.append)
    [table] = [event for event in events if event["event"] == "table"]
    floats, ints = table["rows"]
    assert (floats["what"], ints["what"]) == ("fp32", "int8")
    assert floats["mb_int8"] is None
    assert floats["mb_fp32"] > ints["mb_int8"]
    assert ints["agreement"] > 0.9
    out = big / "heads" / "light"
    made = int8("big", out, ROWS, models=big, report=silent)
    assert made.card["name"] == "light"
    assert not (out / "trunk" / "model.safetensors").exists()
    texts = [row.text for row in ROWS]

    def intents(name: str) -> list[list[float]]:
        found = Predictor.load(big, name).predict(texts, [""] * len(texts), progress=lambda *_: None)
        return [one.intents.tolist() for one in found]

    assert intents("light") == intents("big")
    for name, digest in made.card["files"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    with pytest.raises(UnusableError, match="int8 weights only"):
        int8("light", None, ROWS, models=big, report=silent)
    with pytest.raises(UnusableError, match="no weights that can be changed"):
        compress(Order(name="light", by="prune-layers"), tmp_path / "x", ROWS, models=big, report=silent, work=tmp_path)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (Order(name="nobody", by="distil"), "no model nobody"),
        (Order(name="tiny", by="distil"), "tiny is an encoder"),
        (Order(name="mean", by="distil"), "mean is an average"),
        (Order(name="big", by="prune-layers", layers=2), "take from 1 to 1"),
        (Order(name="big", by="distil", layers=9), "take from 1 to 1"),
        (Order(name="big", by="prune-heads", share=1.5), "between 0 and 1"),
        (Order(name="big", by="prune-heads", share=0.01), "must reach one head"),
    ],
)
def test_what_cannot_be_made_smaller_is_said(big: Path, tmp_path: Path, order: Order, said: str) -> None:
    if order.name == "mean" and not (big / "heads" / "mean").exists():
        card = json.loads((big / "heads" / "big" / "model.json").read_text(encoding="utf-8"))
        members = [{"name": name, "version": card["version"]} for name in ("big", "big")]
        (big / "heads" / "mean").mkdir()
        (big / "heads" / "mean" / "model.json").write_text(json.dumps({"members": members}), encoding="utf-8")
    with pytest.raises(UnusableError, match=said):
        compress(order, tmp_path / "out", ROWS, models=big, report=silent, work=tmp_path / "work")
    assert not (tmp_path / "out").exists()
