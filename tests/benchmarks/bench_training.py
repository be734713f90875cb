"""What `agent-assist train` makes of public sets with its defaults, beside the floor on the same rows in the same run.

    python -m tests.benchmarks.bench_training [SET...] [--seeds N] [--folds N] [--models DIR] [--bench DIR]

Sets: jddc51, sofmattress, banking77-10, banking77, waybill, titles, insurance, media, software; all of them by default.
The floor of intents is TF-IDF of character n-grams + linear SVM, that of entities a CRF over words and their shapes.
Nothing of these sets is shipped or trains what ships; each model is thrown away. What is told to the trainer beside the
seed stands in the line of the set. Every figure is of rows that the run never saw.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import sklearn_crfsuite
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # a benchmark is run as a file

from models.metrics.spans import TypedSpan  # noqa: E402
from models.training.config import default_config  # noqa: E402
from models.training.dataset.rows import Row  # noqa: E402
from models.training.run import train  # noqa: E402
from models.understanding.entities.tags import segments, tag_units  # noqa: E402
from models.understanding.entities.units import cut  # noqa: E402
from models.understanding.markup import Span  # noqa: E402
from models.understanding.predictor import Predictor  # noqa: E402
from tests.helpers.models import models_dir  # noqa: E402

BENCH = HERE.parents[2] / "shared" / "bench"
Figures = dict[str, float]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One division of a set; `foreign` are test texts out of scope."""

    inside: list[Row]
    outside: list[Row]
    foreign: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchSet:
    """`parts(seed)` are its divisions, `told` what the trainer is told beside the seed, `bar` the figure to reach."""

    task: str
    parts: Callable[[int], Iterator[Part]]
    told: dict[str, Any] = field(default_factory=dict)
    bar: str = ""


def read(path: Path) -> list[dict[str, Any]]:
    """A set's rows."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def intents(rows: Sequence[dict[str, Any]]) -> list[Row]:
    """Rows of intents."""
    return [Row(text=one["text"], labels=(one["label"],)) for one in rows]


def spans(rows: Sequence[dict[str, Any]]) -> list[Row]:
    """Rows of entities; what has no name or no extent in the set's own markup is left out."""
    return [
        Row(
            text=one["text"],
            spans=tuple(
                Span(span["type"], span["start"], span["end"])
                for span in one["spans"]
                if span["type"].isidentifier() and 0 <= span["start"] < span["end"] <= len(one["text"])
            ),
        )
        for one in rows
    ]


