"""What of a trunk matters least is found: a layer that changes nothing, a head that adds nothing."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from models.encoder.tokens import Encoded, TextEncoder
from models.training.nets.bert import load_bert, prepare_full
from models.training.nets.messages import MessageTask, Reading
from models.training.precision import Numbers
from models.tuning.shrinking.importance import (
    head_importance,
    keep_layers,
    layer_influence,
    least_heads,
    middle_of,
    most_layers,
    prune_heads,
    spread_layers,
)
from tests.models.training.conftest import intent_rows
from tests.models.tuning.conftest import quick


@torch.no_grad()
def test_a_layer_that_changes_nothing_is_the_first_to_go() -> None:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50, hidden_size=32, num_hidden_layers=4, num_attention_heads=2, intermediate_size=32,
        initializer_range=0.5,
    )  # fmt: skip
    bert = BertModel(config, add_pooling_layer=False).eval()
    idle = bert.encoder.layer[1]
    for part in (idle.attention.output.dense, idle.output.dense):
        part.weight.zero_()
        part.bias.zero_()
    texts = [Encoded((0, *range(4, 12 + number), 2), ((0, 0),) * (10 + number)) for number in range(5)]
    influence = layer_influence(bert, texts, torch.device("cpu"))
    assert influence.argmin() == 1
    assert influence[1] == pytest.approx(0.0, abs=1e-5)
    kept = most_layers(influence, 3)
    assert kept == [0, 2, 3]
    ids = torch.tensor([texts[0].ids])
    before = bert(ids).last_hidden_state
    smaller = keep_layers(bert, kept)
    assert smaller.config.num_hidden_layers == 3
    assert torch.allclose(smaller(ids).last_hidden_state, before, atol=1e-4)


def test_the_head_importance_is_the_derivative_by_a_factor_on_the_head(models_dir: Path) -> None:
    config = quick(batch=8, contrast=1.0)
    folder = models_dir / "encoder" / "tiny"
    bert = prepare_full(load_bert(folder, dropout=0.0), config)
    reading = Reading(
        tokens=TextEncoder(folder / "tokenizer.json"), prefix="", middle_layer=1,
        numbers=Numbers(torch.device("cpu"), None),
    )  # fmt: skip
    task = MessageTask("intent", bert, intent_rows(2), held_out=(), config=config, reading=reading)
    task.begin()
    batch = list(range(8))
    found = head_importance(bert, task, [batch])
    assert np.linalg.norm(found, axis=1) == pytest.approx([1.0, 1.0])
    measured = np.zeros((2, 2))
    for layer in range(2):
        weight = bert.encoder.layer[layer].attention.output.dense.weight
        for head in range(2):
            losses = []
            for factor in (1.001, 0.999):
                old = weight.detach().clone()
                with torch.no_grad():
                    weight[:, head * 64 : head * 64 + 64] *= factor
                    losses.append(float(task.loss(batch, 0, task.weights(batch))))
                    weight.copy_(old)
            measured[layer, head] = abs(losses[0] - losses[1])
    assert found == pytest.approx(measured / np.linalg.norm(measured, axis=1, keepdims=True), abs=0.03)


def test_each_layer_keeps_its_best_head() -> None:
    importance = np.array([[0.1, 0.2, 0.3], [0.9, 0.5, 0.8]])
    assert least_heads(importance, 3) == [(0, 0), (0, 1), (1, 1)]
    assert len(least_heads(importance, 6)) == 4


def test_a_pruned_head_adds_nothing(models_dir: Path) -> None:
    bert = load_bert(models_dir / "encoder" / "tiny", dropout=0.0).eval()
    prune_heads(bert, [(0, 1)])
    own = bert.encoder.layer[0].attention
    assert not own.self.value.weight[64:].any()
    assert own.self.value.weight[:64].any()
    assert not own.output.dense.weight[:, 64:].any()


def test_a_student_has_layers_at_even_distances_and_a_middle_at_the_same_height() -> None:
    assert spread_layers(12, 6) == [1, 3, 5, 7, 9, 11]
    assert spread_layers(12, 4) == [2, 5, 8, 11]
    assert spread_layers(5, 3) == [0, 2, 4]
    assert middle_of([1, 3, 5, 7, 9, 11], 7) == 3
    assert middle_of([0], 1) == 1
    assert middle_of([10, 11], 7) == 1
    assert middle_of([0, 1], 7) == 1
