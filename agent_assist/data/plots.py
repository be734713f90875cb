"""Plots of a report as SVG for an HTML page, in the page's own colours, so that they go light and dark with it."""

import io
import re
import unicodedata
import warnings
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Stand-ins for the page's colours: matplotlib wants real ones, the SVG gets CSS variables.
_INK, _BAR, _LINE = "#010203", "#040506", "#070809"
_VARIABLES = {_INK: "var(--ink)", _BAR: "var(--bar)", _LINE: "var(--line)"}
_BINS = 40
_WIDTH = 7.2  # inches of 72 points
_EM = 9 / 72  # width of a Chinese character of the labels, in inches
_STYLE: dict[Any, Any] = {
    "text.parse_math": False,  # a label may hold dollars
    "svg.hashsalt": "agent-assist",  # the same rows give the same file
    "svg.fonttype": "none",  # text stays text: it can be searched, and the browser has the fonts for Chinese
    "font.size": 9,
    "text.color": _INK,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def bars(counts: Mapping[str, float], *, name: str, most: float | None = None) -> str:
    """A bar for each name, the first on top; `most` is the end of the scale, `name` the plot's own on its page."""
    labels = [_short(label) for label in counts]
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, 0.1 + 0.22 * max(1, len(counts))))
        axes = _axes(figure, max(map(_width, labels), default=0), below=0.0)
        drawn = axes.barh(range(len(counts)), list(counts.values()), color=_BAR, height=0.7)
        axes.bar_label(drawn, labels=[f"{value:g}" for value in counts.values()], padding=3)
        axes.set_yticks(range(len(counts)), labels)
        axes.set_ylim(max(1, len(counts)) - 0.5, -0.5)
        axes.spines["bottom"].set_visible(False)
        axes.xaxis.set_visible(False)  # each bar says its number
        axes.set_xlim(0, (most or max(counts.values(), default=1)) * 1.12)
        axes.tick_params(length=0)
        return _svg(figure, name)


def histogram(values: Sequence[int], *, name: str, label: str) -> str:
    """How often values of each size come; what is beyond the 99th percentile is in the last bar."""
    end = sorted(values)[ceil(0.99 * (len(values) - 1))] + 1
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, 2.4))
        axes = _axes(figure, 4, below=0.46)
        step = ceil((end - min(values)) / _BINS)
        edges = range(min(values), end + step, step)
        axes.hist([min(value, end - 1) for value in values], bins=list(edges), color=_BAR)
        axes.set_xlabel(label)
        return _svg(figure, name)


def _axes(figure: Figure, ems: float, *, below: float) -> Axes:
    """The axes of a figure, with room on the left for labels of that width and so many inches below."""
    width, height = (float(size) for size in figure.get_size_inches())
    left = min(0.5 * width, ems * _EM + 0.15)
    return figure.add_axes((left / width, below / height, 1 - (left + 0.1) / width, 1 - (below + 0.08) / height))


def _short(label: str) -> str:
    label = " ".join(label.split())
    return label if len(label) <= 40 else label[:39] + "…"


def _width(text: str) -> float:
    """In widths of a Chinese character; matplotlib's own font has none to measure."""
    return sum(1 if unicodedata.east_asian_width(char) in "WF" else 0.75 if char.isupper() else 0.62 for char in text)


def _svg(figure: Figure, name: str) -> str:
    target = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Chinese characters that matplotlib's own font lacks
        figure.savefig(target, format="svg", transparent=True, metadata={"Date": None})
    svg = target.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, variable)
    # A page holds several of them, and ids may come only once.
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    return re.sub(r'(url\(|href=")#', rf"\1#{name}-", svg)
