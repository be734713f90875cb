"""One training run of a reply adapter: its model, its checkpoints, and the adapter folder that it leaves."""

import contextlib
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from models.reply.choice import STARTER
from models.reply.evidence.layout import NAME
from models.reply.training.loop import Schedule
from models.reply.training.lora import attach, read_adapter, write_adapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What an adapter is made with; kept in its model.json. `notes`: see `models.reply.train.Stage`."""

    schedule: Schedule
    packs: int
    rank: int
    alpha: float
    dropout: float
    precision: str
    notes: str = "whole"


class Run:
    """A model with a fresh adapter, or one to train further; `before` are the cards of the runs it goes on from."""

    def __init__(self, model: Any, config: Config, *, digest: str) -> None:
        self.model = model
        self.config = config
        self.digest = digest
        self.before: list[dict[str, Any]] = []
        torch.manual_seed(config.schedule.seed)
        self._tensors = attach(model.model.layers, rank=config.rank, alpha=config.alpha, dropout=config.dropout)
        self.parameters = list(self._tensors.values())
        self.optimizer = torch.optim.AdamW(self.parameters, weight_decay=0.01)

    @classmethod
    def begin(cls, model_file: Path, config: Config, *, digest: str, begin_with: Path | None) -> "Run":
        """A run on the GGUF `model_file`, on top of the adapter in the folder `begin_with` if one is given."""
        run = cls(load_base(model_file, config.precision), config, digest=digest)
        if begin_with is not None:
            _copy_into(run._tensors, read_adapter(begin_with / "adapter.gguf"))
            card = json.loads((begin_with / "model.json").read_text(encoding="utf-8"))
            run.before = [
                *card.get("before", []),
                {key: card.get(key) for key in ("version", "steps", "config", "data")},
            ]
        return run

    def resume(self, checkpoint: Path) -> int:
        """Take up a checkpoint of the same data and options; returns the steps done, 0 where there is none."""
        if not checkpoint.is_file():
            return 0
        saved = torch.load(checkpoint, weights_only=True)
        if saved["data"] != self.digest or saved["config"] != asdict(self.config):
            return 0
        _copy_into(self._tensors, saved["tensors"])
        self.optimizer.load_state_dict(saved["optimizer"])
        return int(saved["step"])

    def save(self, checkpoint: Path, *, step: int) -> None:
        """Write a checkpoint; the old one stays until the new one is whole."""
        state = {
            "step": step,
            "data": self.digest,
            "config": asdict(self.config),
            "tensors": {name: parameter.detach() for name, parameter in self._tensors.items()},
            "optimizer": self.optimizer.state_dict(),
        }
        partial = checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(checkpoint)

    def write(self, out: Path, *, rows: int, steps: int) -> None:
        """Write adapter.gguf and model.json into the folder `out`."""
        write_adapter(
            out / "adapter.gguf", self._tensors, alpha=self.config.alpha, name=out.name, architecture="gemma3"
        )
        sha = hashlib.sha256((out / "adapter.gguf").read_bytes()).hexdigest()
        card = {
            "name": out.name,
            "kind": "adapter",
            "version": f"1-{sha[:8]}",
            "license": "Gemma Terms of Use (a derivative of Gemma 3 270M)",
            "base": STARTER,
            "marks": True,
            **({"evidence": NAME} if self.config.notes == "read" else {}),
            "files": {"adapter.gguf": sha},
            "made_by": "models.reply.train",
            "steps": steps,
            "config": asdict(self.config),
            "data": {"rows": rows, "sha256": self.digest},
            "before": self.before,
        }
        (out / "model.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def load_base(model_file: Path, precision: str) -> Any:
    """The frozen base with the very weights that llama.cpp runs, dequantised by transformers; "bf16" or "fp32"."""
    from transformers import AutoModelForCausalLM

    with contextlib.redirect_stderr(io.StringIO()):  # its progress bars
        model = AutoModelForCausalLM.from_pretrained(
            str(model_file.parent), gguf_file=model_file.name, dtype=torch.float32
        )
    return model.to({"bf16": torch.bfloat16, "fp32": torch.float32}[precision]).requires_grad_(False)


def _copy_into(tensors: Mapping[str, nn.Parameter], saved: Mapping[str, Tensor]) -> None:
    """KeyError or RuntimeError where the adapters differ in layers or rank."""
    with torch.no_grad():
        for name, parameter in tensors.items():
            parameter.copy_(saved[name])
