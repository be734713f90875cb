"""The one table that comparing and making smaller print: quality, size and speed side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from models.metrics.intervals import Figure
from models.training.run import Report
from models.tuning.costs import Size, Speed
from models.tuning.finish import markdown

_SHOWN = ("accuracy", "macro_f1", "oos_auroc", "span_f1", "sentiment_macro_f1", "urgency_macro_f1")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A row: a model and how it was made (`what`), its figures, and what its trunk costs (`models.tuning.costs`).

    `agreement` is the share of messages whose best intent is the one that the first row's model tells; `span_agreement`
    the F1 of its entities against those.
    """

    name: str
    what: str
    figures: dict[str, Figure]
    layers: int
    heads: int
    mb_int8: float | None
    mb_fp32: float | None
    ms: float
    per_second: float
    agreement: float | None = None
    span_agreement: float | None = None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """`note` says on what the figures were measured; `rows` are in the order in which they are to be read."""

    note: str
    rows: tuple[Entry, ...]


def entry_of(name: str, what: str, figures: Mapping[str, Figure], size: Size, speed: Speed, **more: Any) -> Entry:
    """With a trunk's costs."""
    costs = {
        "layers": size.layers, "heads": size.heads, "mb_int8": size.mb_int8, "mb_fp32": size.mb_fp32,
        "ms": speed.ms, "per_second": speed.per_second,
    }  # fmt: skip
    return Entry(name=name, what=what, figures=dict(figures), **(costs | more))


def figures_of(card: Mapping[str, Any]) -> dict[str, Figure]:
    """The figures that a card tells."""
    return {name: Figure(one["value"], one["low"], one["high"]) for name, one in card["metrics"].items()}


def tell(table: Table, report: Report) -> None:
    """{"event": "table", "note", "rows"}."""
    report({"event": "table", **msgspec.to_builtins(table)})


def as_markdown(table: Table) -> str:
    """For a card."""
    shown = [name for name in _SHOWN if any(name in row.figures for row in table.rows)]
    agreeing = any(row.agreement is not None or row.span_agreement is not None for row in table.rows)
    columns = ["model", "made by", *shown, *(["same intent", "same spans"] if agreeing else [])]
    columns += ["layers", "heads", "MB int8", "MB fp32", "ms", "messages/s"]
    cells = [_cells(row, shown, agreeing=agreeing) for row in table.rows]
    return f"{table.note}\n\n{markdown(columns, cells)}"


def _cells(row: Entry, shown: Sequence[str], *, agreeing: bool) -> list[str]:
    agreed = [_optional(row.agreement, 3), _optional(row.span_agreement, 3)] if agreeing else []
    return [
        row.name, row.what, *(_figure(row.figures.get(name)) for name in shown), *agreed,
        str(row.layers), str(row.heads), _optional(row.mb_int8, 1), _optional(row.mb_fp32, 1),
        f"{row.ms:.1f}", f"{row.per_second:.0f}",
    ]  # fmt: skip


def _figure(one: Figure | None) -> str:
    if one is None:
        return ""
    return (
        f"{one.value:.3f}" if one.low is None or one.high is None else f"{one.value:.3f} ({one.low:.3f}–{one.high:.3f})"
    )


def _optional(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"
