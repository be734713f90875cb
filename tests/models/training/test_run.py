"""A run from rows to a folder that the program reads with, and the rows and settings that are refused."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent_assist.engine.registry import ModelRegistry
from models.training.config import TrainConfig
from models.training.config_file import as_config
from models.training.dataset.rows import Row, data_hash, read_rows
from models.training.dataset.split import parts_of
from models.training.encoders import find_encoder
from models.training.errors import UnusableError
from models.training.heads import plan_heads
from models.training.material import Material
from models.training.planning import make_plan, usual_epochs
from models.training.run import Outcome, train
from models.understanding.fitting.plan import own_strengths
from models.understanding.markup import Span
from models.understanding.predictor import Predictor
from tests.models.training.conftest import LABELS, entity_rows, intent_rows

FAST: dict[str, Any] = {
    "encoder": "tiny", "trunk": "full", "epochs": 2, "batch": 16, "precision": "fp32", "threads": 1, "resamples": 20,
    "rate": 1e-3, "folds_below": 0,
}  # fmt: skip
FOREIGN = [Row(text=f"what is the weather {number}", labels=("OOS",)) for number in range(12)]


def go(
    models_dir: Path, out: Path, rows: Sequence[Row], task: str = "intent", *,
    events: list[dict[str, Any]] | None = None, validation: Sequence[Row] | None = None, work: Path | None = None,
    **change: Any,
) -> Outcome:  # fmt: skip
    told = [] if events is None else events
    config = as_config(FAST | change, task)
    return train(task, rows, config, out, models=models_dir, report=told.append, validation=validation, work=work)


def test_a_tuned_model_is_a_folder_that_the_program_reads_with(models_dir: Path) -> None:
    events: list[dict[str, Any]] = []
    rows = [*intent_rows(), *FOREIGN]
    outcome = go(models_dir, models_dir / "heads" / "mine", rows, events=events)
    card = json.loads((outcome.folder / "model.json").read_text(encoding="utf-8"))
    assert card == outcome.card
    assert {"kind": "heads", "task": "intent", "encoder": "tiny", "trunk": "full", "seed": 0}.items() <= card.items()
    assert card["intents"] == card["labels"] == sorted(LABELS)
    assert card["data"]["sha256"] == data_hash(rows)
    assert card["data"]["labels"] == {"OOS": 12, "delivery": 12, "greeting": 12, "invoice": 12, "refund": 12}
    assert card["config"]["rate"] == 1e-3
    assert card["libraries"]["torch"]
    assert card["metrics"]["macro_f1"]["low"] <= outcome.score <= card["metrics"]["macro_f1"]["high"]
    assert "oos_auroc" in card["metrics"]
    for name, digest in card["files"].items():
        assert hashlib.sha256((outcome.folder / name).read_bytes()).hexdigest() == digest
    assert {"card.md", "confusion.svg", "course.svg", "history.jsonl", "heads.safetensors"} <= set(card["files"])
    assert {"trunk/model.int8.onnx", "trunk/model.safetensors", "trunk/tokenizer.json"} <= set(card["files"])
    text = (outcome.folder / "card.md").read_text(encoding="utf-8")
    assert data_hash(rows) in text
    assert "held out" in text
    kinds = [event["event"] for event in events]
    assert {"plan", "progress", "step", "epoch"} == set(kinds)
    steps = [event for event in events if event["event"] == "step" and event["part"] == "held-out"]
    assert [event["step"] for event in steps] == list(range(1, len(steps) + 1))

    predictor = Predictor.load(models_dir, "mine")
    told = predictor.predict(["track shipping 3", "send the invoice"], ["", ""], progress=lambda done, total: None)
    assert [one.told[0] for one in told] == ["delivery", "invoice"]
    [info] = [one for one in ModelRegistry(models_dir).list() if one.name == "mine"]
    assert info.kind == "heads"
    assert all(one.ok for one in ModelRegistry(models_dir).verify() if one.name == "mine")
    assert ModelRegistry(models_dir).activate("mine").active


def test_a_frozen_trunk_that_is_not_built_is_made_to_run(models_dir: Path, tmp_path: Path) -> None:
    outcome = go(models_dir, tmp_path / "frozen", intent_rows(), trunk="frozen")
    assert (outcome.folder / "trunk" / "model.int8.onnx").is_file()
    trunk = json.loads((outcome.folder / "trunk" / "model.json").read_text(encoding="utf-8"))
    assert (trunk["prefix"], trunk["middle_layer"]) == ("", 1)
    assert outcome.card["epochs"] == 0
    assert outcome.score > 0.5


def test_few_rows_a_label_are_cross_validated(models_dir: Path, tmp_path: Path) -> None:
    rows = intent_rows(5)
    outcome = go(models_dir, tmp_path / "few", rows, epochs=1)
    assert "3-fold" in outcome.card["measured_on"]
    assert sum(one["support"] for one in outcome.card["tables"]["intents"]) == len(rows)
    parts = {json.loads(line)["part"] for line in (outcome.folder / "history.jsonl").read_text().splitlines()}
    assert parts == {"fold-0", "fold-1", "fold-2", "all"}


def test_given_rows_are_measured_on_and_not_learned(models_dir: Path, tmp_path: Path) -> None:
    given = [Row(text="refund me now", labels=("refund",)), Row(text="hello there you", labels=("greeting",))] * 3
    events: list[dict[str, Any]] = []
    outcome = go(models_dir, tmp_path / "given", intent_rows(), validation=given, events=events)
    assert "6 rows given" in outcome.card["measured_on"]
    assert outcome.card["data"]["rows"] == 48
    assert {event["part"] for event in events if "part" in event} == {"given"}


def test_adapters_are_merged_into_the_trunk_that_is_written(models_dir: Path, tmp_path: Path) -> None:
    outcome = go(models_dir, tmp_path / "lora", intent_rows(), trunk="lora", lora_rank=4, rate=0.0, soup=0.0)
    config = json.loads((outcome.folder / "trunk" / "config.json").read_text(encoding="utf-8"))
    assert config["architectures"] == ["BertModel"]
    assert outcome.card["trunk"] == "lora"
    plain = go(models_dir, tmp_path / "souped", intent_rows(), trunk="lora", lora_rank=4, rate=0.0, soup=1.0)
    built = go(models_dir, tmp_path / "built", intent_rows(), trunk="frozen")
    onnx = [(one.folder / "trunk" / "model.int8.onnx").read_bytes() for one in (outcome, plain, built)]
    assert onnx[0] != onnx[1] == onnx[2]  # nothing but the original in the soup


def test_entities_and_all_together(models_dir: Path, tmp_path: Path) -> None:
    outcome = go(models_dir, tmp_path / "entities", entity_rows(), "entities", epochs=6)
    assert outcome.card["entity_tracks"] == [["colour", "order"]]
    assert outcome.score == outcome.card["metrics"]["span_f1"]["value"] > 0.6
    joint = [msgspec.structs.replace(row, labels=("order",), sentiment="neutral") for row in entity_rows()]
    joint += [
        msgspec.structs.replace(row, spans=(), sentiment=("positive", "negative")[number % 2])
        for number, row in enumerate(intent_rows())
    ]
    outcome = go(models_dir, tmp_path / "joint", joint, "understanding")
    assert {"macro_f1", "span_f1", "sentiment_macro_f1"} <= set(outcome.card["metrics"])
    assert not {"urgency_macro_f1"} & set(outcome.card["metrics"])


def test_the_same_work_folder_comes_to_the_same_end_at_once(models_dir: Path, tmp_path: Path) -> None:
    first = go(models_dir, tmp_path / "out", intent_rows(), work=tmp_path / "work")
    events: list[dict[str, Any]] = []
    again = go(models_dir, tmp_path / "out", intent_rows(), work=tmp_path / "work", events=events)
    assert again == first
    assert events == []
    other = go(models_dir, tmp_path / "out", intent_rows(), work=tmp_path / "work", seed=1)
    assert other.card["run"] != first.card["run"]


@pytest.mark.parametrize(
    ("rows", "task", "told"),
    [
        ([], "intent", "nothing to learn from"),
        ([Row(text="hi")], "intent", "No row has a text and a label"),
        ([Row(text="hi", labels=("a",)), Row(text="ho", labels=("a",))], "intent", "only a"),
        ([Row(text="hi", labels=("OOS",))], "intent", "at least two different labels"),
        ([Row(text="hi", labels=("a",)), Row(text="ho", labels=("b",))], "intent", "one row only"),
        ([Row(text="hi", spans=())], "entities", "No row has a span"),
        ([Row(text="hi", sentiment="so so")], "understanding", "so so is no sentiment"),
        ([Row(text="hi", sentiment="neutral")], "understanding", "at least two different labels"),
    ],
)
def test_rows_that_teach_nothing_are_refused(
    models_dir: Path, tmp_path: Path, rows: list[Row], task: str, told: str
) -> None:
    with pytest.raises(UnusableError, match=told):
        go(models_dir, tmp_path / "none", rows, task)
    assert list(tmp_path.iterdir()) == []


def test_encoders_that_cannot_be_trained_are_refused(models_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match=r"no encoder nobody.*models list"):
        find_encoder(models_dir, "nobody")
    with pytest.raises(UnusableError, match="models build"):
        find_encoder(tmp_path, "")
    other = tmp_path / "encoder" / "gpt"
    other.mkdir(parents=True)
    (other / "tokenizer.json").write_text("{}")
    (other / "config.json").write_text('{"model_type": "gpt2", "num_hidden_layers": 2}')
    with pytest.raises(UnusableError, match="only BERT"):
        find_encoder(tmp_path, "gpt")
    (other / "config.json").write_text('{"model_type": "bert", "hidden_act": "gelu", "num_hidden_layers": 2}')
    with pytest.raises(UnusableError, match="cannot be loaded"):
        go(tmp_path, tmp_path / "out", intent_rows(), encoder="gpt")


def test_fp16_without_a_gpu_is_refused(models_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match=r"fp16.*GPU"):
        go(models_dir, tmp_path / "out", intent_rows(), precision="fp16", device="cpu")


def test_bf16_learns_too(models_dir: Path, tmp_path: Path) -> None:
    events: list[dict[str, Any]] = []
    outcome = go(models_dir, tmp_path / "half", intent_rows(), precision="bf16", epochs=4, events=events)
    losses = [event["loss"] for event in events if event["event"] == "step" and event["part"] == "all"]
    assert losses[-1] < losses[0]
    assert outcome.card["precision"] == "bf16"


def test_the_trunk_is_tuned_as_long_as_the_budget_allows() -> None:
    rows = intent_rows(25)
    parts = parts_of(rows, TrainConfig(folds_below=0))

    def plan(seconds: float, **change: Any) -> Any:
        config = TrainConfig(folds_below=0, **change)
        return make_plan(Material.gather("intent", rows, None, config), config, seconds_per_row=lambda batch: seconds)

    assert (plan(0.008).mode, plan(0.008).epochs) == ("full", 12)
    visits = sum(len(part.inside) + len(LABELS) for part in parts) + len(rows) + len(LABELS)
    assert plan(8 * 60 / visits / 5.5).epochs == 5
    assert (plan(8 * 60 / visits / 1.5).mode, plan(8 * 60 / visits / 1.5).epochs) == ("frozen", 0)
    assert plan(8 * 60 / visits / 1.5, epochs=1).epochs == 1
    assert plan(1e9, trunk="lora", epochs=3).epochs == 3
    assert [usual_epochs(count) for count in (100, 1000, 2000, 10_000)] == [12, 12, 6, 5]


def test_each_head_learns_from_the_rows_that_have_its_labels() -> None:
    rows = [
        Row(text="a", labels=("x",), sentiment="neutral", urgency="low"),
        Row(text="b", labels=("OOS",), urgency="high"),
        Row(text="c", spans=(Span("t", 0, 1),), sentiment="positive"),
    ]
    fits = plan_heads(rows, "understanding")
    assert (fits.sentences.intents, fits.sentences.scope) == (("x",), True)
    assert (fits.sentences.sentiments, len(fits.sentences.urgencies)) == ((), 4)
    assert (fits.labelled.tolist(), fits.marked.tolist()) == ([0, 1], [2])
    assert fits.entities.tracks == (("t",),)
    assert fits.left_out == ("Some rows with labels have no sentiment.",)


def test_rows_may_know_intents_or_entities_alone(models_dir: Path, tmp_path: Path) -> None:
    outcome = go(models_dir, tmp_path / "apart", [*intent_rows(), *entity_rows()], "understanding", epochs=4)
    assert outcome.card["metrics"]["macro_f1"]["value"] > 0.8
    assert outcome.card["metrics"]["span_f1"]["value"] > 0.6
    assert "oos_f1" not in outcome.card["metrics"]


def test_rows_are_read_in_every_form(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [
        {"text": "a", "label": "x", "id": "1"}, {"text": "b", "labels": ["x", "y", "x"]}, {"text": "c", "intents": []},
        {"text": "red", "spans": [{"start": 0, "end": 3, "type": "colour", "text": "red"}]}, {"text": "d", "label": ""},
    ]  # fmt: skip
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", encoding="utf-8")
    rows = read_rows(path)
    assert [row.labels for row in rows] == [("x",), ("x", "y"), ("OOS",), (), ()]
    assert rows[3].spans == (Span("colour", 0, 3),)
    path.write_text('{"text": "a"}\n{"text": "red", "spans": [{"start": 0, "end": 9, "type": "c"}]}\n')
    with pytest.raises(UnusableError, match=r"rows\.jsonl:2 .*not inside"):
        read_rows(path)


def test_a_trunk_that_reads_entities_no_better_is_left_as_it_is(models_dir: Path, tmp_path: Path) -> None:
    events: list[dict[str, Any]] = []
    rows = entity_rows()
    outcome = go(models_dir, tmp_path / "same", rows, "entities", events=events, trunk="auto", rate=1e-9)
    plans = [event for event in events if event["event"] == "plan"]
    assert [plan["mode"] for plan in plans] == ["full", "frozen"]
    assert "hardly better" in plans[1]["reason"]
    assert outcome.card["trunk"] == "frozen"
    assert not any(event.get("part") == "all" for event in events)


def test_n_grams_count_less_where_labels_have_few_rows() -> None:
    few, many = own_strengths(100, 10), own_strengths(120, 10)
    assert [one.l2 for one in few] == [one.l2 for one in many]
    assert max(one.lexical for one in few) < min(one.lexical for one in many)
