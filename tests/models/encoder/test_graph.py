"""The hand-built ONNX graph computes what transformers' BertModel computes, on a small random trunk."""

import numpy as np
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from transformers import BertConfig, BertModel

from models.encoder.graph import build_graph
from models.encoder.packed import EncoderShape
from models.encoder.trunk import session_options
from models.encoder.weights import EncoderWeights

SHAPE = EncoderShape(
    hidden=128, layers=2, heads=4, intermediate=256, vocabulary=50, positions=32, token_types=2, epsilon=1e-12
)


@pytest.fixture(scope="module")
def model() -> BertModel:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50,
        hidden_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=256,
        max_position_embeddings=32,
        pad_token_id=1,
    )
    return BertModel(config, add_pooling_layer=False).eval()


def weights_of(model: BertModel) -> EncoderWeights:
    state = {name: value.numpy() for name, value in model.state_dict().items() if value.dtype == torch.float32}
    split = "position_embeddings", "token_type_embeddings"
    matrices = {n: v for n, v in state.items() if v.ndim == 2 and not any(part in n for part in split)}
    return EncoderWeights(shape=SHAPE, matrices=matrices, vectors={n: v for n, v in state.items() if n not in matrices})


def cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    return (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)


def test_all_outputs_match_and_padding_counts_for_nothing(model: BertModel) -> None:
    graph = build_graph(weights_of(model), middle_layer=1)
    assert graph == build_graph(weights_of(model), middle_layer=1)  # the same bytes every time
    session = onnxruntime.InferenceSession(graph, session_options(), providers=["CPUExecutionProvider"])
    ids = np.random.default_rng(0).integers(4, 50, (3, 12))
    mask = np.ones_like(ids)
    mask[1, 7:] = 0
    pooled, hidden, middle = session.run(["pooled", "hidden", "middle"], {"input_ids": ids, "attention_mask": mask})
    with torch.inference_mode():
        output = model(torch.tensor(ids), attention_mask=torch.tensor(mask), output_hidden_states=True)
    real = mask.astype(bool)
    assert cosine(hidden[real], output.last_hidden_state.numpy()[real]).min() > 0.999
    assert cosine(middle[real], output.hidden_states[1].numpy()[real]).min() > 0.999
    alone = session.run(["pooled"], {"input_ids": ids[1:2, :7], "attention_mask": mask[1:2, :7]})[0]
    assert cosine(alone, pooled[1:2]).min() > 0.999  # padding and neighbours do not count
