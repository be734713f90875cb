"""The trunks of a run: tuned on some of its rows and written once, so that a run that was killed finds them again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import nn

from models.encoder.layout import CARD_FILE, TOKENIZER_FILE
from models.encoder.tokens import TextEncoder
from models.training.artefact.export import encoder_weights, export_trunk, soup
from models.training.config import TrainConfig
from models.training.dataset.rows import Row
from models.training.encoders import EncoderSource
from models.training.errors import UnusableError
from models.training.nets.bert import load_bert, merged, prepare_full, prepare_lora
from models.training.nets.messages import MessageTask, Reading
from models.training.optimisation.checkpoint import Checkpoint
from models.training.optimisation.distributed import World
from models.training.optimisation.tune import Report, seconds_per_row, tune
from models.training.planning import Plan
from models.training.precision import Numbers

_HISTORY = "history.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where and with what trunks are made; `fingerprint` names data, configuration and encoder."""

    task: str
    config: TrainConfig
    source: EncoderSource
    numbers: Numbers
    world: World
    folder: Path
    fingerprint: str

    @property
    def reading(self) -> Reading:
        """How texts are made ready."""
        return Reading(
            tokens=TextEncoder(self.source.folder / TOKENIZER_FILE),
            prefix=self.source.prefix,
            middle_layer=self.source.middle_layer,
            numbers=self.numbers,
        )

    def measure(self, rows: Sequence[Row], batch: int) -> float:
        """Seconds a row takes in training, over all processes."""
        bert = prepare_full(_load(self.source, self.config), self.config)
        config = replace_batch(self.config, batch)
        task = MessageTask(self.task, bert, rows, held_out=(), config=config, reading=self.reading)
        return seconds_per_row(task, config) / self.world.size

    def trunk(self, name: str, rows: Sequence[Row], held_out: Sequence[Row], plan: Plan, report: Report) -> Path:
        """The folder of the trunk tuned on `rows`; the encoder's own where the plan says frozen and it is built."""
        if plan.mode == "frozen":
            if self.world.first:
                built_trunk(self.source, self.folder / "original", self.config)
            self.world.shared(None)
            return built_trunk(self.source, self.folder / "original", self.config)
        folder = self.folder / name / "trunk"
        done = self.world.shared((folder / CARD_FILE).is_file())
        if not done:
            self._tune(folder, name, rows, held_out, plan, report)
        return folder

    def history(self, name: str) -> list[dict[str, Any]]:
        """The events of a tuning; empty where there was none."""
        path = self.folder / name / _HISTORY
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []

    def _tune(
        self, folder: Path, name: str, rows: Sequence[Row], held_out: Sequence[Row], plan: Plan, report: Report
    ) -> None:
        config = replace_batch(self.config, plan.batch)
        bert = _load(self.source, config)
        original = {key: value.clone() for key, value in bert.state_dict().items()}
        torch.manual_seed(config.seed)
        lora = plan.mode == "lora"
        trunk = prepare_lora(bert, config) if lora else prepare_full(bert, config)
        task = MessageTask(self.task, trunk, rows, held_out=held_out, config=config, reading=self.reading)
        task.begin()
        self.world.same(task.net)
        place = self.folder / name
        place.mkdir(parents=True, exist_ok=True)
        tuned = tune(
            task,
            config,
            epochs=plan.epochs,
            lora=lora,
            numbers=self.numbers,
            world=self.world,
            checkpoint=Checkpoint(
                place / "checkpoint.pt", fingerprint=self.fingerprint, seconds=config.checkpoint_seconds
            ),
            report=lambda event: report({"part": name, **event}),
        )
        if self.world.first:
            lines = "".join(json.dumps(event) + "\n" for event in tuned.history)
            (place / _HISTORY).write_text(lines, encoding="utf-8")
            state = soup(_state(task.net), original, share=config.soup)
            export_trunk(
                folder, encoder_weights(state, bert.config), self.source, version=f"tuned-{self.fingerprint[:8]}"
            )
            (place / "checkpoint.pt").unlink(missing_ok=True)
        self.world.shared(None)


def built_trunk(source: EncoderSource, place: Path, config: TrainConfig) -> Path:
    """The encoder's own trunk; one that was added as a folder of transformers is made to run, in the folder `place`."""
    if source.built:
        return source.folder
    folder = place / "trunk"
    if not (folder / CARD_FILE).is_file():
        bert = _load(source, config)
        export_trunk(folder, encoder_weights(bert.state_dict(), bert.config), source, version="1")
    return folder


def replace_batch(config: TrainConfig, batch: int) -> TrainConfig:
    """The configuration with the batch of a plan."""
    return msgspec.structs.replace(config, batch=batch)


def _load(source: EncoderSource, config: TrainConfig) -> Any:
    try:
        return load_bert(source.folder, dropout=config.dropout)
    except (OSError, ValueError, RuntimeError) as error:
        raise UnusableError(f"The weights of the encoder {source.name} cannot be loaded: {error}.") from error


def _state(net: nn.Module) -> dict[str, torch.Tensor]:
    bert = merged(net.get_submodule("trunk"))
    return {name: value.detach().cpu() for name, value in bert.state_dict().items()}
