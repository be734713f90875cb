"""Fits linear heads over dense and sparse features together, by L-BFGS in torch.

Minimises the weighted mean loss + l2 / (2 n) * |W|^2 over n examples, the bias free: the same optimum as scikit-learn's
LogisticRegression with C = 1 / l2, for all labels at once.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import torch
from numpy.typing import NDArray

from models.understanding.lexical import BUCKETS, Bag

Floats = NDArray[np.float32]
_STEPS = 40


class Loss(Enum):
    """`ONE_VS_REST`: each label on its own, several may hold. `SOFTMAX`: exactly one label holds."""

    ONE_VS_REST = "one_vs_rest"
    SOFTMAX = "softmax"


@dataclass(frozen=True, slots=True)
class Features:
    """Dense [n, width] features and the weighed bags, as one design matrix."""

    dense: torch.Tensor
    sparse: torch.Tensor
    transposed: torch.Tensor

    @classmethod
    def of(cls, dense: Floats, bags: Sequence[Bag], *, scale: float) -> "Features":
        """`scale` is how much the lexical part counts beside standardised dense features."""
        rows = np.repeat(np.arange(len(bags)), [len(one.buckets) for one in bags])
        columns = np.concatenate([one.buckets for one in bags]) if bags else np.zeros(0, np.int64)
        values = np.concatenate([one.weights for one in bags]) * scale if bags else np.zeros(0, np.float32)
        place = torch.from_numpy(np.stack([rows, columns]))
        matrix = torch.sparse_coo_tensor(
            place, torch.from_numpy(values.astype(np.float32)), (len(bags), BUCKETS), check_invariants=False
        )
        with warnings.catch_warnings():  # torch calls its CSR support beta; products with dense matrices are all we ask
            warnings.filterwarnings("ignore", message="Sparse CSR tensor support")
            return cls(torch.from_numpy(dense), matrix.to_sparse_csr(), matrix.t().coalesce().to_sparse_csr())

    @property
    def width(self) -> int:
        """Dense columns; the bucket columns follow them."""
        return int(self.dense.shape[1])

    def times(self, weight: torch.Tensor) -> torch.Tensor:
        """Features @ weight."""
        return self.dense @ weight[: self.width] + self.sparse @ weight[self.width :]

    def transposed_times(self, gradient: torch.Tensor) -> torch.Tensor:
        """Transposed features @ gradient."""
        return torch.cat([self.dense.t() @ gradient, self.transposed @ gradient])


@dataclass(frozen=True, slots=True)
class Fitted:
    """weight [width + buckets, labels] and bias [labels] over features of the same scale."""

    weight: torch.Tensor
    bias: torch.Tensor

    def scores(self, features: Features) -> Floats:
        """Logits [n, labels]."""
        scores: Floats = (features.times(self.weight) + self.bias).numpy()
        return scores


def fit(features: Features, targets: Floats, weights: Floats, *, l2: float, loss: Loss) -> Fitted:
    """`targets` [n, labels] of 0 and 1 (SOFTMAX: rows that sum to 1), `weights` [n] the examples' weights."""
    labels = targets.shape[1]
    wanted, share = torch.from_numpy(targets), torch.from_numpy(weights / weights.sum())[:, None]
    weight = torch.zeros(features.width + BUCKETS, labels, requires_grad=True)
    bias = torch.zeros(labels, requires_grad=True)
    decay = l2 / float(weights.sum())
    optimiser = torch.optim.LBFGS(
        [weight, bias], max_iter=_STEPS, history_size=10, tolerance_grad=1e-6, line_search_fn="strong_wolfe"
    )

    def closure() -> float:
        with torch.no_grad():
            logits = features.times(weight) + bias
            value, gradient = _loss(logits, wanted, share, loss)
            weight.grad = features.transposed_times(gradient) + decay * weight
            bias.grad = gradient.sum(dim=0)
            return float(value + 0.5 * decay * (weight * weight).sum())

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return Fitted(weight.detach(), bias.detach())


def _loss(
    logits: torch.Tensor, wanted: torch.Tensor, share: torch.Tensor, loss: Loss
) -> tuple[torch.Tensor, torch.Tensor]:
    """Value and gradient with respect to the logits."""
    if loss is Loss.SOFTMAX:
        log_probabilities = torch.log_softmax(logits, dim=1)
        return -(share * wanted * log_probabilities).sum(), share * (log_probabilities.exp() - wanted)
    value = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    return (share * value).sum(), share * (torch.sigmoid(logits) - wanted)
