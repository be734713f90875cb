"""The course of a run as a picture: loss and learning rate by step, scores by epoch."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure


def draw_course(history: Sequence[dict[str, Any]], path: Path) -> None:
    """Write an SVG of the events of one tuning."""
    steps = [event for event in history if event["event"] == "step"]
    epochs = [event for event in history if event["event"] == "epoch"]
    names = [name for name in (epochs[0] if epochs else {}) if name not in {"event", "epoch", "epochs", "part"}]
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "training", "font.size": 8}):
        figure = Figure(figsize=(6.4, 2.2 * (3 if names else 2)), layout="constrained")
        axes: Sequence[Axes] = figure.subplots(3 if names else 2, 1)
        for axis, name in zip(axes, ("loss", "lr"), strict=False):
            axis.plot([event["step"] for event in steps], [event[name] for event in steps], linewidth=0.9)
            axis.set_ylabel({"loss": "loss", "lr": "learning rate"}[name])
            axis.set_xlabel("step")
        for name in names:
            axes[2].plot([event["epoch"] for event in epochs], [event[name] for event in epochs], label=name)
        if names:
            axes[2].set_xlabel("epoch")
            axes[2].set_ylabel("held out")
            axes[2].legend()
        figure.savefig(path, format="svg", metadata={"Date": None})
