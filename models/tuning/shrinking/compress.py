"""Models made smaller: fewer layers, fewer attention heads, or a student: `agent-assist models compress`.

The trunk is changed, tuned for a few epochs on the rows that the model learned from, and heads are fitted on it anew.
The original's heads are fitted anew on the same folds, so that the table compares trunks and nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from models.training.config import TrainConfig
from models.training.dataset.rows import Row, relevant, usable
from models.training.encoders import EncoderSource, find_encoder
from models.training.errors import UnusableError
from models.training.run import Outcome, Report, train
from models.tuning.costs import size_of, speeds_of
from models.tuning.finish import publish
from models.tuning.reading import read_with, same_intents, same_spans
from models.tuning.shrinking.makers import Maker, distilled, fewer_heads, fewer_layers
from models.tuning.sources import config_of
from models.tuning.table import Table, as_markdown, entry_of, figures_of, tell
from models.understanding.averaging import is_averaged
from models.understanding.choice import find_model, read_card

Method = Literal["prune-heads", "prune-layers", "distil"]
EPOCHS = 3
_SECTION = """\
## Made smaller
From {name} by {by}. {table}"""
_SEEN = " The trunk of {name} was tuned on rows of its own; where these are among them, both look better than they are."
_OTHERS = " These are other rows than {name} learned from."


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to make of the model `name`: `layers` 0 means half of them, `share` is that of the attention heads that go,
    `epochs` 0 means 3, for a student as many as the texts want."""

    name: str
    by: Method
    layers: int = 0
    share: float = 0.25
    epochs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A trained model: its folder, trunk, card and task."""

    name: str
    folder: Path
    trunk: Path
    card: Mapping[str, Any]
    task: str


def find_trained(models: Path, name: str) -> Model:
    """Raises `UnusableError` with a sentence where it has no trunk and heads of its own."""
    try:
        folder, trunk = find_model(models, name)
    except FileNotFoundError as error:
        raise UnusableError(str(error)) from error
    if folder is None:
        raise UnusableError(f"{name} is an encoder; name a model that was trained on it.")
    if is_averaged(folder):
        raise UnusableError(f"{name} is an average of others; make one of those smaller.")
    card = read_card(folder)
    return Model(name=name, folder=folder, trunk=trunk, card=card, task=str(card.get("task", "understanding")))


def compress(
    order: Order,
    out: Path,
    rows: Sequence[Row],
    *,
    models: Path,
    report: Report,
    validation: Sequence[Row] | None = None,
    texts: Sequence[str] = (),
    work: Path,
) -> Outcome:
    """Write the smaller model to `out` and tell the table of both; the same call goes on after a kill.

    `texts` are more messages for a student, without labels. Raises `UnusableError` with a sentence.
    """
    model = find_trained(models, order.name)
    own = usable(rows, model.task)
    config = msgspec.structs.replace(config_of(model.card, model.task), processes=1, soup=0.0, patience=0)
    source = find_encoder(models, str(model.trunk))
    maker = Maker(
        model=model.folder, task=model.task, source=source, rows=own, texts=texts, config=config,
        name=f"{out.name}-trunk", folder=work / "smaller", report=report,
    )  # fmt: skip
    smaller = _made(maker, order)
    options: dict[str, Any] = {"models": models, "report": report, "validation": validation}
    outcome = train(
        model.task, rows, _tuned(config, smaller, order), work / "smaller" / out.name, work=work / "tuning", **options
    )
    frozen = msgspec.structs.replace(config, trunk="frozen", encoder=str(source.folder))
    before = train(model.task, rows, frozen, work / "original" / out.name, work=work / "before", **options)
    table = _table(model, before, outcome, order, relevant([*rows, *(validation or ())], model.task), models, report)
    tell(table, report)
    fields = {
        "compressed": {**msgspec.to_builtins(order), "table": msgspec.to_builtins(table)},
        "config": {**outcome.card["config"], "encoder": str(model.card.get("encoder", ""))},
    }
    section = _SECTION.format(name=order.name, by=order.by, table=as_markdown(table))
    return Outcome(score=outcome.score, card=publish(outcome.folder, out, fields, section=section), folder=out)


def _made(maker: Maker, order: Order) -> EncoderSource:
    if order.by == "prune-heads":
        return fewer_heads(maker, share=order.share)
    if order.by == "prune-layers":
        return fewer_layers(maker, layers=order.layers)
    return distilled(maker, layers=order.layers, epochs=order.epochs)


def _tuned(config: TrainConfig, smaller: EncoderSource, order: Order) -> TrainConfig:
    """A student has learned already; what was pruned learns for a little while."""
    if order.by == "distil":
        return msgspec.structs.replace(config, trunk="frozen", encoder=str(smaller.folder))
    return msgspec.structs.replace(
        config, trunk="full", layers=0, encoder=str(smaller.folder), epochs=order.epochs or EPOCHS
    )


def _table(
    model: Model,
    before: Outcome,
    after: Outcome,
    order: Order,
    rows: Sequence[Row],
    models: Path,
    report: Report,
) -> Table:
    told = [read_with(models, str(name), rows, report) for name in (model.name, after.folder)]
    note = str(after.card["measured_on"])
    if model.card.get("trunk") not in {None, "frozen"}:
        note += _SEEN.format(name=model.name)
    learned = model.card.get("data", {}).get("sha256")
    if learned and learned != after.card["data"]["sha256"]:
        note += _OTHERS.format(name=model.name)
    trunks = [model.trunk, find_model(models, str(after.folder))[1]]
    costs = list(zip(map(size_of, trunks), speeds_of(trunks), strict=True))
    agreement: dict[str, Any] = {"agreement": same_intents(*told), "span_agreement": same_spans(*told)}
    return Table(
        note=note,
        rows=(
            entry_of(model.name, "as it is", figures_of(before.card), *costs[0]),
            entry_of(after.folder.name, order.by, figures_of(after.card), *costs[1], **agreement),
        ),
    )
