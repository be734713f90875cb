"""What is told of a model beside its training: added to its card, for programs and for people."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.folders import replacing
from models.understanding.choice import read_card
from models.understanding.heads import CARD_FILE

_TEXT_FILE = "card.md"


def amend(
    folder: Path, fields: Mapping[str, Any], *, section: str, files: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Add fields to model.json, a section to card.md and text files beside them; returns the new card.

    A section takes the place of an older one with its heading.
    """
    path = folder / _TEXT_FILE
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    heading = section.partition("\n")[0]
    older = f"\n{text}".partition(f"\n{heading}\n")[0].strip()
    added = dict(files or {}) | {_TEXT_FILE: f"{older}\n\n{section}".lstrip()}
    card: dict[str, Any] = read_card(folder) | dict(fields)
    digests = dict(card.get("files", {}))
    for name, content in added.items():
        _write(folder / name, content)
        digests[name] = hashlib.sha256(content.encode()).hexdigest()
    card["files"] = dict(sorted(digests.items()))
    written = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    _write(folder / CARD_FILE, written)
    told: dict[str, Any] = json.loads(written)
    return told


def publish(
    made: Path, out: Path, fields: Mapping[str, Any], *, section: str, files: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Copy a finished artefact to `out` with what `amend` adds: there as a whole, or not at all. Returns the card."""
    with replacing(out) as folder:
        shutil.copytree(made, folder, dirs_exist_ok=True)
        return amend(folder, fields, section=section, files=files)


def markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def _write(path: Path, content: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content.encode())
    fresh.replace(path)
