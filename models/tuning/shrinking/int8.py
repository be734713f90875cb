"""What int8 costs in quality beside float32, and a model without any other weights: `models compress … --by int8`.

Every model here runs in int8 on a processor already. A folder made by this has only that: about half the bytes, not to
be tuned further, and of no use on a GPU.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from models.encoder.layout import CARD_FILE, TOKENIZER_FILE, WEIGHTS_FILE
from models.encoder.tokens import TextEncoder
from models.encoder.trunk import TorchTrunk, load_trunk
from models.folders import replacing
from models.metrics.intervals import Resampling
from models.sources import sha256
from models.training.dataset.rows import Row, relevant
from models.training.errors import UnusableError
from models.training.run import Outcome, Report
from models.tuning.costs import measure_speeds, size_of, vocabulary_of
from models.tuning.finish import amend
from models.tuning.reading import figures, predictions, read_with, same_intents, same_spans
from models.tuning.shrinking.compress import Model, find_trained
from models.tuning.table import Table, as_markdown, entry_of, tell
from models.understanding.choice import TRUNK_FOLDER, prefixes, read_card
from models.understanding.heads import Heads
from models.understanding.predictor import Predictor
from models.understanding.reader import Reader

_NOTE = "On {rows} rows by the heads as they are; where they learned from these, both look better than they are."
_SECTION = """\
## int8 alone
From {name}, without float weights. {table}"""


def int8(
    name: str, out: Path | None, rows: Sequence[Row], *, models: Path, report: Report, resamples: int = 200
) -> Outcome:
    """Tell the table of both formats; with `out`, write the model with its int8 weights alone.

    Raises `UnusableError` with a sentence.
    """
    model = find_trained(models, name)
    if not (model.trunk / WEIGHTS_FILE).is_file():
        raise UnusableError(f"{name} has int8 weights only; there is nothing to compare them with.")
    measured = relevant(rows, model.task)
    if not measured:
        raise UnusableError("No row can be measured on.")
    told = (predictions(_in_float(model), measured, report), read_with(models, name, measured, report))
    resampling = Resampling(resamples=resamples)
    size = size_of(model.trunk)
    vocabulary = vocabulary_of(model.trunk)
    floats, ints = measure_speeds(
        [(one, vocabulary) for one in (_float_trunk(model), load_trunk(model.trunk, device="cpu"))]
    )
    table = Table(
        note=_NOTE.format(rows=len(measured)),
        rows=(
            msgspec.structs.replace(
                entry_of(name, "fp32", figures(measured, told[0], resampling), size, floats), mb_int8=None
            ),
            entry_of(
                name if out is None else out.name, "int8", figures(measured, told[1], resampling), size,
                ints, mb_fp32=None, agreement=same_intents(*told),
                span_agreement=same_spans(*told),
            ),
        ),
    )  # fmt: skip
    tell(table, report)
    score = float(model.card.get("score", 0.0))
    if out is None:
        return Outcome(score=score, card=dict(model.card), folder=model.folder)
    return Outcome(score=score, card=_write(model, out, table), folder=out)


def _float_trunk(model: Model) -> TorchTrunk:
    return TorchTrunk(model.trunk, reason="float32 on the processor, to compare with", device="cpu")


def _in_float(model: Model) -> Predictor:
    heads = Heads.load(model.folder)
    reader = Reader(
        trunk=_float_trunk(model),
        tokens=TextEncoder(model.trunk / TOKENIZER_FILE),
        heads=heads,
        version="",
        prefix=prefixes(model.trunk),
    )
    return Predictor(reader, heads)


def _write(model: Model, out: Path, table: Table) -> dict[str, Any]:
    with replacing(out) as folder:
        for path in model.folder.iterdir():
            if path.is_file():
                shutil.copyfile(path, folder / path.name)
        trunk = folder / TRUNK_FOLDER
        shutil.copytree(model.trunk, trunk, ignore=shutil.ignore_patterns(WEIGHTS_FILE))
        card = read_card(trunk)
        card["files"] = {name: digest for name, digest in card.get("files", {}).items() if name != WEIGHTS_FILE}
        (trunk / CARD_FILE).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        own = {name: digest for name, digest in model.card.get("files", {}).items() if not name.startswith("trunk/")}
        digests = {path.relative_to(folder).as_posix(): sha256(path) for path in sorted(trunk.iterdir())}
        made = {"name": model.name, "by": "int8", "table": msgspec.to_builtins(table)}
        return amend(
            folder,
            {"name": out.name, "active": False, "compressed": made, "files": own | digests},
            section=_SECTION.format(name=model.name, table=as_markdown(table)),
        )
