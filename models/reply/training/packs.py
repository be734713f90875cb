"""Rows as the trainer reads them: a pack is a tree whose trunk is the beginning that its rows share.

Rows about one page differ only behind the passages. Read one after the other they would cost that beginning each time;
read as a tree it is computed once, each branch sees the trunk and itself, and positions count along each branch as if
it stood alone. Losses and gradients are those of the rows apart (tests hold them against each other).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Example:
    """Token ids of a prompt and of the reply with its end token; `weights` say how much each reply token counts."""

    prompt: tuple[int, ...]
    reply: tuple[int, ...]
    weights: tuple[float, ...] = ()

    def __len__(self) -> int:
        return len(self.prompt) + len(self.reply)

    @property
    def tokens(self) -> tuple[int, ...]:
        """Prompt and reply."""
        return self.prompt + self.reply


@dataclass(frozen=True, slots=True)
class Tree:
    """A pack laid out in one sequence of length L: the trunk, then each branch.

    `wanted` holds the token that follows each place where a loss is taken, -1 elsewhere; `branch` 0 for the trunk, else
    the number of the branch.
    """

    ids: Tensor  # (L,)
    positions: Tensor  # (L,)
    branch: Tensor  # (L,)
    wanted: Tensor  # (L,)
    weights: Tensor  # (L,)

    def mask(self, *, window: int | None, dtype: torch.dtype) -> Tensor:
        """What is added to the attention scores, (1, 1, L, L): 0 where a place sees another, else the least number.

        A place sees what lies before it in the trunk or its own branch, at most `window` - 1 positions back.
        """
        later, earlier = self.positions[:, None], self.positions[None, :]
        sees = (earlier <= later) & ((self.branch[None, :] == 0) | (self.branch[None, :] == self.branch[:, None]))
        if window is not None:
            sees &= later - earlier < window
        return torch.zeros(sees.shape, dtype=dtype).masked_fill(~sees, torch.finfo(dtype).min)[None, None]


def lay_out(pack: Sequence[Example]) -> Tree:
    """The tree of a pack."""
    trunk = _trunk(pack)
    ids, positions = list(pack[0].tokens[:trunk]), list(range(trunk))
    branch, wanted, weights = [0] * trunk, [-1] * trunk, [0.0] * trunk
    for number, example in enumerate(pack, start=1):
        tokens = example.tokens[trunk:]
        ids += tokens
        positions += range(trunk, trunk + len(tokens))
        branch += [number] * len(tokens)
        first = len(example.prompt) - trunk - 1  # the place before the reply's first token
        follows = [-1] * len(tokens)
        counts = [0.0] * len(tokens)
        for index, token in enumerate(example.reply):
            follows[first + index] = token
            counts[first + index] = example.weights[index] if example.weights else 1.0
        wanted += follows
        weights += counts
    return Tree(
        torch.tensor(ids), torch.tensor(positions), torch.tensor(branch), torch.tensor(wanted), torch.tensor(weights)
    )


def _trunk(pack: Sequence[Example]) -> int:
    """Length of the common beginning; each prompt's last token stays in its branch, since a loss is taken there."""
    shortest = min(pack, key=lambda example: len(example.prompt)).prompt
    for place, token in enumerate(shortest[:-1]):
        if any(example.prompt[place] != token for example in pack):
            return place
    return len(shortest) - 1
