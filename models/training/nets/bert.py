"""The trunk as it learns: a BERT of transformers, as a whole, in its top layers, or by low-rank adapters."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from models.encoder.tokens import Encoded, pad
from models.training.config import TrainConfig

# The products of a layer, by the ends of their names.
_LORA_TARGETS = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]


def load_bert(folder: Path, *, dropout: float) -> Any:
    """The BERT of a folder, float32, without a pooler. Raises OSError where the folder has no weights."""
    from transformers import BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()  # it would report a pooler that is left out on purpose
    return BertModel.from_pretrained(
        folder,
        add_pooling_layer=False,
        dtype=torch.float32,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
    )


def prepare_full(bert: Any, config: TrainConfig) -> Any:
    """All products and norms of the top layers learn; word vectors stay, since few of them would be seen."""
    bert.requires_grad_(False)
    for layer in bert.encoder.layer[first_layer(len(bert.encoder.layer), config) :]:
        layer.requires_grad_(True)
    return bert


def prepare_lora(bert: Any, config: TrainConfig) -> Any:
    """Adapters on all products of the top layers learn, after Hu et al. (2021), by peft; the base stays as it is."""
    from peft import LoraConfig, get_peft_model

    layers = len(bert.encoder.layer)
    chosen = LoraConfig(
        r=config.lora_rank,
        lora_alpha=config.lora_alpha,
        lora_dropout=config.lora_dropout,
        target_modules=_LORA_TARGETS,
        layers_to_transform=list(range(first_layer(layers, config), layers)),
        layers_pattern="layer",
    )
    return get_peft_model(bert, chosen)


def first_layer(layers: int, config: TrainConfig) -> int:
    """The lowest layer that learns."""
    return max(0, layers - config.layers) if config.layers else 0


def merged(trunk: Any) -> Any:
    """The BERT with its adapters in its weights; a BERT without adapters as it is."""
    return trunk.merge_and_unload() if hasattr(trunk, "merge_and_unload") else trunk


def on_device(rows: Sequence[Encoded], device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Padded ids and mask, [rows, longest]."""
    ids, mask = pad(rows)
    return torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device)


def learned(net: nn.Module) -> dict[str, torch.Tensor]:
    """What a checkpoint of a net holds: everything that learns, and what the head keeps beside it."""
    kept: dict[str, torch.Tensor] = {name: value for name, value in net.named_parameters() if value.requires_grad}
    kept |= {name: value for name, value in net.named_buffers() if not name.startswith("trunk.")}
    return {name: value.detach() for name, value in kept.items()}


def restore(net: nn.Module, tensors: dict[str, torch.Tensor]) -> None:
    """Put a checkpoint's tensors back. Raises KeyError or RuntimeError where they are another net's."""
    with torch.no_grad():
        for name, value in learned(net).items():
            value.copy_(tensors[name])
