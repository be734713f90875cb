"""The confusion matrix as a picture."""

import warnings
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from models.metrics.labels import Confusion

# Beyond this many labels those that are confused least are left out.
_MOST = 60
_FONTS = ["Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC", "DejaVu Sans"]


def draw_confusion(confusion: Confusion, path: Path) -> None:
    """Write an SVG: true labels down, told ones across, in shares of the true ones."""
    counts = np.array(confusion.counts, float)
    shown = _most_confused(counts)
    shares = counts[np.ix_(shown, shown)] / np.maximum(1.0, counts[shown].sum(axis=1, keepdims=True))
    names = [confusion.labels[index] for index in shown]
    style: dict[Any, Any] = {"font.sans-serif": _FONTS, "svg.fonttype": "none", "svg.hashsalt": "confusion"}
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # letters that no font here has: the text stays text, the reader has a font
        side = 3.0 + 0.24 * len(names)
        figure = Figure(figsize=(side, side), layout="constrained")
        axes = figure.subplots()
        picture = axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
        axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
        axes.set_yticks(range(len(names)), names, fontsize=7)
        axes.set_xlabel("told")
        axes.set_ylabel("true")
        axes.set_title("Shares of the rows of a label" if len(names) == len(counts) else "Labels confused most")
        figure.colorbar(picture, ax=axes, shrink=0.6)
        figure.savefig(path, format="svg", metadata={"Date": None})


def _most_confused(counts: NDArray[np.float64]) -> NDArray[np.int64]:
    wrong = counts.sum(axis=0) + counts.sum(axis=1) - 2 * np.diag(counts)
    return np.sort(np.argsort(-wrong, kind="stable")[:_MOST])
