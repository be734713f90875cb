"""One training run from rows to a folder that the program can use."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import torch
from threadpoolctl import threadpool_limits

from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import TextEncoder
from models.encoder.trunk import load_trunk
from models.folders import replacing, working
from models.metrics.intervals import Resampling
from models.training.artefact.card import Story, write_artefact
from models.training.config import TrainConfig
from models.training.contest import choose_encoder
from models.training.dataset.rows import Row, data_hash
from models.training.dataset.split import Indices
from models.training.encoders import EncoderSource
from models.training.heads import Prediction, fit, fit_and_read
from models.training.material import Material
from models.training.measure import Measured, measure
from models.training.optimisation.distributed import World, join_world
from models.training.planning import Plan, make_plan
from models.training.precision import choose_device, choose_numbers
from models.training.trunks import Workshop
from models.understanding.choice import TRUNK_FOLDER, read_card
from models.understanding.entities.clues import CLUE_ROWS
from models.understanding.fitting.extract import Extracted, extract
from models.understanding.fitting.fit import Trained
from models.understanding.fitting.recipe import Recipe

Report = Callable[[dict[str, Any]], None]
"""Hears what happens, one JSON-like event at a time: {"event": "progress" | "step" | "epoch", ...}."""
_ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to: its main score on rows it had not seen (0 to 1), the card, and the folder of the artefact."""

    score: float
    card: dict[str, Any]
    folder: Path


def train(
    task: str,
    rows: Sequence[Row],
    config: TrainConfig,
    out: Path,
    *,
    models: Path,
    report: Report,
    validation: Sequence[Row] | None = None,
    work: Path | None = None,
) -> Outcome:
    """Train on `rows` and write the artefact to `out`, complete or not at all.

    `models` is the models folder with the encoders. `validation` are rows to measure on; without them a part of `rows`
    is held out, or they are cross-validated where they are few. `work` keeps checkpoints: the same call goes on from
    them and comes to the same end; without it nothing is kept. Raises `UnusableError` with a sentence.

    Started by torchrun, every process calls it, and only the first one's outcome holds a card.
    """
    world = join_world(cuda=choose_device(config).type == "cuda")
    try:
        # As in `Reader.load`: numpy's products are the small ones of the heads, which only wait for a second thread.
        with working(work) as place, threadpool_limits(limits=1, user_api="blas"):
            return _Run(task, rows, validation, config, models=models, world=world, work=place, report=report).go(out)
    finally:
        world.leave()


@dataclass(frozen=True, slots=True)
class _Told:
    """What the held-out rows came to, and the recipe for a fit on all rows."""

    recipe: Recipe
    measured: Measured


