"""The report as one HTML page that needs nothing else: plots are in it, light or dark as the reader's system is."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from agent_assist.data.plots import bars, histogram
from agent_assist.data.quality import Quality
from agent_assist.data.row import Row

_LISTED = 50
_STYLE = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1d2129; --soft: #5b6472; --line: #c9ced6; --bar: #3f6fb5; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #15181d; --ink: #e4e7ec; --soft: #9aa3b0; --line: #3d4550; --bar: #6f9fe0; }
}
body { margin: 2rem auto; max-width: 56rem; padding: 0 1rem; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
p.note { color: var(--soft); } svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; color: var(--soft); font-weight: 600; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem .3rem 0; vertical-align: top;
  overflow-wrap: anywhere; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
"""


def report_page(found: Quality, rows: Sequence[Row], *, title: str) -> str:
    """The page; texts of rows stand in it where they are doubted."""
    parts = [
        f"<h1>{escape(title)}</h1>",
        _overview(found),
        _section("Completeness", _complete(found)),
        _section("Labels", _labels(found)),
        _section("Entities", _plot(found.entities.counts, "entities")) if found.entities.counts else "",
        _section("Length of texts", _lengths(found, rows)),
        _section("Languages", _plot(found.languages, "languages")),
        _section("Sentiment", _plot(found.sentiments, "sentiments")) if found.sentiments else "",
        _section("Urgency", _plot(found.urgencies, "urgencies")) if found.urgencies else "",
        _section("Contradictions", _contradictions(found)),
        _section("Likely label errors", _suspects(found, rows)),
        _section("What fields tell about each other", _correlations(found)),
        _section("Personal data", _personal(found)),
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    body = "\n".join(part for part in parts if part)
    return f"<!doctype html>\n<html lang=en><head>{head}<style>{_STYLE}</style></head><body>\n{body}\n</body></html>\n"


def _section(title: str, content: str) -> str:
    return f"<h2>{escape(title)}</h2>\n{content}"


def _note(sentence: str) -> str:
    return f"<p class=note>{escape(sentence)}</p>"


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    listed = list(rows)
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in listed[:_LISTED])
    more = _note(f"And {len(listed) - _LISTED} more in report.json.") if len(listed) > _LISTED else ""
    return f"<table><tr>{head}</tr>{body}</table>{more}"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"<td class=number>{value:.4g}</td>"
    return f"<td class=number>{value}</td>" if isinstance(value, int) else f"<td>{escape(str(value))}</td>"


def _plot(counts: Mapping[str, float], name: str, *, most: float | None = None) -> str:
    shown = dict(list(counts.items())[:_LISTED])
    rest = len(counts) - len(shown)
    return bars(shown, name=name, most=most) + (_note(f"And {rest} more in report.json.") if rest else "")


def _overview(found: Quality) -> str:
    doubles, check = found.doubles, found.label_check
    agreement = "not checked" if check.agreement is None else f"{check.agreement:.1%}"
    return _table(
        ("", ""),
        [
            ("Rows", found.rows),
            ("Labels", len(found.labels.counts)),
            ("Types of entities", len(found.entities.counts)),
            ("Rows that read like another", doubles.equal),
            (f"Texts nearly like another ({doubles.near:g})", doubles.nearly_equal),
            ("Equal texts judged differently", len(found.consistency.judged_differently)),
            ("Likely label errors", len(check.suspects)),
            ("Rows that a model reads as labelled", agreement),
        ],
    )


def _complete(found: Quality) -> str:
    shares = {name: round(100 * count / found.rows, 1) for name, count in found.complete.items()}
    return _note("Share of rows with something in a field, in percent.") + _plot(shares, "complete", most=100)


def _labels(found: Quality) -> str:
    labels = found.labels
    if not labels.counts:
        return _note("No row has a label.")
    told = []
    if labels.imbalance is not None and labels.evenness is not None:
        told.append(f"The commonest label has {labels.imbalance:g} times the rows of the rarest.")
        told.append(f"Evenness (entropy, 1 where all labels have as many rows): {labels.evenness:.2f}.")
    if labels.single:
        told.append(f"Labels of a single row: {', '.join(labels.single)}.")
    if found.consistency.alike_labels:
        told.append(
            f"Spelt in several ways: {'; '.join(' = '.join(names) for names in found.consistency.alike_labels)}."
        )
    return "".join(map(_note, told)) + _plot(labels.counts, "labels")


def _lengths(found: Quality, rows: Sequence[Row]) -> str:
    one = found.lengths
    told = f"Median {one.median:g} characters, 5 to 95 % {one.p5:g} to {one.p95:g}, longest {one.most}."
    return _note(told) + histogram([len(row.text) for row in rows], name="lengths", label="characters")


def _contradictions(found: Quality) -> str:
    one = found.consistency
    told: list[str] = []
    if one.judged_differently:
        rows = [
            (_short(case.text), case.field, "; ".join(f"{value} ({len(ids)})" for value, ids in case.values.items()))
            for case in one.judged_differently
        ]
        told.append(_table(("text", "field", "values and rows"), rows))
    if one.types_of_surfaces:
        types = [
            (word, ", ".join(f"{kind} {count}" for kind, count in kinds.items()))
            for word, kinds in one.types_of_surfaces.items()
        ]
        told.append(_table(("words that are entities of several types", "rows"), types))
    for field, values in one.unknown_values.items():
        told.append(_note(f"Values of {field} that the program does not know: {', '.join(values)}."))
    if one.overlaps:
        told.append(_note(f"{len(one.overlaps)} rows have entities that overlap."))
    return "".join(told) or _note("None found.")


def _suspects(found: Quality, rows: Sequence[Row]) -> str:
    check = found.label_check
    if check.skipped:
        return _note(check.skipped)
    texts = {row.id: _short(row.text) for row in rows}
    told = f"{check.checked} rows checked by cross-validation."
    if check.left_out:
        told += f" Labels with too few texts to check: {', '.join(check.left_out)}."
    listed = [(texts[one.id], one.label, one.suggested, one.given_score, one.suggested_score) for one in check.suspects]
    table = _table(("text", "label", "reads like", "probability", "of the other"), listed) if listed else ""
    return _note(told) + table


def _correlations(found: Quality) -> str:
    pairs = {f"{one.first} and {one.second}": one.cramers_v for one in found.correlations if one.cramers_v > 0}
    told = "Cramér's V: 0 where one field says nothing about the other, 1 where it says all."
    return _note(told) + (_plot(pairs, "correlations", most=1) if pairs else _note("No two fields to compare."))


def _personal(found: Quality) -> str:
    if not found.personal:
        return _note("None was found in the texts.")
    return _note("Rows whose text holds personal data; `agent-assist data mask` takes it out.") + _plot(
        found.personal, "personal"
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 160 else text[:159] + "…"
