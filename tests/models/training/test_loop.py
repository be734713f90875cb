"""The loop: it learns with every optimiser and schedule, pieces of a batch are the batch, a run goes on exactly."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from models.training.config import TrainConfig
from models.training.dataset.rows import Row
from models.training.encoders import find_encoder
from models.training.nets.bert import learned, load_bert, merged, prepare_full, prepare_lora
from models.training.nets.messages import MessageTask, Reading
from models.training.optimisation.checkpoint import Checkpoint
from models.training.optimisation.distributed import World
from models.training.optimisation.loop import Machine, parts, steps
from models.training.optimisation.optimisers import add_penalties
from models.training.optimisation.tune import tune
from models.training.precision import choose_numbers
from tests.models.training.conftest import entity_rows, intent_rows

OPTIMISERS = ("sgd", "momentum", "adagrad", "adam", "adamw")
SCHEDULES = ("constant", "linear", "exponential", "cosine")
PLAIN = TrainConfig(batch=16, epochs=3, dropout=0.0, contrast=0.0, precision="fp32", rate=1e-3, head_rate=1e-2)


def make(
    models_dir: Path,
    reading: Reading,
    config: TrainConfig,
    *,
    rows: Sequence[Row] | None = None,
    task: str = "intent",
    held_out: Sequence[Row] = (),
    lora: bool = False,
) -> MessageTask:
    bert = load_bert(find_encoder(models_dir, "tiny").folder, dropout=config.dropout)
    torch.manual_seed(config.seed)
    trunk = prepare_lora(bert, config) if lora else prepare_full(bert, config)
    made = MessageTask(task, trunk, rows or intent_rows(), held_out=held_out, config=config, reading=reading)
    made.begin()
    return made


def run(task: MessageTask, config: TrainConfig, *, epochs: int, lora: bool = False) -> list[float]:
    numbers = choose_numbers(config, torch.device("cpu"))
    machine = Machine.build(task, config, numbers, World(), lora=lora)
    return [info.loss for _, info in steps(task, config, machine, epochs=epochs)]


def weights(task: MessageTask) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in learned(task.net).items()}


def apart(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> float:
    return max(float((one[name] - other[name]).abs().max()) for name in one)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_every_optimiser_and_schedule_lowers_the_loss(
    models_dir: Path, reading: Reading, optimiser: Any, schedule: Any
) -> None:
    config = msgspec.structs.replace(
        PLAIN, optimiser=optimiser, schedule=schedule, rate=0.0, head_rate=0.0, warm_up=0.2
    )
    losses = run(make(models_dir, reading, config), config, epochs=6)
    assert len(losses) == 18
    assert sum(losses[-3:]) < 0.95 * sum(losses[:3])


def test_accumulated_batches_are_one_big_batch(models_dir: Path, reading: Reading) -> None:
    for change in ({}, {"class_weights": "balanced"}, {"l1": 1e-4, "l2": 1e-3}):
        # Adam would make rounding large where a gradient is nearly nothing.
        big = msgspec.structs.replace(PLAIN, batch=12, optimiser="momentum", **change)
        pieces = msgspec.structs.replace(big, batch=4, accumulate=3)
        rows = [*intent_rows(), Row(text="what is love", labels=("OOS",)), Row(text="hm", labels=("refund", "invoice"))]
        tasks = [make(models_dir, reading, config, rows=rows) for config in (big, pieces)]
        losses = [run(task, config, epochs=2) for task, config in zip(tasks, (big, pieces), strict=True)]
        assert losses[0] == pytest.approx(losses[1], rel=1e-5)
        assert apart(weights(tasks[0]), weights(tasks[1])) < 1e-5


def test_a_batch_of_long_texts_is_cut_into_pieces_that_fit() -> None:
    lengths = [512] * 40 + [8] * 40
    found = parts(list(range(80)), lengths, 1)
    assert [row for part in found for row in part] == list(range(80))
    assert all(max(lengths[row] for row in part) * len(part) <= 6144 for part in found)
    assert len(found) < 10
    assert parts([1, 2, 3], [5] * 4, 2) == [[1, 2], [3]]
    assert parts([1], [5] * 4, 3) == [[1]]


def test_contrast_draws_rows_of_a_label_together(models_dir: Path, reading: Reading) -> None:
    def likeness(task: MessageTask) -> float:
        with torch.no_grad():
            vectors = torch.cat([read.pooled for read in task._evaluated(task._items)])
        numbers = [item.number for read in task._evaluated(task._items) for item in read.items]
        labels = [task._items[number].row.labels[0] for number in numbers]
        units = torch.nn.functional.normalize(vectors - vectors.mean(0), dim=1)
        same = torch.tensor([[one == other for other in labels] for one in labels])
        angles = units @ units.T
        return float(angles[same].mean() - angles[~same].mean())

    config = msgspec.structs.replace(PLAIN, contrast=1.0, temperature=0.1)
    task = make(models_dir, reading, config)
    before = likeness(task)
    run(task, config, epochs=4)
    assert likeness(task) > before + 0.1


def test_an_interrupted_run_ends_with_the_same_weights(models_dir: Path, reading: Reading, tmp_path: Path) -> None:
    config = msgspec.structs.replace(
        PLAIN, dropout=0.2, contrast=1.0, augment=0.5, checkpoint_seconds=0.0, patience=9, precision="fp32"
    )
    numbers = choose_numbers(config, torch.device("cpu"))

    class Stop(Exception):
        pass

    def go(stop: int, name: str) -> MessageTask:
        task = make(models_dir, reading, config, held_out=intent_rows(3))
        told = 0

        def report(event: dict[str, Any]) -> None:
            nonlocal told
            told += event["event"] == "step"
            if told == stop:
                raise Stop

        checkpoint = Checkpoint(tmp_path / name, fingerprint="x", seconds=0.0)
        tune(task, config, epochs=3, lora=False, numbers=numbers, world=World(), checkpoint=checkpoint, report=report)
        return task

    whole = go(-1, "whole")
    for stop in (2, 5, 7):
        with pytest.raises(Stop):
            go(stop, "broken")
    assert apart(weights(whole), weights(go(-1, "broken"))) == 0.0
    other = Checkpoint(tmp_path / "broken", fingerprint="y", seconds=0.0)
    assert other.load() is None


def test_a_damaged_checkpoint_is_none(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    path.write_bytes(b"PK\x03\x04 half a file")
    assert Checkpoint(path, fingerprint="x", seconds=0.0).load() is None


def test_patience_stops_and_goes_back_to_the_best_epoch(models_dir: Path, reading: Reading) -> None:
    config = msgspec.structs.replace(PLAIN, rate=0.3, head_rate=0.3, clip=0.0, patience=2, optimiser="sgd", seed=1)
    task = make(models_dir, reading, config, held_out=intent_rows(3))
    events: list[dict[str, Any]] = []
    numbers = choose_numbers(config, torch.device("cpu"))
    tuned = tune(
        task, config, epochs=40, lora=False, numbers=numbers, world=World(), checkpoint=None, report=events.append
    )
    scores = [event["macro_f1"] for event in events if event["event"] == "epoch"]
    assert len(scores) == tuned.epochs + 2 < 40
    assert max(scores) == scores[tuned.epochs - 1] == task.score()["macro_f1"]


def test_adapters_leave_the_base_alone_and_are_merged_at_the_end(models_dir: Path, reading: Reading) -> None:
    config = msgspec.structs.replace(PLAIN, trunk="lora", lora_rank=4, lora_dropout=0.0)
    base = {
        name: value.clone()
        for name, value in load_bert(models_dir / "encoder" / "tiny", dropout=0.0).state_dict().items()
    }
    task = make(models_dir, reading, config, lora=True)
    losses = run(task, config, epochs=4, lora=True)
    assert losses[-1] < losses[0]
    trunk = task.net.get_submodule("trunk")
    kept = {name: value for name, value in trunk.state_dict().items() if "base_layer.weight" in name}
    assert len(kept) == 2 * 6
    for name, value in kept.items():
        plain = name.removeprefix("base_model.model.").replace(".base_layer", "")
        assert torch.equal(value, base[plain])
    with torch.no_grad():
        adapted = torch.cat([read.pooled for read in task._evaluated(task._items)])
        merged_state = merged(trunk).state_dict()
    assert set(merged_state) == set(base)
    assert any(not torch.equal(merged_state[name], base[name]) for name in base)
    fresh = make(models_dir, reading, config)
    fresh.net.get_submodule("trunk").load_state_dict(merged_state)
    with torch.no_grad():
        again = torch.cat([read.pooled for read in fresh._evaluated(fresh._items)])
    torch.testing.assert_close(adapted, again, atol=1e-4, rtol=1e-4)


def test_only_the_top_layers_learn_when_asked(models_dir: Path, reading: Reading) -> None:
    config = msgspec.structs.replace(PLAIN, layers=1)
    task = make(models_dir, reading, config)
    before = {name: value.clone() for name, value in task.net.state_dict().items()}
    run(task, config, epochs=1)
    moved = {name for name, value in task.net.state_dict().items() if not torch.equal(value, before[name])}
    assert any("encoder.layer.1." in name for name in moved)
    assert not any("encoder.layer.0." in name or "embeddings" in name for name in moved)
    adapters = make(models_dir, reading, config, lora=True)
    names = [name for name, value in adapters.net.named_parameters() if value.requires_grad and "lora" in name]
    assert names
    assert all("layer.1." in name for name in names)


def test_penalties_are_gradients_of_the_matrices() -> None:
    matrix, vector = torch.nn.Parameter(torch.tensor([[2.0, -3.0]])), torch.nn.Parameter(torch.tensor([5.0]))
    matrix.grad, vector.grad = torch.zeros(1, 2), torch.zeros(1)
    add_penalties([matrix, vector], l1=0.5, l2=0.1)
    torch.testing.assert_close(matrix.grad, torch.tensor([[0.7, -0.8]]))
    torch.testing.assert_close(vector.grad, torch.zeros(1))


def test_entities_are_learned_with_the_trunk(models_dir: Path, reading: Reading) -> None:
    config = msgspec.structs.replace(PLAIN, batch=8)
    task = make(models_dir, reading, config, task="entities", rows=entity_rows(), held_out=entity_rows(10))
    losses = run(task, config, epochs=6)
    assert losses[-1] < losses[0] / 2
    assert task.score()["span_f1"] > 0.9


def test_all_parts_share_one_loss_and_rows_may_know_some_of_it(models_dir: Path, reading: Reading) -> None:
    config = msgspec.structs.replace(PLAIN, batch=10)
    moods = [
        Row(text=f"{word} {number}", sentiment=mood, urgency="high" if number % 2 else "low")
        for number in range(8)
        for word, mood in (("awful", "very_negative"), ("lovely", "very_positive"))
    ]
    rows = [*intent_rows(6), *entity_rows(20), *moods]
    task = make(models_dir, reading, config, task="understanding", rows=rows, held_out=rows)
    assert len(task.weights(range(len(rows)))) == 4
    assert task.weights([0])[1:] == [0.0, 0.0, 0.0]
    run(task, config, epochs=8)
    scores = task.score()
    assert list(scores) == ["mean", "macro_f1", "accuracy", "span_f1", "sentiment_macro_f1", "urgency_macro_f1"]
    assert scores["macro_f1"] > 0.9
    assert scores["span_f1"] > 0.9
    assert scores["sentiment_macro_f1"] > 0.9
