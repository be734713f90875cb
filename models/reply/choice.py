"""Which reply model and which adapter are used, and where they run."""

import json
import logging
import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)
STARTER = "gemma3-270m"
_STARTER_ADAPTER = "adapters/reply-starter"
_SIBLINGS = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A model file with the adapter that belongs to it, if one does.

    `marks`: the adapter begins each reply with a mark of whether the passages answer (prompt.py).
    """

    model: Path
    adapter: Path | None
    version: str
    marks: bool = False


def choose(models_dir: Path) -> Choice:
    """The newest folder under `models_dir`/reply that is marked active, else the starter.

    A folder holds a model.gguf, or an adapter.gguf for the base that its model.json names. Raises FileNotFoundError
    with a sentence where nothing is installed.
    """
    root = models_dir / "reply"
    active = [
        (card.stat().st_mtime, card.parent) for card in root.glob("[!.]*/model.json") if _read(card).get("active")
    ]
    folder = max(active)[1] if active else root / STARTER
    card = _read(folder / "model.json")
    if card.get("kind") == "adapter":
        base = root / str(card.get("base", STARTER))
        choice = Choice(
            model=base / "model.gguf",
            adapter=folder / "adapter.gguf",
            version=f"{base.name}+{folder.name}-{card.get('version', '0')}",
            marks=bool(card.get("marks")),
        )
    else:
        adapter, suffix, marks = _starter_adapter(folder.name)
        choice = Choice(model=folder / "model.gguf", adapter=adapter, version=folder.name + suffix, marks=marks)
    for path in (choice.model, choice.adapter):
        if path is not None and not path.is_file():
            raise FileNotFoundError(f"The reply model {path} is missing. Run `agent-assist models build`.")
    return choice


def _starter_adapter(base: str) -> tuple[Path | None, str, bool]:
    """The shipped adapter, its part of the version and whether it marks, where it was trained on that base."""
    folder = Path(str(files("resources").joinpath(_STARTER_ADAPTER)))
    card = _read(folder / "model.json")
    if card.get("base") != base or not (folder / "adapter.gguf").is_file():
        return None, "", False
    return folder / "adapter.gguf", f"+{folder.name}-{card.get('version', '0')}", bool(card.get("marks"))


def _read(card: Path) -> dict[str, Any]:
    try:
        content = json.loads(card.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        logger.warning("%s is not valid JSON and is ignored", card)
        return {}
    return content if isinstance(content, dict) else {}


def physical_cores() -> int:
    """Cores this process may use, hyper-threads counted once; a second thread on a core slows llama.cpp down."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    cores = set()
    for cpu in usable:
        try:
            cores.add(Path(_SIBLINGS.format(cpu)).read_text(encoding="ascii"))
        except OSError:
            cores.add(str(cpu))  # no such file outside Linux: take the system's word
    return max(1, len(cores))
