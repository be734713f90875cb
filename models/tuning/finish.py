"""What is told of a model beside its training: added to its card, for programs and for people."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.understanding.choice import read_card
from models.understanding.heads import CARD_FILE

_TEXT_FILE = "card.md"


def amend(folder: Path, fields: Mapping[str, Any], *, section: str, files: Mapping[str, str] | None = None) -> Any:
    """Add fields to model.json, a section to card.md and text files beside them; returns the new card.

    The same call again changes nothing, so that it can be repeated after a kill.
    """
    text = (folder / _TEXT_FILE).read_text(encoding="utf-8") if (folder / _TEXT_FILE).is_file() else ""
    added = dict(files or {}) | {_TEXT_FILE: text if section in text else f"{text.rstrip()}\n\n{section}".lstrip()}
    card = read_card(folder)
    digests = dict(card.get("files", {}))
    for name, content in added.items():
        _write(folder / name, content)
        digests[name] = hashlib.sha256(content.encode()).hexdigest()
    card |= {**fields, "files": dict(sorted(digests.items()))}
    _write(folder / CARD_FILE, json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return card


def markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def _write(path: Path, content: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content.encode())
    fresh.replace(path)
