"""Several processes that share the rows of every step, started by torchrun: the same step as one with all the rows."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import nn

# The first process may fit heads and export for long while the others wait for it.
_PATIENCE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class World:
    """Which of how many processes this one is; a world of one needs no torchrun."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0

    @property
    def first(self) -> bool:
        """Whether this process reports, saves and exports."""
        return self.rank == 0

    def totals(self, values: list[float], device: torch.device) -> list[float]:
        """The sums of all processes' values."""
        if self.size == 1:
            return values
        summed = torch.tensor(values, dtype=torch.float64, device=device)
        dist.all_reduce(summed)
        return [float(value) for value in summed]

    def sum_gradients(self, parameters: Sequence[nn.Parameter]) -> None:
        """Every parameter's gradient becomes the sum over the processes; one that is missing counts as nothing."""
        if self.size == 1:
            return
        flat = torch.cat([_gradient(one).reshape(-1) for one in parameters])
        dist.all_reduce(flat)
        at = 0
        for one in parameters:
            one.grad = flat[at : at + one.numel()].view_as(one).to(one.dtype)
            at += one.numel()

    def same(self, net: nn.Module) -> None:
        """All processes begin with the first one's weights."""
        if self.size > 1:
            for value in (*net.parameters(), *net.buffers()):
                dist.broadcast(value.data, src=0)

    def shared(self, value: Any) -> Any:
        """The first process's value."""
        if self.size == 1:
            return value
        box = [value]
        dist.broadcast_object_list(box, src=0)
        return box[0]

    def leave(self) -> None:
        """At the end of the work, or before an error leaves the process."""
        if self.size > 1 and dist.is_initialized():
            dist.destroy_process_group()


def join_world(*, cuda: bool) -> World:
    """The world that torchrun's environment tells of; a world of one without it."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        return World()
    dist.init_process_group("nccl" if cuda else "gloo", timeout=_PATIENCE)
    return World(dist.get_rank(), size, int(os.environ.get("LOCAL_RANK", "0")))


def _gradient(parameter: nn.Parameter) -> torch.Tensor:
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
