"""Runs the trunk: onnxruntime int8 on the CPU, torch fp16 on CUDA."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from models.encoder.layout import ONNX_FILE, WEIGHTS_FILE, middle_layer_of

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TrunkOutput:
    """`pooled` [batch, width] is the mean over tokens, `hidden` and `middle` [batch, length, width] two layers."""

    pooled: Floats
    hidden: Floats
    middle: Floats


class Trunk(Protocol):
    """A loaded trunk; `device_reason` is a sentence for people."""

    device: str
    device_reason: str
    width: int

    def run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> TrunkOutput:
        """All outputs for padded ids [batch, length]."""

    def pool(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Floats:
        """Only the pooled vectors."""


def load_trunk(folder: Path, *, device: str = "auto") -> Trunk:
    """`device`: "auto", "cpu" or "cuda"; auto takes CUDA where torch finds it and the folder has weights for it."""
    if device == "cpu":
        return OnnxTrunk(folder, reason="CPU, as set: onnxruntime with int8 weights")
    found, why = find_cuda() if (folder / WEIGHTS_FILE).is_file() else (False, "the model has int8 weights only")
    if found:
        return TorchTrunk(folder, reason=why)
    if device == "cuda":
        raise RuntimeError(f"CUDA was asked for, but {why}")
    return OnnxTrunk(folder, reason=f"CPU (onnxruntime, int8): {why}")


def find_cuda() -> tuple[bool, str]:
    """Whether CUDA can be used, and the device or the reason why not.

    Looks for the driver first: importing torch takes seconds that a machine without one need not spend.
    """
    if not _has_driver():
        return False, "no NVIDIA driver was found"
    import torch

    if not torch.cuda.is_available():
        return False, "this build of torch has no CUDA or the driver refuses it"
    return True, f"GPU (torch, fp16): {torch.cuda.get_device_name(0)}"


def _has_driver() -> bool:
    import ctypes.util

    return Path("/proc/driver/nvidia/version").exists() or ctypes.util.find_library("nvcuda") is not None


def session_options() -> Any:
    """One thread a processor, and no spinning: a spinning pool starves the reply model's threads."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options


class OnnxTrunk:
    """int8 on the CPU."""

    device = "cpu"

    def __init__(self, folder: Path, *, reason: str) -> None:
        import onnxruntime

        self.device_reason = reason
        self.session = onnxruntime.InferenceSession(
            str(folder / ONNX_FILE), session_options(), providers=["CPUExecutionProvider"]
        )
        self.width: int = self.session.get_outputs()[0].shape[-1]

    def run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> TrunkOutput:
        """All outputs for padded ids [batch, length]."""
        feed = {"input_ids": ids, "attention_mask": mask}
        return TrunkOutput(*self.session.run(["pooled", "hidden", "middle"], feed))

    def pool(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Floats:
        """Only the pooled vectors."""
        pooled: Floats = self.session.run(["pooled"], {"input_ids": ids, "attention_mask": mask})[0]
        return pooled


class TorchTrunk:
    """fp16 on a GPU."""

    device = "cuda"

    def __init__(self, folder: Path, *, reason: str, device: str = "cuda") -> None:
        import torch
        from transformers import BertModel

        self._torch = torch
        self._on = device
        self.device_reason = reason
        kind = torch.float16 if device == "cuda" else torch.float32
        self._middle = middle_layer_of(folder)
        self._model = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=kind).to(device).eval()
        self.width: int = self._model.config.hidden_size

    def run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> TrunkOutput:
        """All outputs for padded ids [batch, length]."""
        torch = self._torch
        with torch.inference_mode():
            on_device = torch.from_numpy(mask).to(self._on)
            output = self._model(
                input_ids=torch.from_numpy(ids).to(self._on), attention_mask=on_device, output_hidden_states=True
            )
            hidden, middle = output.last_hidden_state.float(), output.hidden_states[self._middle].float()
            weight = on_device.unsqueeze(-1).float()
            pooled = (hidden * weight).sum(1) / weight.sum(1)
            return TrunkOutput(*(one.cpu().numpy() for one in (pooled, hidden, middle)))

    def pool(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Floats:
        """Only the pooled vectors."""
        return self.run(ids, mask).pooled


def batches(lengths: Sequence[int], *, rows: int = 16, tokens: int = 2048) -> list[list[int]]:
    """Row numbers in batches of similar length, at most `rows` rows and about `tokens` tokens with padding."""
    order = sorted(range(len(lengths)), key=lambda index: lengths[index])
    found: list[list[int]] = []
    for index in order:
        current = found[-1] if found else None
        if current is None or len(current) >= rows or lengths[index] * (len(current) + 1) > tokens:
            found.append([index])
        else:
            current.append(index)
    return found
