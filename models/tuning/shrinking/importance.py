"""What of a trunk matters least: its layers by how little they change, its attention heads by the gradient."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from models.encoder.tokens import Encoded
from models.training.nets.bert import on_device
from models.training.nets.messages import MessageTask

_AT_ONCE = 32
# Texts that layers are judged on.
SAMPLE = 256


@torch.no_grad()
def layer_influence(bert: Any, encoded: Sequence[Encoded], device: torch.device) -> NDArray[np.float64]:
    """[layers]: 1 - mean cosine between what goes into a layer and what comes out, over tokens (Men et al. 2024)."""
    bert = bert.to(device).eval()
    sums = np.zeros(len(bert.encoder.layer))
    tokens = 0
    for at in range(0, len(encoded), _AT_ONCE):
        ids, mask = on_device(encoded[at : at + _AT_ONCE], device)
        states = bert(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
        real = mask.bool()
        tokens += int(real.sum())
        for layer, (before, after) in enumerate(pairwise(states)):
            sums[layer] += float((1 - functional.cosine_similarity(before, after, dim=-1))[real].sum())
    return sums / max(1, tokens)


def head_importance(bert: Any, task: MessageTask, batches: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """[layers, heads]: mean size of the loss's derivative by a factor on the head's output, each layer of length 1
    (Michel et al. 2019). `task` is over `bert`, whose weights stay."""
    task.net.eval()
    shape = bert.config
    found = np.zeros((shape.num_hidden_layers, shape.num_attention_heads))
    for number, batch in enumerate(batches):
        torch.manual_seed(number)
        task.loss(batch, 0, task.weights(batch)).backward()  # type: ignore[no-untyped-call]
        for index, layer in enumerate(bert.encoder.layer):
            weight = layer.attention.output.dense.weight
            # The output is linear in these columns: their weights times their gradients add up to the derivative.
            by_column = (weight.detach() * weight.grad).sum(0)
            found[index] += by_column.reshape(shape.num_attention_heads, -1).sum(1).abs().double().cpu().numpy()
        task.net.zero_grad(set_to_none=True)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return found / np.where(lengths == 0, 1.0, lengths)


def least_heads(importance: NDArray[np.float64], count: int) -> list[tuple[int, int]]:
    """The (layer, head) pairs that matter least, `count` of them or as many as leave each layer its best head."""
    best = importance.argmax(axis=1)
    order = [divmod(int(place), importance.shape[1]) for place in np.argsort(importance, axis=None, kind="stable")]
    return [(layer, head) for layer, head in order if head != best[layer]][:count]


def most_layers(influence: NDArray[np.float64], count: int) -> list[int]:
    """The `count` layers that change most, in order."""
    return sorted(np.argsort(-influence, kind="stable")[:count].tolist())


def spread_layers(layers: int, count: int) -> list[int]:
    """`count` layers at even distances, the last one among them."""
    return [(number + 1) * layers // count - 1 for number in range(count)]


@torch.no_grad()
def prune_heads(bert: Any, heads: Sequence[tuple[int, int]]) -> None:
    """Zero what (layer, head) pairs add (`models.encoder.dead_heads`)."""
    size = bert.config.hidden_size // bert.config.num_attention_heads
    for layer, head in heads:
        attention = bert.encoder.layer[layer].attention
        part = slice(head * size, (head + 1) * size)
        attention.self.value.weight[part] = 0.0
        attention.self.value.bias[part] = 0.0
        attention.output.dense.weight[:, part] = 0.0


def keep_layers(bert: Any, layers: Sequence[int]) -> Any:
    """The same BERT with these layers alone; its weights are shared."""
    bert.encoder.layer = torch.nn.ModuleList(bert.encoder.layer[layer] for layer in layers)
    bert.config.num_hidden_layers = len(layers)
    return bert


def middle_of(layers: Sequence[int], middle: int) -> int:
    """Which of the layers that are kept ends where the middle one did: as many as were below it, one at least."""
    return min(max(1, sum(layer < middle for layer in layers)), max(1, len(layers) - 1))
