"""In which number format products run: bf16 where the machine multiplies in it, which halves the time of a step."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch

from models.training.config import TrainConfig
from models.training.errors import UnusableError


@dataclass(frozen=True, slots=True)
class Numbers:
    """Weights stay float32; products are in `format`, or in float32 where that is None."""

    device: torch.device
    format: torch.dtype | None

    @property
    def name(self) -> str:
        """For the card."""
        return {torch.bfloat16: "bf16", torch.float16: "fp16"}.get(self.format or torch.float32, "fp32")

    @property
    def scaled(self) -> bool:
        """Whether small gradients must be scaled up before they fit into the format."""
        return self.format is torch.float16

    def products(self) -> AbstractContextManager[None]:
        """Within it, products are in the format."""
        if self.format is None:
            return nullcontext()
        return torch.autocast(self.device.type, dtype=self.format)


def choose_numbers(config: TrainConfig, device: torch.device) -> Numbers:
    """Raises `UnusableError` for fp16 without a GPU."""
    if config.precision == "fp16" and device.type != "cuda":
        raise UnusableError('precision = "fp16" needs a GPU; take "auto", "bf16" or "fp32".')
    if config.precision == "auto":
        return Numbers(device, _best(device))
    named = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}
    return Numbers(device, named[config.precision])


def choose_device(config: TrainConfig, *, local_rank: int = 0) -> torch.device:
    """Raises `UnusableError` where a GPU is asked for and torch finds none."""
    if config.device == "cpu" or (config.device == "auto" and not torch.cuda.is_available()):
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise UnusableError('device = "cuda" needs an NVIDIA GPU and a torch built for it; take "auto" or "cpu".')
    return torch.device("cuda", local_rank % torch.cuda.device_count())


def _best(device: torch.device) -> torch.dtype | None:
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    can = torch.cpu.get_capabilities()
    return torch.bfloat16 if can.get("avx512_bf16") or can.get("amx_bf16") or can.get("bf16") else None