class Sets:
    """The public sets and how they are divided."""

    def __init__(self, bench: Path, *, folds: int, most: int) -> None:
        self._bench, self._folds, self._most = bench, folds, most

    def all(self) -> dict[str, BenchSet]:
        """By name."""
        entities = {
            "waybill": ("ner_zh_waybill.jsonl", "span F1 >= .97"),
            "titles": ("ner_zh_ecom_product_dev.jsonl", "span F1 >= .78"),
            "insurance": ("ner_intent_en_multidogo_insurance.jsonl", "span F1 >= CRF + .05"),
            "media": ("ner_intent_en_multidogo_media.jsonl", "span F1 >= CRF + .05"),
            "software": ("ner_intent_en_multidogo_software.jsonl", "span F1 >= CRF + .05"),
        }
        return {
            "jddc51": BenchSet(
                task="intent",
                parts=lambda seed: self._folded("intent_zh_jddc51.jsonl", seed),
                bar="macro-F1 >= floor + .05, OOS AUROC >= .95",
            ),
            "sofmattress": BenchSet(task="intent", parts=self._sofmattress, bar="accuracy >= .83, OOS AUROC >= .85"),
            "banking77-10": BenchSet(task="intent", parts=self._ten_shots, bar="accuracy >= .86"),
            "banking77": BenchSet(
                task="intent",
                parts=lambda seed: self._folded("intent_en_banking77_train.jsonl", seed),
                bar="accuracy >= .93",
            ),
            **{
                name: BenchSet(task="entities", parts=lambda seed, file=file: self._fifth(file, seed), bar=bar)  # type: ignore[misc]
                for name, (file, bar) in entities.items()
            },
        }

    def _folded(self, file: str, seed: int) -> Iterator[Part]:
        rows = intents(read(self._bench / file))
        labels = [row.labels[0] for row in rows]
        folds = StratifiedKFold(self._folds, shuffle=True, random_state=seed).split(labels, labels)
        foreign = [row["text"] for row in read(self._bench / "oos_zh_smp2019.jsonl")] if "_zh_" in file else []
        for number, (inside, outside) in enumerate(folds):
            if number < self._most:
                yield Part(inside=[rows[i] for i in inside], outside=[rows[i] for i in outside], foreign=foreign)

    def _sofmattress(self, seed: int) -> Iterator[Part]:
        test = intents(read(self._bench / "intent_en_sofmattress_test.jsonl"))
        yield Part(
            inside=intents(read(self._bench / "intent_en_sofmattress_train.jsonl")),
            outside=[row for row in test if row.in_scope],
            foreign=[row.text for row in test if not row.in_scope],
        )

    def _ten_shots(self, seed: int) -> Iterator[Part]:
        rows = intents(read(self._bench / "intent_en_banking77_train.jsonl"))
        chance = np.random.default_rng(seed)
        labels = np.array([row.labels[0] for row in rows])
        chosen = {int(i) for name in np.unique(labels) for i in chance.permutation(np.flatnonzero(labels == name))[:10]}
        yield Part(
            inside=[row for i, row in enumerate(rows) if i in chosen],
            outside=[row for i, row in enumerate(rows) if i not in chosen],
        )

    def _fifth(self, file: str, seed: int) -> Iterator[Part]:
        rows = spans(read(self._bench / file))
        order = np.random.default_rng(seed).permutation(len(rows))
        border = len(rows) * 4 // 5
        yield Part(inside=[rows[i] for i in order[:border]], outside=[rows[i] for i in order[border:]])


def ours(one: BenchSet, part: Part, seed: int, models: Path) -> Figures:
    """Train with the defaults and measure on the rows outside."""
    config = msgspec.structs.replace(default_config(one.task), seed=seed, **one.told)
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        outcome = train(one.task, part.inside, config, Path(folder) / "bench", models=models, report=lambda event: None)
        took = time.monotonic() - began
        predictor = Predictor.load(models, str(outcome.folder), device="cpu")
        texts = [*(row.text for row in part.outside), *part.foreign]
        told = predictor.predict(texts, [""] * len(texts), progress=lambda done, total: None)
        known = predictor.known
    seen = told[: len(part.outside)]
    if one.task == "entities":
        found = [[TypedSpan(e.type, e.start, e.end) for e in each.entities] for each in seen]
        return {**_span_figures(part.outside, found), "seconds": took}
    guessed = [known.intents[int(np.argmax(each.intents))] for each in seen]
    figures = {**_label_figures(part.outside, guessed), "seconds": took}
    if part.foreign:
        truth = np.arange(len(texts)) >= len(part.outside)
        figures["OOS AUROC"] = float(roc_auc_score(truth, [each.outside for each in told]))
    return figures


def floor(one: BenchSet, part: Part) -> Figures:
    """The simple peer on the same rows."""
    if one.task == "entities":
        return _span_figures(part.outside, _crf(part))
    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True), LinearSVC(C=0.5))
    model.fit([row.text for row in part.inside], [row.labels[0] for row in part.inside])
    return _label_figures(part.outside, list(model.predict([row.text for row in part.outside])))


def _label_figures(rows: Sequence[Row], guessed: Sequence[str]) -> Figures:
    truth = [row.labels[0] for row in rows]
    right = np.mean([a == b for a, b in zip(truth, guessed, strict=True)])
    return {
        "accuracy": float(right),
        "macro-F1": float(f1_score(truth, guessed, average="macro", labels=sorted(set(truth)))),
    }


