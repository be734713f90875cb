"""Writes card.md: what heads are, how they were measured, what they are not."""

from collections.abc import Sequence
from pathlib import Path

from models.understanding.corpus import LANGUAGES, Example
from models.understanding.evaluate import Report

_TEXT = """\
# Starter heads for understanding

Linear and token heads over the frozen trunk multilingual-e5-small (cut to Chinese and English). They read one customer
message of an online shop: intents (several may hold), whether the message is in scope, sentiment, urgency, and the
entities product, brand, color, size, person and address. Order numbers, tracking numbers, phones, e-mail addresses,
amounts, dates and quantities are found by exact rules instead (`agent_assist.domain.patterns`).

## Made from
{rows} hand-written messages ({languages}), `resources/corpora/understanding`, written for this project; slots in them
were filled, and each text was also taken without punctuation and capitals: {examples} examples. No customer data, and
none of the public sets that the benchmarks measure on.
Remake: `python -m models.understanding.train --corpus resources/corpora/understanding --out OUT --models MODELS`.

## Measured
On {held_out:.0%} of the rows, held out by row and stratified by language and intent; no expansion of a row was on both
sides. Regularisation was chosen by cross-validation, calibration and thresholds were fitted out of fold, both inside
the training part. The heads that are shipped were then trained on all rows by the same recipe.

| figure | value |
|---|---|
{figures}

| entity | precision | recall | F1 (exact) | spans |
|---|---|---|---|---|
{spans}

Public sets that nobody here wrote: `python -m tests.benchmarks.bench_understanding`.

## What they are not
- The messages were written by few people: the figures above say how well the heads read that writing, and a shop's real
  customers write otherwise. Correct labels in the program; what is corrected can be exported to train on.
- Product, brand and person names are recognised by their surroundings as much as by their form; a bare name may
  be missed.
- Sentiment and urgency are those of the wording, not of the case behind it.
- Languages other than Chinese and English are not supported.
"""


def write_card(folder: Path, examples: Sequence[Example], report: Report, *, held_out: float) -> None:
    """Write card.md beside the weights."""
    rows = {one.row: one.language for one in examples}
    languages = ", ".join(f"{sum(value == name for value in rows.values())} {name}" for name in LANGUAGES)
    text = _TEXT.format(
        rows=len(rows),
        languages=languages,
        examples=len(examples),
        held_out=held_out,
        figures="\n".join(f"| {name} | {value:.3f} |" for name, value in report.figures.items()),
        spans="\n".join(
            f"| {one.label} | {one.precision:.3f} | {one.recall:.3f} | {one.f1:.3f} | {one.support} |"
            for one in report.spans
        ),
    )
    (folder / "card.md").write_text(text, encoding="utf-8")
