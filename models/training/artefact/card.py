"""What a run leaves beside its weights: model.json for programs, card.md and pictures for people."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from safetensors.numpy import save_file

from models.metrics.drawing import draw_confusion
from models.training.artefact.plots import draw_course
from models.training.config import TrainConfig
from models.training.dataset.rows import Row, data_hash, entity_names, label_names
from models.training.encoders import EncoderSource
from models.training.measure import Measured
from models.training.planning import Plan
from models.understanding.fitting.fit import Trained
from models.understanding.heads import CARD_FILE, WEIGHTS_FILE

_LIBRARIES = ("torch", "transformers", "tokenizers", "numpy", "onnxruntime", "scikit-learn", "peft")

_TEXT = """\
# {name}

Trained on {when} for the task "{task}" on {rows} rows of your own, upon the encoder {encoder}. {trunk}

## Measured
{how} Intervals of 95 % are percentiles of {resamples} bootstrap resamples.

| figure | value | from | to |
|---|---|---|---|
{figures}

{tables}
## Made from
- rows: {rows}, SHA-256 `{sha256}`
- labels: {labels}
- seed {seed}, {precision} on {device}, {seconds:.0f} s
- {libraries}

Configuration:
```
{config}
```
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a card tells of a run; `how` is a sentence about the rows that were measured on."""

    name: str
    task: str
    rows: Sequence[Row]
    config: TrainConfig
    source: EncoderSource
    plan: Plan
    measured: Measured
    how: str
    history: dict[str, list[dict[str, Any]]]  # events of each tuning by its name
    precision: str
    device: str
    processes: int
    seconds: float
    run: str  # fingerprint of data, configuration and encoder


def write_artefact(folder: Path, trained: Trained, story: Story) -> dict[str, Any]:
    """Weights, card, pictures and history into the folder, where the trunk may lie already; returns the card."""
    weights = {name: np.ascontiguousarray(value.astype(np.float16)) for name, value in trained.tensors.items()}
    save_file(weights, folder / WEIGHTS_FILE)
    (folder / WEIGHTS_FILE).chmod(0o644)  # safetensors writes for its owner only
    if story.measured.confusion is not None:
        draw_confusion(story.measured.confusion, folder / "confusion.svg")
    if story.history:
        draw_course(next(iter(story.history.values())), folder / "course.svg")
    lines = "".join(
        json.dumps({"part": name, **event}) + "\n" for name, events in story.history.items() for event in events
    )
    (folder / "history.jsonl").write_text(lines, encoding="utf-8")
    card = _fields(trained, story)
    (folder / "card.md").write_text(_text(card, story), encoding="utf-8")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / CARD_FILE)
    digests = {path.relative_to(folder).as_posix(): _sha256(path) for path in paths}
    card |= {"version": f"1-{digests[WEIGHTS_FILE][:8]}", "files": digests}
    written = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (folder / CARD_FILE).write_text(written, encoding="utf-8")
    read: dict[str, Any] = json.loads(written)
    return read


def _fields(trained: Trained, story: Story) -> dict[str, Any]:
    source, plan = story.source, story.plan
    return {
        "name": story.name,
        "kind": "heads",
        "task": story.task,
        "version": "",
        "license": source.license,
        "base": f"{source.name} {source.version}".strip(),
        "encoder": source.name,
        "made_by": "models.training",
        **trained.card,
        "recipe": asdict(trained.recipe),
        "trunk": plan.mode,
        "epochs": plan.epochs,
        "plan": plan.reason,
        "labels": list(label_names(story.rows)),
        "entity_types": list(entity_names(story.rows)),
        "data": {"rows": len(story.rows), "sha256": data_hash(story.rows), "labels": _counts(story.rows)},
        "config": msgspec.to_builtins(story.config),
        "seed": story.config.seed,
        "precision": story.precision,
        "device": story.device,
        "processes": story.processes,
        "libraries": {name: version(name) for name in _LIBRARIES},
        "measured_on": story.how,
        "score": round(story.measured.score, 4),
        "metrics": {
            name: {"value": figure.value, "low": figure.low, "high": figure.high}
            for name, figure in story.measured.figures.items()
        },
        "tables": {kind: [asdict(one) for one in table] for kind, table in story.measured.tables.items()},
        "run": story.run,
        "seconds": round(story.seconds, 1),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _counts(rows: Sequence[Row]) -> dict[str, int]:
    return dict(sorted(Counter(name for row in rows for name in row.labels).items()))


def _text(card: dict[str, Any], story: Story) -> str:
    tuned = (
        f"The trunk was tuned ({card['trunk']}, {card['epochs']} epochs)."
        if card["epochs"]
        else "The trunk is as it was."
    )
    names = [*card["labels"], *card["entity_types"]]
    return _TEXT.format(
        name=card["name"],
        when=card["created"][:10],
        task=card["task"],
        rows=len(story.rows),
        encoder=card["base"],
        trunk=f"{tuned} Why: {card['plan']}.",
        how=story.how,
        resamples=story.config.resamples,
        figures="\n".join(_row(name, one) for name, one in card["metrics"].items()),
        tables="".join(_table(kind, table) for kind, table in card["tables"].items()),
        sha256=card["data"]["sha256"],
        labels=", ".join(names),
        seed=card["seed"],
        precision=card["precision"],
        device=card["device"],
        seconds=card["seconds"],
        libraries=", ".join(f"{name} {one}" for name, one in card["libraries"].items()),
        config=json.dumps(card["config"], indent=1, ensure_ascii=False),
    )


def _row(name: str, figure: dict[str, float | None]) -> str:
    cells = ["" if figure[key] is None else f"{figure[key]:.3f}" for key in ("value", "low", "high")]
    return f"| {name} | {' | '.join(cells)} |"


def _table(kind: str, table: Sequence[dict[str, Any]]) -> str:
    lines = [f"### {kind}", "| label | precision | recall | F1 | rows |", "|---|---|---|---|---|"]
    lines += [
        f"| {one['label']} | {one['precision']:.3f} | {one['recall']:.3f} | {one['f1']:.3f} | {one['support']} |"
        for one in table
    ]
    return "\n".join(lines) + "\n\n"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
