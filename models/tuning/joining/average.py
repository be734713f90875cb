"""Several models whose answers are averaged as one: `agent-assist models ensemble … --by average`.

The folder names its members; `models.understanding.averaging` reads with them.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.folders import replacing
from models.metrics.intervals import Figure, Resampling
from models.training.dataset.rows import Row, relevant
from models.training.errors import UnusableError
from models.training.run import Outcome, Report
from models.tuning.costs import Size, Speed, size_of, speeds_of
from models.tuning.finish import amend
from models.tuning.reading import figures, read_with
from models.tuning.table import Entry, Table, as_markdown, entry_of, tell
from models.understanding.averaging import AveragedReader, is_averaged, trunk_key
from models.understanding.choice import MEMBERS, find_model, read_card
from models.understanding.heads import CARD_FILE

_AVERAGE_TEXT = """\
# {name}

The mean of the probabilities of {members}. Reading a message costs {passes} of a trunk: {trunks}.

{table}"""
_SEEN = "On {rows} rows; models that learned from some of them look better than they are."
_JOINED = "joined"
_UNMEASURED = "No rows were given to measure on."


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A model by name, with its folder, trunk and card."""

    name: str
    folder: Path
    trunk: Path
    card: Mapping[str, Any]


def find_members(models: Path, names: Sequence[str]) -> list[Member]:
    """Raises `UnusableError` with a sentence where they cannot be joined."""
    if len(set(names)) < 2:
        raise UnusableError("An ensemble needs two different models at least.")
    found = []
    for name in dict.fromkeys(names):
        try:
            folder, trunk = find_model(models, name)
        except FileNotFoundError as error:
            raise UnusableError(str(error)) from error
        if folder is None:
            raise UnusableError(f"{name} is an encoder, which tells no labels; name models that were trained.")
        if is_averaged(folder):
            raise UnusableError(f"{name} is an average of others; name those.")
        found.append(Member(name=name, folder=folder, trunk=trunk, card=read_card(folder)))
    return found


def average(names: Sequence[str], out: Path, *, models: Path, report: Report, rows: Sequence[Row] = ()) -> Outcome:
    """Write a folder that names the members; `rows` are to measure on."""
    members = find_members(models, names)
    versions = [{"name": one.name, "version": str(one.card.get("version", ""))} for one in members]
    same = {str(one.card.get("task", "understanding")) for one in members}
    task = same.pop() if len(same) == 1 else "understanding"
    first = members[0].card
    digest = hashlib.sha256(json.dumps(versions).encode()).hexdigest()
    card = {
        "name": out.name, "kind": "heads", "task": task,
        "version": f"1-{digest[:8]}", "license": first.get("license", ""),
        "base": ", ".join(one.name for one in members), "encoder": first.get("encoder", ""),
        "made_by": "models.tuning", MEMBERS: versions,
        **{name: first[name] for name in ("labels", "intents", "entity_types") if name in first},
    }  # fmt: skip
    with replacing(out) as folder:
        (folder / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")
        try:
            AveragedReader.of_members(models, folder, device="cpu")
        except ValueError as error:
            raise UnusableError(str(error)) from error
        table = joined_table(members, out.name, "average", folder, models, rows, report, task)
        tell(table, report)
        trunks = {trunk_key(one.trunk): _trunk_name(one) for one in members}
        text = _AVERAGE_TEXT.format(
            name=out.name, members=", ".join(one.name for one in members), table=as_markdown(table),
            passes="one pass" if len(trunks) == 1 else f"{len(trunks)} passes", trunks=", ".join(trunks.values()),
        )  # fmt: skip
        more = {"metrics": _metrics(table.rows[-1].figures), "measured_on": table.note, "passes": len(trunks)}
        card = amend(folder, more, section=text)
    return Outcome(score=_score(table.rows[-1].figures), card=card, folder=out)


def joined_table(
    members: Sequence[Member],
    name: str,
    how: str,
    folder: Path,
    models: Path,
    rows: Sequence[Row],
    report: Report,
    task: str,
) -> Table:
    """Members and what was made of them, each read as it is."""
    measured = relevant(rows, task)
    trunks = {trunk_key(one.trunk): one.trunk for one in members}
    own = len(trunks)
    if how == "soup":
        trunks[_JOINED] = find_model(models, str(folder))[1]
    places = list(trunks.values())
    costs = dict(zip(trunks, zip(map(size_of, places), speeds_of(places), strict=True), strict=True))
    joined = list(costs.values())[:own] if how == "average" else [costs[_JOINED]]

    def told(one: str) -> dict[str, Figure]:
        return (
            figures(measured, read_with(models, one, measured, report), Resampling(resamples=200)) if measured else {}
        )

    entries: list[Entry] = [
        entry_of(one.name, "member", told(one.name), *costs[trunk_key(one.trunk)]) for one in members
    ]
    entries.append(entry_of(name, how, told(str(folder)), _sizes(joined), _speeds(joined)))
    return Table(note=_SEEN.format(rows=len(measured)) if measured else _UNMEASURED, rows=tuple(entries))


def _trunk_name(member: Member) -> str:
    own = member.trunk.parent == member.folder
    return f"that of {member.name}" if own else str(member.card.get("encoder", member.trunk.name))


def _sizes(costs: Sequence[tuple[Size, Speed]]) -> Size:
    """Of several trunks together."""
    sizes = [size for size, _ in costs]
    floats = [size.mb_fp32 for size in sizes if size.mb_fp32 is not None]
    return Size(
        layers=sum(size.layers for size in sizes),
        heads=sum(size.heads for size in sizes),
        mb_int8=round(sum(size.mb_int8 for size in sizes), 3),
        mb_fp32=round(sum(floats), 3) if len(floats) == len(sizes) else None,
    )


def _speeds(costs: Sequence[tuple[Size, Speed]]) -> Speed:
    """Of several trunks one after the other."""
    speeds = [speed for _, speed in costs]
    return Speed(
        ms=round(sum(speed.ms for speed in speeds), 2),
        per_second=round(1 / sum(1 / speed.per_second for speed in speeds), 1),
    )


def _metrics(found: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: {"value": one.value, "low": one.low, "high": one.high} for name, one in found.items()}


def _score(found: Mapping[str, Figure]) -> float:
    main = [found[name].value for name in ("macro_f1", "span_f1") if name in found]
    return sum(main) / len(main) if main else 0.0
