"""Pruned heads are left out of the graph, which computes the same without them."""

import numpy as np
import onnxruntime
import pytest
import torch
from transformers import BertConfig, BertModel

from models.encoder.dead_heads import live_heads
from models.encoder.graph import build_graph
from models.encoder.trunk import session_options
from tests.models.encoder.test_graph import SHAPE, cosine, weights_of

SIZE = SHAPE.hidden // SHAPE.heads


@pytest.fixture
def model() -> BertModel:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50, hidden_size=128, num_hidden_layers=2, num_attention_heads=4, intermediate_size=256,
        max_position_embeddings=32, pad_token_id=1,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False).eval()


@torch.no_grad()
def pruned(model: BertModel, layer: int, heads: list[int]) -> BertModel:
    attention = model.encoder.layer[layer].attention
    for head in heads:
        part = slice(head * SIZE, (head + 1) * SIZE)
        attention.self.value.weight[part] = 0.0
        attention.self.value.bias[part] = 0.0
        attention.output.dense.weight[:, part] = 0.0
    return model


def test_the_graph_without_pruned_heads_computes_the_same_and_is_smaller(model: BertModel) -> None:
    before = build_graph(weights_of(model), middle_layer=1)
    weights = weights_of(pruned(model, 1, [0, 2, 3]))
    assert live_heads(weights, 0).tolist() == [True] * 4
    assert live_heads(weights, 1).tolist() == [False, True, False, False]
    graph = build_graph(weights, middle_layer=1)
    assert len(graph) < len(before) - 3 * 4 * SIZE * SHAPE.hidden / 2
    session = onnxruntime.InferenceSession(graph, session_options(), providers=["CPUExecutionProvider"])
    ids = np.random.default_rng(0).integers(4, 50, (3, 12))
    hidden = session.run(["hidden"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0]
    with torch.inference_mode():
        wanted = model(torch.tensor(ids)).last_hidden_state.numpy()
    assert cosine(hidden, wanted).min() > 0.999


def test_of_a_layer_without_any_head_one_is_kept(model: BertModel) -> None:
    weights = weights_of(pruned(model, 0, [0, 1, 2, 3]))
    assert live_heads(weights, 0).sum() == 1
    session = onnxruntime.InferenceSession(
        build_graph(weights, middle_layer=1), session_options(), providers=["CPUExecutionProvider"]
    )
    assert len(session.get_outputs()) == 3


def test_a_pruned_head_stays_pruned_while_the_trunk_learns(model: BertModel) -> None:
    pruned(model, 0, [1])
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.1)
    for seed in range(3):
        torch.manual_seed(seed)
        model.train()(torch.randint(4, 50, (2, 9))).last_hidden_state.pow(3).sum().backward()
        optimiser.step()
        optimiser.zero_grad()
    assert not live_heads(weights_of(model.eval()), 0)[1]
