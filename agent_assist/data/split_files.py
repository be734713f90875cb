"""The parts of a split as files in a folder of their own, with a note of how they were made."""

import hashlib
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from agent_assist.data.rows_file import write_rows
from agent_assist.data.split import Split
from agent_assist.errors import InputError, StorageFaultError

NOTE = "split.json"


def write_split(split: Split, folder: Path, *, source: Path) -> dict[str, Any]:
    """Write `NAME.jsonl` for each part and `split.json` into a new folder; returns what the note says.

    Raises `InputError` where `folder` holds something or its parent is missing, `StorageFaultError` where writing
    fails; either way no folder is left behind.
    """
    if not folder.parent.is_dir() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        raise InputError(f"{folder} cannot be made. Name a new or empty folder inside one that exists.")
    try:
        with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as work:
            made = Path(work) / folder.name
            note = _write(split, made, source)
            if folder.exists():
                folder.rmdir()
            made.rename(folder)
    except OSError as error:
        raise StorageFaultError(f"{folder} cannot be written: {error.strerror}.") from error
    return note


def _write(split: Split, folder: Path, source: Path) -> dict[str, Any]:
    note = _note(split, source)
    for name, rows in split.parts.items():
        path = folder / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_rows(path, rows)
    (folder / NOTE).write_bytes(msgspec.json.format(msgspec.json.encode(note), indent=2) + b"\n")
    return note


def _note(split: Split, source: Path) -> dict[str, Any]:
    """How the parts were made, and what is in them."""
    plan = split.plan
    parts = {
        name: {"rows": len(rows), "labels": dict(Counter(label for row in rows for label in row.labels).most_common())}
        for name, rows in split.parts.items()
    }
    return {
        "by": plan.by,
        "seed": plan.seed,
        "near": plan.near,
        "on_leak": plan.on_leak,
        "source": source.name,
        "source_sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "parts": parts,
        "dropped": list(split.dropped),
        "absent": {name: list(labels) for name, labels in split.absent.items()},
    }
