"""Which reply model and which adapter are used, and where they run."""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)
STARTER = "gemma3-270m"
_STARTER_ADAPTER = "adapters/reply-starter"
_SIBLINGS = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A model on a server. Its key lies in the system's keyring under `service` and `user`, "" where it needs none."""

    url: str
    model: str
    allow_public: bool = False
    service: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A model file with the adapter that belongs to it, if one does.

    `name` is that of the folder to choose it by. `marks`: the adapter begins each reply with a mark of whether the
    passages answer (prompt.py). `chat`: the adapter was trained on the model's own chat template, not on our prompt.
    `evidence`: the folder of the reader that cuts the notes for the adapter, None for one that reads them whole.
    `server`: the model on it is meant, and the files are the local model's that writes while it is away.
    """

    model: Path
    adapter: Path | None
    version: str
    name: str = ""
    marks: bool = False
    chat: bool = False
    evidence: Path | None = None
    server: Server | None = None


def choose(models_dir: Path) -> Choice:
    """The newest folder under `models_dir`/reply that is marked active, else the starter.

    A folder holds a model.gguf, or an adapter.gguf for the base that its model.json names. Raises FileNotFoundError
    with a sentence where nothing is installed.
    """
    choice = chosen(models_dir)
    for path in (choice.model, choice.adapter):
        if path is not None and not path.is_file():
            raise FileNotFoundError(f"The reply model {path} is missing. Run `agent-assist models build`.")
    return choice


def starter(models_dir: Path) -> Choice:
    """The starter, whatever is active."""
    return _of(models_dir / "reply" / STARTER)


def base_of_chosen(models_dir: Path) -> Path:
    """The model file under what is in use: an adapter added now is for it."""
    return chosen(models_dir).model


def chosen(models_dir: Path) -> Choice:
    """What `choose` returns, whether its files are there or not."""
    root = models_dir / "reply"
    active = [
        (card.stat().st_mtime, card.parent) for card in root.glob("[!.]*/model.json") if _read(card).get("active")
    ]
    return _of(max(active)[1] if active else root / STARTER)


def _of(folder: Path) -> Choice:
    card = _read(folder / "model.json")
    if card.get("kind") == "adapter":
        base = folder.parent / str(card.get("base", STARTER))
        return Choice(
            model=base / "model.gguf",
            adapter=folder / "adapter.gguf",
            version=f"{base.name}+{folder.name}-{card.get('version', '0')}",
            name=folder.name,
            marks=bool(card.get("marks")),
            chat=bool(card.get("chat")),
            evidence=evidence_folder(folder.parent.parent, card),
        )
    if card.get("kind") == "server":
        server = Server(
            url=str(card.get("url", "")),
            model=str(card.get("model", "")),
            allow_public=card.get("allow_public") is True,
            service=str(card.get("key_service", "")),
            user=str(card.get("key_user", "")),
        )
        return replace(_of(folder.parent / STARTER), server=server, name=folder.name)
    plain = Choice(model=folder / "model.gguf", adapter=None, version=folder.name, name=folder.name)
    shipped = _starter_adapter(folder.name)
    if shipped is None:
        return plain
    own = _read(shipped / "model.json")
    return replace(
        plain,
        adapter=shipped / "adapter.gguf",
        version=f"{folder.name}+{shipped.name}-{own.get('version', '0')}",
        marks=bool(own.get("marks")),
        evidence=evidence_folder(folder.parent.parent, own),
    )


def _starter_adapter(base: str) -> Path | None:
    """The folder of the shipped adapter, where it was trained on that base."""
    folder = Path(str(files("resources").joinpath(_STARTER_ADAPTER)))
    card = _read(folder / "model.json")
    return folder if card.get("base") == base and (folder / "adapter.gguf").is_file() else None


def evidence_folder(models_dir: Path, card: Mapping[str, Any]) -> Path | None:
    """Where the reader lies that the adapter with this card was trained with, if it was with one."""
    return models_dir / "evidence" / str(card["evidence"]) if card.get("evidence") else None


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