def _span_figures(rows: Sequence[Row], found: Sequence[Sequence[TypedSpan]]) -> Figures:
    gold = [{(s.type, s.start, s.end) for s in row.spans or ()} for row in rows]
    told = [{(s.type, s.start, s.end) for s in each} for each in found]
    right = sum(len(a & b) for a, b in zip(gold, told, strict=True))
    return {"span F1": 2 * right / max(1, sum(map(len, gold)) + sum(map(len, told)))}


def _crf(part: Part) -> list[list[TypedSpan]]:
    """A CRF over each unit's form and those of its two neighbours on either side."""
    types = tuple(sorted({s.type for row in part.inside for s in row.spans or ()}))
    names = ["O", *(f"{mark}-{kind}" for kind in types for mark in "BI")]
    model = sklearn_crfsuite.CRF(c1=0.1, c2=0.1, max_iterations=100)
    cuts = [cut(row.text) for row in part.inside]
    tags = [tag_units(row.spans or (), places, (types,))[:, 0] for row, places in zip(part.inside, cuts, strict=True)]
    shapes = [_shapes(row.text, places) for row, places in zip(part.inside, cuts, strict=True)]
    model.fit(shapes, [[names[tag] for tag in each] for each in tags])
    found = []
    for row in part.outside:
        places = cut(row.text)
        path = np.array([names.index(tag) for tag in model.predict_single(_shapes(row.text, places))], np.int64)
        found.append([TypedSpan(types[k], places[a][0], places[b][1]) for k, a, b in segments(path)])
    return found


def _shapes(text: str, places: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    words = [text[start:end] for start, end in places]
    shapes = ["".join("0" if c.isdigit() else "A" if c.isupper() else "a" for c in word)[:6] for word in words]
    found = []
    for at, word in enumerate(words):
        clues: dict[str, Any] = {"head": word[:3], "tail": word[-3:], "length": min(len(word), 10)}
        for step in range(-2, 3):
            inside = 0 <= at + step < len(words)
            clues[f"{step}:word"] = words[at + step].lower() if inside else "_"
            clues[f"{step}:shape"] = shapes[at + step] if inside else "_"
        found.append(clues)
    return found


def _mean(figures: Sequence[Figures]) -> Figures:
    return {name: float(np.mean([one[name] for one in figures])) for name in figures[0]}


def _line(figures: Figures) -> str:
    return ", ".join(
        f"{name} {value:.0f}" if name == "seconds" else f"{name} {value:.4f}" for name, value in figures.items()
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--most-folds", type=int, default=5, help="run only the first N folds")
    parser.add_argument("--set", dest="told", action="append", default=[], metavar="KEY=VALUE", help="tell the trainer")
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--bench", type=Path, default=BENCH)
    options = parser.parse_args()
    if not options.bench.is_dir():
        print(f"{options.bench}: not here, skipped")
        return
    sets = Sets(options.bench, folds=options.folds, most=options.most_folds).all()
    if unknown := set(options.sets) - set(sets):
        parser.error(f"no such set: {', '.join(sorted(unknown))}; there are {', '.join(sets)}")
    more = {key: json.loads(value) for key, _, value in (one.partition("=") for one in options.told)}
    for name in options.sets or sets:
        one = replace(sets[name], told={**sets[name].told, **more})
        print(f"== {name} ({one.bar}); told beside the seed: {one.told or 'nothing'}", flush=True)
        means = []
        for seed in range(options.seeds):
            both = [(ours(one, part, seed, options.models), floor(one, part)) for part in one.parts(seed)]
            mine, theirs = _mean([a for a, _ in both]), _mean([b for _, b in both])
            means.append(mine)
            print(f"seed {seed}, {len(both)} part(s): ours {_line(mine)} | floor {_line(theirs)}", flush=True)
        spread = {key: float(np.std([each[key] for each in means])) for key in means[0]}
        print(f"{name}: mean {_line(_mean(means))} | standard deviation {_line(spread)}", flush=True)


if __name__ == "__main__":
    main()
