"""Everything a training run can be told, with defaults that need no telling.

A value of 0 (or "") where the description says so means: chosen by the run, from the rows and the machine.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Trunk = Literal["auto", "frozen", "full", "lora"]
Optimiser = Literal["sgd", "momentum", "adagrad", "adam", "adamw"]
Schedule = Literal["constant", "linear", "exponential", "cosine"]
ClassWeights = Literal["none", "balanced", "root"]
Slip = Literal["case", "keyboard", "swap", "punctuation", "words", "homophones"]
Precision = Literal["auto", "fp32", "bf16", "fp16"]
Device = Literal["auto", "cpu", "cuda"]

TASKS = ("intent", "entities", "understanding")


class TrainConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One run's configuration; every field's description is what `--show-config` prints."""

    encoder: Annotated[
        str,
        Meta(
            description='Name of the encoder in the models folder, or a path to one; "" = the one in use, auto = that '
            "one or, for English intents, one that reads a sample of the rows better."
        ),
    ] = "auto"
    trunk: Annotated[
        Trunk,
        Meta(
            description="Whether the encoder's trunk learns: not at all (frozen), all of it (full), by low-rank "
            "adapters that are merged into it (lora), or fully where that fits into the budget (auto)."
        ),
    ] = "auto"
    layers: Annotated[int, Meta(ge=0, le=200, description="How many of the top layers learn; 0 = all.")] = 0
    soup: Annotated[
        float,
        Meta(
            ge=0.0, le=1.0,
            description="Share of the original trunk in the tuned one's weights; 0 = the tuned one as it is.",
        ),
    ] = 0.5  # fmt: skip
    lora_rank: Annotated[int, Meta(ge=1, le=512, description="Rank of the adapters.")] = 16
    lora_alpha: Annotated[float, Meta(gt=0.0, le=4096.0, description="Scale of the adapters, over their rank.")] = 32.0
    lora_dropout: Annotated[float, Meta(ge=0.0, lt=1.0, description="Dropout before the adapters.")] = 0.05

    optimiser: Annotated[Optimiser, Meta(description="Rule by which weights move.")] = "adamw"
    rate: Annotated[
        float, Meta(ge=0.0, le=10.0, description="Peak learning rate of the trunk; 0 = one that fits the optimiser.")
    ] = 0.0
    head_rate: Annotated[
        float, Meta(ge=0.0, le=10.0, description="Peak learning rate of what sits on the trunk; 0 = one that fits.")
    ] = 0.0
    momentum: Annotated[float, Meta(ge=0.0, lt=1.0, description="Momentum of the optimiser of that name.")] = 0.9
    weight_decay: Annotated[float, Meta(ge=0.0, le=1.0, description="Decoupled decay of AdamW, on matrices.")] = 0.01
    l1: Annotated[float, Meta(ge=0.0, le=1.0, description="Penalty on the absolute size of weights.")] = 0.0
    l2: Annotated[float, Meta(ge=0.0, le=1.0, description="Penalty on half the squared size of weights.")] = 0.0
    schedule: Annotated[Schedule, Meta(description="How the rate goes on after the warm-up.")] = "linear"
    warm_up: Annotated[float, Meta(ge=0.0, lt=1.0, description="Share of the steps in which the rate rises.")] = 0.1
    clip: Annotated[float, Meta(ge=0.0, le=1e6, description="Longest gradient; 0 = any length.")] = 1.0
    epochs: Annotated[int, Meta(ge=0, le=10_000, description="Passes over the rows; 0 = by their number.")] = 0
    batch: Annotated[int, Meta(ge=0, le=65_536, description="Rows a step and process; 0 = by their number.")] = 0
    accumulate: Annotated[int, Meta(ge=1, le=4096, description="Batches whose gradients are one step.")] = 1
    patience: Annotated[
        int, Meta(ge=0, le=10_000, description="Epochs without a better score before it stops early; 0 = never.")
    ] = 0
    budget_minutes: Annotated[
        float, Meta(gt=0.0, le=100_000.0, description='Longest time for tuning the trunk with trunk = "auto".')
    ] = 8.0

    dropout: Annotated[float, Meta(ge=0.0, lt=1.0, description="Dropout in the trunk while it learns.")] = 0.1
    label_smoothing: Annotated[
        float, Meta(ge=0.0, lt=1.0, description="Share of the truth that goes to the other labels.")
    ] = 0.1
    class_weights: Annotated[
        ClassWeights, Meta(description="Whether rare labels count more: not, by 1/count, or by its root.")
    ] = "none"
    contrast: Annotated[
        float, Meta(ge=0.0, le=100.0, description="Weight of the supervised contrastive loss; 0 = without.")
    ] = 1.0
    temperature: Annotated[float, Meta(gt=0.0, le=10.0, description="Temperature of the contrastive loss.")] = 0.1
    per_class: Annotated[int, Meta(ge=1, le=1024, description="Rows of a label that go into a batch together.")] = 3

    augment: Annotated[float, Meta(ge=0.0, le=1.0, description="Share of the rows that are misspelt anew.")] = 0.0
    slips: Annotated[
        tuple[Slip, ...], Meta(min_length=1, description="The ways in which a row is misspelt.")
    ] = ("case", "keyboard", "swap", "punctuation", "words", "homophones")  # fmt: skip
    max_tokens: Annotated[int, Meta(ge=8, le=512, description="Tokens of a text that the trunk is tuned on.")] = 128

    names: Annotated[bool, Meta(description="Learn each intent's name as one more row of it.")] = True
    background: Annotated[
        bool,
        Meta(description="Learn from the program's own foreign messages what is out of scope, where no row says it."),
    ] = True
    held_out: Annotated[
        float, Meta(gt=0.0, le=0.5, description="Share of the rows that is held out to measure on.")
    ] = 0.15
    folds: Annotated[int, Meta(ge=2, le=20, description="Folds, where rows are too few to hold a part out.")] = 3
    folds_below: Annotated[
        int, Meta(ge=0, le=1_000_000, description="Number of rows from which a part is held out rather than folds.")
    ] = 1000
    refit_on_all: Annotated[
        bool, Meta(description="Train what is kept on all rows after measuring, where there are under 5000.")
    ] = True
    resamples: Annotated[int, Meta(ge=10, le=100_000, description="Resamples of the confidence intervals.")] = 1000
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1, description="Where all chance begins.")] = 0

    precision: Annotated[
        Precision, Meta(description="Number format of the products; auto = bf16 where the processor has it.")
    ] = "auto"
    device: Annotated[Device, Meta(description="Where it runs; auto = a GPU where there is one.")] = "auto"
    threads: Annotated[int, Meta(ge=0, le=1024, description="Threads a process; 0 = one a processor.")] = 0
    processes: Annotated[int, Meta(ge=1, le=64, description="Processes that share the rows of a step.")] = 1
    checkpoint_seconds: Annotated[
        float, Meta(ge=0.0, le=86_400.0, description="Seconds between checkpoints; 0 = after every step.")
    ] = 30.0


def default_config(task: str) -> TrainConfig:
    """The defaults of a task; they differ where its loss does."""
    if task == "intent":
        return TrainConfig()
    return TrainConfig(contrast=0.0, batch=32, rate=1e-4, label_smoothing=0.05)
