"""Several models' trunks averaged into one: `agent-assist models ensemble … --by soup`.

A soup (Wortsman et al. 2022) has the mean of the weights of trunks tuned from the same one, and heads fitted on it
anew: reading costs no more than one member.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import torch

from models.encoder.layout import TOKENIZER_FILE
from models.sources import sha256
from models.training.dataset.rows import Row
from models.training.encoders import EncoderSource, find_encoder
from models.training.errors import UnusableError
from models.training.run import Outcome, Report, train
from models.tuning.finish import publish
from models.tuning.joining.average import Member, find_members, joined_table
from models.tuning.sources import config_of, load, origin, write_source
from models.tuning.table import as_markdown, tell
from models.understanding.averaging import trunk_key

_SOUP_SECTION = """\
## Soup
The trunk is the mean of the trunks of {members}; the heads were fitted on it anew. Reading costs what one member costs.

{table}"""


def soup(
    names: Sequence[str],
    out: Path,
    rows: Sequence[Row],
    *,
    models: Path,
    report: Report,
    validation: Sequence[Row] | None = None,
    work: Path,
) -> Outcome:
    """Average the trunks and fit the heads of the first member's task on `rows`."""
    members = find_members(models, names)
    task = str(members[0].card.get("task", "understanding"))
    source = _souped(members, out.name, work / "soup", models)
    config = msgspec.structs.replace(config_of(members[0].card, task), encoder=str(source.folder), trunk="frozen")
    outcome = train(
        task, rows, config, work / "souped" / out.name,
        models=models, report=report, validation=validation, work=work / "training",
    )  # fmt: skip
    table = joined_table(members, out.name, "soup", outcome.folder, models, [*rows, *(validation or ())], report, task)
    tell(table, report)
    told = [one.name for one in members]
    card = publish(
        outcome.folder,
        out,
        {"soup": told, "config": {**outcome.card["config"], "encoder": members[0].card.get("encoder", "")}},
        section=_SOUP_SECTION.format(members=", ".join(told), table=as_markdown(table)),
    )
    return Outcome(score=outcome.score, card=card, folder=out)


def _souped(members: Sequence[Member], name: str, folder: Path, models: Path) -> EncoderSource:
    sources = [find_encoder(models, str(one.trunk)) for one in members]
    if len({trunk_key(one.trunk) for one in members}) < 2:
        raise UnusableError("All these models stand on the same trunk, which was not tuned; average them instead.")
    origins = {origin(one): member.name for one, member in zip(sources, members, strict=True)}
    if len(origins) > 1:
        told = "; ".join(f"{member} from {one}" for one, member in origins.items())
        raise UnusableError(f"A soup needs trunks that were tuned from the same one, but there are {told}.")
    if len({sha256(one.folder / TOKENIZER_FILE) for one in sources}) > 1:
        raise UnusableError("These trunks read different tokens; average the models instead.")
    berts = [load(one) for one in sources]
    states = [bert.state_dict() for bert in berts]
    shapes = {tuple(sorted((part, tuple(value.shape)) for part, value in state.items())) for state in states}
    if len(shapes) > 1:
        raise UnusableError("These trunks have different shapes; average the models instead.")
    mean = {
        part: torch.stack([state[part].float() for state in states]).mean(0) if value.is_floating_point() else value
        for part, value in states[0].items()
    }
    return write_source(
        folder, mean, berts[0].config, sources[0], name=f"{name}-trunk", middle_layer=sources[0].middle_layer
    )
