"""The reader's lessons, its loop, and that a run goes on where it ended."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.numpy import load_file
from transformers import BertConfig, BertModel

from models.encoder.layout import TOKENIZER_FILE
from models.reply.corpus.evidence import evidence
from models.reply.corpus.generator import Generator, Mix
from models.reply.corpus.pages import MISSING, training_pages
from models.reply.corpus.rows import Row, holds
from models.reply.evaluate import held_out_rows
from models.reply.evidence.build import merged
from models.reply.evidence.layout import ADAPTER_FILE, CARD_FILE
from models.reply.evidence.windows import Windows
from models.reply.reader_training.loop import learning, lessons, with_adapters
from models.reply.reader_training.net import EvidenceNet, Lesson, logits_of, loss_of
from models.reply.reader_training.train import begin_with, run_training
from models.reply.training.loop import Schedule
from models.sources import encoder_source
from tests.helpers.models import models_dir

SCHEDULE = Schedule(steps=6, batch=4, rate=5e-3, warm_up=1, seed=3)


@pytest.fixture(scope="module")
def rows() -> list[Lesson]:
    windows = Windows(models_dir() / "encoder" / encoder_source().name / TOKENIZER_FILE)
    return lessons(Generator(training_pages(), seed=4, mix=Mix(tasks=0.0)), windows, packs=5)


def net(vocabulary: int = 110_000, rank: int = 4) -> EvidenceNet:
    torch.manual_seed(0)
    bert = BertModel(
        BertConfig(vocab_size=vocabulary, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                   intermediate_size=64, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0),
        add_pooling_layer=False,
    )  # fmt: skip
    return with_adapters(bert, rank=rank, seed=1)


@pytest.mark.models
def test_almost_every_answer_is_found_in_its_passages() -> None:
    found = lost = 0
    for row in held_out_rows():
        read = evidence(row)
        assert bool(read.held) is False or row.kind != MISSING
        if row.kind != MISSING:
            found, lost = found + bool(read.held), lost + (not read.held)
    assert lost <= 0.05 * found


@pytest.mark.models
def test_the_clauses_hold_the_values_that_are_asked_for() -> None:
    packs = Generator(training_pages(), seed=9, mix=Mix(tasks=0.0)).packs(40)
    for row in (row for pack in packs for row in pack if isinstance(row, Row)):
        read = evidence(row)
        shown = " ".join(unit.text for unit in read.units)
        kept = " ".join(read.clauses[place].text for place in read.held)
        for fact in row.must:
            if row.kind != MISSING and fact.isdigit() and holds(shown, fact):
                assert holds(kept, fact), (row.situation, fact, kept)


@pytest.mark.models
def test_the_loss_falls_and_nothing_but_adapters_and_score_learns(rows: list[Lesson], tmp_path: Path) -> None:
    model = net()
    before = {name: value.detach().clone() for name, value in model.named_parameters() if not value.requires_grad}
    first = float(loss_of(logits_of(model, rows), rows).detach())
    run_training(model, rows, SCHEDULE, {"a": 1}, out=tmp_path / "out", work=tmp_path / "work", workers=2)
    assert float(loss_of(logits_of(model, rows), rows).detach()) < first
    assert all(torch.equal(before[name], value) for name, value in model.named_parameters() if name in before)
    card = json.loads((tmp_path / "out" / CARD_FILE).read_text())
    assert card["data"]["rows"] == len(rows)


@pytest.mark.models
def test_a_run_that_was_stopped_ends_as_one_that_was_not(rows: list[Lesson], tmp_path: Path) -> None:
    short = Schedule(steps=6, batch=4, rate=5e-3, warm_up=1, seed=3)
    run_training(net(), rows, short, {}, out=tmp_path / "whole", work=tmp_path / "w1")
    from models.reply.reader_training import train as module

    class Killed(Exception):
        pass

    calls = 0

    def die(line: dict[str, object]) -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_SAVE_EVERY", 2)
        patch.setattr(module, "_print", die)
        with pytest.raises(Killed):
            run_training(net(), rows, short, {}, out=tmp_path / "parts", work=tmp_path / "w2")
    run_training(net(), rows, short, {}, out=tmp_path / "parts", work=tmp_path / "w2")
    whole, parts = (load_file(tmp_path / name / ADAPTER_FILE) for name in ("whole", "parts"))
    assert whole.keys() == parts.keys()
    assert all((whole[name] == parts[name]).all() for name in whole)


@pytest.mark.models
def test_an_adapter_is_trained_further(rows: list[Lesson], tmp_path: Path) -> None:
    first, second = net(), net()
    run_training(first, rows, SCHEDULE, {"a": 1}, out=tmp_path / "first", work=tmp_path / "w1")
    before = begin_with(second, tmp_path / "first")
    for name, value in learning(second).items():
        torch.testing.assert_close(value, learning(first)[name], atol=2e-3, rtol=2e-3)  # kept in half precision
    run_training(second, rows, SCHEDULE, {"a": 2}, out=tmp_path / "second", work=tmp_path / "w2", before=before)
    cards = [json.loads((tmp_path / name / CARD_FILE).read_text()) for name in ("first", "second")]
    assert cards[1]["before"] == [{key: cards[0][key] for key in ("version", "config", "data")}]
    assert "before" not in cards[0]


@pytest.mark.models
def test_an_adapter_of_another_rank_is_refused(rows: list[Lesson], tmp_path: Path) -> None:
    run_training(net(), rows, SCHEDULE, {}, out=tmp_path / "out", work=tmp_path / "work")
    with pytest.raises(ValueError, match="does not fit"):
        begin_with(net(rank=8), tmp_path / "out")
    with pytest.raises(FileNotFoundError):
        begin_with(net(), tmp_path / "none")


@pytest.mark.models
def test_merged_weights_are_what_was_trained(rows: list[Lesson], tmp_path: Path) -> None:
    model = net()
    base = {name: value.detach().float().numpy().copy() for name, value in model.bert.state_dict().items()
            if "lora" not in name}  # fmt: skip
    run_training(model, rows, SCHEDULE, {}, out=tmp_path / "out", work=tmp_path / "work")
    plain = {name.replace(".base.", "."): value for name, value in base.items()}
    weights = merged(plain, load_file(tmp_path / "out" / ADAPTER_FILE))
    name = "encoder.layer.1.attention.self.value"
    layer = model.bert.get_submodule(name)
    x = torch.randn(3, 32)
    with torch.no_grad():
        wanted = layer.float()(x)
    got = x @ torch.from_numpy(weights[f"{name}.weight"]).T + torch.from_numpy(plain[f"{name}.bias"])
    assert torch.allclose(got, wanted, atol=2e-3)
