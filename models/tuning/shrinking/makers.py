"""The three ways in which a trunk becomes smaller, each from a trained model to a folder that a training starts at."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from models.encoder.layout import CARD_FILE, TOKENIZER_FILE
from models.encoder.tokens import Encoded, TextEncoder
from models.training.config import TrainConfig
from models.training.dataset.rows import Row, data_hash, read_text
from models.training.encoders import EncoderSource, find_encoder
from models.training.errors import UnusableError
from models.training.nets.bert import prepare_full
from models.training.nets.messages import MessageTask, Reading
from models.training.optimisation.checkpoint import Checkpoint
from models.training.optimisation.distributed import World
from models.training.optimisation.tune import tune
from models.training.planning import usual_batch
from models.training.precision import choose_device, choose_numbers
from models.training.run import Report
from models.tuning.shrinking.distil import DistilTask, Side
from models.tuning.shrinking.importance import (
    SAMPLE,
    head_importance,
    keep_layers,
    layer_influence,
    least_heads,
    middle_of,
    most_layers,
    prune_heads,
    spread_layers,
)
from models.tuning.sources import load, write_source
from models.understanding.heads import Heads

# Batches whose gradients say which attention heads matter.
_BATCHES = 24
# A student that begins with holes must go far: ten times the rate of a tuning.
_STUDENT_RATE = 3e-4
_STUDENT_VISITS, _MOST_EPOCHS, _FEWEST_EPOCHS = 40_000, 20, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """From which model and rows a smaller trunk is made, and where it goes. `texts` have no labels."""

    model: Path
    task: str
    source: EncoderSource
    rows: Sequence[Row]
    texts: Sequence[str]
    config: TrainConfig
    name: str
    folder: Path
    report: Report

    @property
    def target(self) -> Path:
        """Where the trunk is written; once it is there, it is taken as it is."""
        return self.folder / "trunk"

    @property
    def reading(self) -> Reading:
        """How texts are made ready."""
        return Reading(
            tokens=TextEncoder(self.source.folder / TOKENIZER_FILE),
            prefix=self.source.prefix,
            middle_layer=self.source.middle_layer,
            numbers=choose_numbers(self.config, choose_device(self.config)),
        )

    def layers(self, wanted: int) -> int:
        """How many layers stay. Raises `UnusableError` where that is not fewer than there are."""
        count = wanted or self.source.layers // 2
        if not 0 < count < self.source.layers:
            raise UnusableError(
                f"The trunk has {self.source.layers} layers; take from 1 to {self.source.layers - 1} of them."
            )
        return count

    def done(self) -> EncoderSource | None:
        """The trunk where it was made before the process was killed."""
        return find_encoder(self.folder, str(self.target)) if (self.target / CARD_FILE).is_file() else None

    def write(self, bert: Any, *, middle: int) -> EncoderSource:
        """Put a BERT there."""
        return write_source(
            self.target, bert.state_dict(), bert.config, self.source, name=self.name, middle_layer=middle
        )

    def stage(self, name: str, done: int) -> None:
        """Tell how it gets on."""
        self.report({"event": "progress", "stage": name, "done": done, "total": 1})


def fewer_layers(maker: Maker, *, layers: int) -> EncoderSource:
    """Without the layers that change a text's tokens least."""
    count = maker.layers(layers)
    if made := maker.done():
        return made
    maker.stage("layers", 0)
    bert = load(maker.source)
    kept = most_layers(layer_influence(bert, _sample(maker), maker.reading.numbers.device), count)
    made = maker.write(keep_layers(bert.cpu(), kept), middle=middle_of(kept, maker.source.middle_layer))
    maker.stage("layers", 1)
    return made


def fewer_heads(maker: Maker, *, share: float) -> EncoderSource:
    """Without the share of attention heads on whose output the loss depends least."""
    if not 0 < share < 1:
        raise UnusableError("The share of attention heads that go is between 0 and 1.")
    if made := maker.done():
        return made
    maker.stage("heads", 0)
    config = msgspec.structs.replace(maker.config, layers=0, dropout=0.0, augment=0.0)
    bert = prepare_full(load(maker.source), config)
    task = MessageTask(maker.task, bert, maker.rows, held_out=(), config=config, reading=maker.reading)
    task.begin()
    importance = head_importance(bert, task, task.batches(0, 32)[:_BATCHES])
    least = least_heads(importance, round(share * importance.size))
    if not least:
        raise UnusableError("No attention head can go: each layer keeps one, and the share must reach one head.")
    prune_heads(bert, least)
    made = maker.write(bert.cpu(), middle=maker.source.middle_layer)
    maker.stage("heads", 1)
    return made


def distilled(maker: Maker, *, layers: int, epochs: int) -> EncoderSource:
    """A student of fewer layers that says what the model says, of its rows' texts and of others."""
    count = maker.layers(layers)
    if made := maker.done():
        return made
    kept = spread_layers(maker.source.layers, count)
    middle = middle_of(kept, maker.source.middle_layer)
    student = prepare_full(keep_layers(load(maker.source, dropout=0.0), kept), TrainConfig())
    texts = list(dict.fromkeys([*(read_text(row, maker.task) for row in maker.rows), *maker.texts]))
    reading, config = maker.reading, maker.config
    task = DistilTask(
        Side(bert=load(maker.source), middle=maker.source.middle_layer), Side(bert=student, middle=middle), texts,
        Heads.load(maker.model), reading, seed=config.seed, tokens=config.max_tokens,
    )  # fmt: skip
    config = msgspec.structs.replace(config, rate=_STUDENT_RATE, batch=config.batch or usual_batch(len(texts)))
    maker.folder.mkdir(parents=True, exist_ok=True)
    checkpoint = Checkpoint(
        maker.folder / "student.pt",
        fingerprint=f"{data_hash(maker.rows)} {len(texts)} {count} {epochs} {maker.source.name} {maker.source.version}",
        seconds=config.checkpoint_seconds,
    )
    epochs = epochs or min(_MOST_EPOCHS, max(_FEWEST_EPOCHS, round(_STUDENT_VISITS / len(texts))))
    tune(
        task, config, epochs=epochs, lora=False, numbers=reading.numbers, world=World(), checkpoint=checkpoint,
        report=lambda event: maker.report({"part": "student", **event}),
    )  # fmt: skip
    made = maker.write(student.cpu(), middle=middle)
    checkpoint.remove()
    return made


def _sample(maker: Maker) -> list[Encoded]:
    """Some texts of the rows, from all parts of them."""
    every = max(1, len(maker.rows) // SAMPLE)
    tokens = TextEncoder(maker.source.folder / TOKENIZER_FILE)
    return [tokens.encode(read_text(row, maker.task), prefix=maker.source.prefix) for row in maker.rows[::every]][
        :SAMPLE
    ]