class _Run:
    """The stages of one run: plan; for each part tune, read and measure; then make what is kept."""

    def __init__(
        self,
        task: str,
        rows: Sequence[Row],
        validation: Sequence[Row] | None,
        config: TrainConfig,
        *,
        models: Path,
        world: World,
        work: Path,
        report: Report,
    ) -> None:
        self._began = time.monotonic()
        self._task, self._config, self._world, self._work = task, config, world, work
        self._report: Report = report if world.first else lambda event: None
        self._material = Material.gather(task, rows, validation, config)
        self._source = world.shared(self._encoder(models) if world.first else None)
        device = choose_device(config, local_rank=world.local_rank)
        torch.set_num_threads(config.threads or torch.get_num_threads())
        self._shop = Workshop(
            task=task,
            config=config,
            source=self._source,
            numbers=choose_numbers(config, device),
            world=world,
            folder=work,
            fingerprint=_fingerprint(task, self._material, config, self._source),
        )
        self._features: tuple[Path, Extracted] | None = None

    def _encoder(self, models: Path) -> EncoderSource:
        return choose_encoder(
            models, self._material.own_rows, self._task, self._config, work=self._work / "contest",
            told=lambda done, of: self._progress("encoders", done, of),
        )  # fmt: skip

    def go(self, out: Path) -> Outcome:
        """All stages. What was made before the process was killed is taken as it is."""
        if (card := read_card(out)).get("run") == self._shop.fingerprint:
            return Outcome(score=float(card["score"]), card=card, folder=out)
        plan = self._plan()
        self._report({"event": "plan", **asdict(plan)})
        told = self._told(plan)
        if self._task == "entities" and self._config.trunk == "auto" and plan.mode != "frozen":
            plan, told = self._worth_it(plan, told)
        first = self._material.parts[0]
        kept, name = (self._material.kept, _ALL) if plan.refit else (first.inside, first.name)
        trunk = self._trunk(name, kept, kept[:0], plan)
        if not self._world.first:
            return Outcome(score=0.0, card={}, folder=out)
        extracted = self._extracted(trunk)
        with self._stage("heads"):
            trained = fit(
                self._material.examples, extracted, self._material.fits, kept,
                recipe=told.recipe, seed=self._config.seed,
            )  # fmt: skip
        card = self._write(out, trunk, trained, told.measured, plan)
        return Outcome(score=told.measured.score, card=card, folder=out)

    def _told(self, plan: Plan) -> _Told:
        """Every part read by what was learned without it."""
        recipes: list[Recipe] = []
        predictions: dict[int, Prediction] = {}
        for part in self._material.parts:
            trunk = self._trunk(part.name, part.inside, part.outside, plan)
            if self._world.first:
                extracted = self._extracted(trunk)
                with self._stage(f"heads {part.name}"):
                    recipe, told = fit_and_read(
                        self._material.examples, extracted, self._material.fits,
                        inside=part.inside, outside=part.outside, tuned=plan.mode != "frozen",
                    )  # fmt: skip
                recipes.append(recipe)
                predictions |= zip(part.outside.tolist(), told, strict=True)
        measured = None
        if self._world.first:
            with self._stage("measure"):
                measured = self._measured(predictions)
        found: _Told = self._world.shared(_Told(recipes[0], measured) if measured else None)
        return found

    def _worth_it(self, plan: Plan, told: _Told) -> tuple[Plan, _Told]:
        """The plan, or the one that leaves the trunk as it is where tuning it read the held-out rows hardly better.

        Intents gained from it in all sets that were tried, entities in half of them, and a trunk of one's own costs
        memory and a second pass: the gain must be more than chance, half a standard error of the score.
        """
        frozen = replace(plan, mode="frozen", epochs=0)
        plain = self._told(frozen)
        scores = f"{told.measured.score:.3f} tuned, {plain.measured.score:.3f} as it is"
        if told.measured.score > plain.measured.score + told.measured.error / 2:
            return plan, told
        plan = replace(frozen, reason=f"tuning reads the held-out rows hardly better: {scores}")
        self._report({"event": "plan", **asdict(plan)})
        return plan, plain

    def _plan(self) -> Plan:
        """The plan of the run before it was killed, else one that is measured now."""
        path = self._work / "plan.json"
        plan = _read_plan(path, self._shop.fingerprint) if self._world.first else None
        if self._world.first and plan is None:
            with self._stage("plan"):
                plan = make_plan(
                    self._material, self._config,
                    seconds_per_row=lambda batch: self._shop.measure(self._material.own_rows, batch),
                )  # fmt: skip
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps({"fingerprint": self._shop.fingerprint, "plan": asdict(plan)}))
            fresh.replace(path)
        shared: Plan = self._world.shared(plan)
        return shared

    def _trunk(self, name: str, inside: Indices, outside: Indices, plan: Plan) -> Path:
        rows, held_out = ([self._material.rows[index] for index in chosen] for chosen in (inside, outside))
        return self._shop.trunk(name, rows, held_out, plan, self._report)

    def _extracted(self, trunk: Path) -> Extracted:
        """Features of all rows by the trunk as it will run."""
        if self._features is None or self._features[0] != trunk:
            device = "cpu" if self._shop.numbers.device.type == "cpu" else "auto"
            extracted = extract(
                [one.text for one in self._material.examples], load_trunk(trunk, device=device),
                TextEncoder(trunk / TOKENIZER_FILE), lambda done, total: self._progress("features", done, total),
                prefix=self._source.prefix, with_units=bool(self._material.fits.entities.tracks),
            )  # fmt: skip
            self._features = trunk, extracted
        return self._features[1]

    def _measured(self, predictions: dict[int, Prediction]) -> Measured:
        order = sorted(predictions)
        resampling = Resampling(resamples=self._config.resamples, seed=self._config.seed)
        return measure(
            [self._material.rows[index] for index in order], [predictions[index] for index in order], resampling
        )

    def _write(self, out: Path, trunk: Path, trained: Trained, measured: Measured, plan: Plan) -> dict[str, Any]:
        names = [part.name for part in self._material.parts] + ([_ALL] if plan.refit else [])
        numbers = self._shop.numbers
        story = Story(
            name=out.name,
            task=self._task,
            rows=self._material.own_rows,
            config=self._config,
            source=self._source,
            plan=plan,
            measured=measured,
            how=" ".join([_how(self._material, refit=plan.refit), *self._material.fits.left_out]),
            history={name: found for name in names if (found := self._shop.history(name))},
            precision=numbers.name,
            device=str(numbers.device),
            processes=self._world.size,
            seconds=time.monotonic() - self._began,
            run=self._shop.fingerprint,
        )
        with replacing(out) as folder:
            if trunk != self._source.folder or not self._source.kept:
                shutil.copytree(trunk, folder / TRUNK_FOLDER)
            return write_artefact(folder, trained, story)

    @contextmanager
    def _stage(self, stage: str) -> Iterator[None]:
        self._progress(stage, 0, 1)
        yield
        self._progress(stage, 1, 1)

    def _progress(self, stage: str, done: int, total: int) -> None:
        self._report({"event": "progress", "stage": stage, "done": done, "total": total})


def _fingerprint(task: str, material: Material, config: TrainConfig, source: EncoderSource) -> str:
    told = [task, data_hash(material.rows), material.own, msgspec.to_builtins(config), source.name, source.version]
    if task != "intent":
        told.append(CLUE_ROWS)  # a checkpoint of a net of another shape is no use
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()


def _how(material: Material, *, refit: bool) -> str:
    parts = material.parts
    measured = sum(len(part.outside) for part in parts)
    if material.given:
        told = f"On {measured} rows given for it, from which nothing was learned."
    elif len(parts) > 1:
        told = f"By {len(parts)}-fold cross-validation: each of {measured} rows by what was trained without it."
    else:
        told = f"On {measured} rows held out, of every label its share."
    return f"{told} What is kept was then trained on all rows by the same recipe." if refit else told


def _read_plan(path: Path, fingerprint: str) -> Plan | None:
    try:
        kept = json.loads(path.read_bytes())
        return Plan(**kept["plan"]) if kept["fingerprint"] == fingerprint else None
    except (OSError, ValueError):
        return None
