"""Whether told probabilities are as often right as they say."""

import numpy as np
import torch
from numpy.typing import NDArray
from torchmetrics.functional.classification import binary_calibration_error

BINS = 10


def expected_calibration_error(probabilities: NDArray[np.float32], truth: NDArray[np.generic]) -> float:
    """Mean distance of told probability and share of truth over ten equal bins of probability, weighted by their size.

    Both are [n]; `truth` is 0 or 1. torchmetrics, since scikit-learn's `calibration_curve` keeps no sizes of its bins.
    """
    inputs = torch.from_numpy(np.ascontiguousarray(probabilities, np.float64)), torch.from_numpy(truth.astype(np.int64))
    return float(binary_calibration_error(*inputs, n_bins=BINS, norm="l1"))
