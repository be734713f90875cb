"""Whether a GGUF of the user's is a reply model or an adapter that works here: read, loaded, and asked for a word."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.errors import BadNumbersError, NoMemoryError, UnusableModelError
from models.names import plain_name
from models.reply.choice import STARTER, Choice, base_of_chosen
from models.reply.gguf_file import BrokenGgufError, GgufFile, check_adapter, read_head
from models.reply.opening import LEAST_TRAINED, open_runtime
from models.reply.runtime import ModelLoadError
from models.reply.writer import Writer

_EMBEDDERS = re.compile(r"bert|t5encoder|embedding", re.IGNORECASE)
_NO_WRITERS: Mapping[str, str] = {
    "mmproj": "the part of a model that sees pictures (mmproj)",
    "imatrix": "a table of importances for making other models smaller (imatrix)",
    "vocab": "a vocabulary without weights",
    "dataset": "a data set",
}


def inspect_gguf(path: Path, models_dir: Path | None, base: str = "") -> dict[str, Any]:
    """What it is, as `models.inspect` tells it. `base` names the model that an adapter is for, else the one in use.

    Raises UnusableModelError, whose message says what the file is instead or what is wrong with it. A file over which
    llama.cpp aborts ends the process: callers run this in one of its own.
    """
    try:
        head = read_head(path)
        if head.text("general.type") == "adapter":
            return _adapter(head, models_dir, base)
        _check_writes(head)
    except BrokenGgufError as error:
        raise UnusableModelError(str(error)) from error
    note = _try(Choice(model=path, adapter=None, version=path.stem, name=path.stem))
    return _told(head, "reply") | {"notes": [note] if note else []}


def _check_writes(head: GgufFile) -> None:
    name, kind = head.path.name, head.text("general.type")
    if head.number("split.count") > 1:
        raise UnusableModelError(
            f"{name} is one of {head.number('split.count')} parts. Join them first: `llama-gguf-split --merge {name} "
            "OUT.gguf`."
        )
    other = _NO_WRITERS.get(kind) or ("the part of a model that sees pictures" if head.architecture == "clip" else "")
    if other:
        raise UnusableModelError(f"{name} is {other} and writes nothing. Give the language model itself.")
    embeds = head.number("pooling_type") > 0 or head.fields.get(f"{head.architecture}.attention.causal") is False
    if embeds or _EMBEDDERS.search(head.architecture):
        raise UnusableModelError(
            f"{name} is an embedding model ({head.architecture}): it turns texts into vectors and writes nothing."
        )
    if not head.tensors or not head.lists.get("tokenizer.ggml.tokens"):
        missing = "weights" if not head.tensors else "vocabulary"
        raise UnusableModelError(f"{name} holds no {missing}. Convert the model anew.")
    if 0 < head.number("context_length") < LEAST_TRAINED:
        raise UnusableModelError(
            f"{name} reads {head.number('context_length')} tokens at most; a reply needs {LEAST_TRAINED}."
        )


def _adapter(head: GgufFile, models_dir: Path | None, base: str) -> dict[str, Any]:
    if models_dir is None:
        return _told(head, "adapter")
    model = models_dir / "reply" / base / "model.gguf" if base else base_of_chosen(models_dir)
    if not model.is_file():
        raise UnusableModelError(
            f"There is no reply model {base or STARTER} to use {head.path.name} with; `agent-assist models list` shows "
            "those that are there."
        )
    check_adapter(head, read_head(model))
    chat = model.parent.name != STARTER
    _try(Choice(model=model, adapter=head.path, version=head.path.stem, name=head.path.stem, chat=chat))
    # Adapters for the starter are made by our own training, on our own prompt.
    return _told(head, "adapter") | {"base": model.parent.name, "chat": chat}


def _try(choice: Choice) -> str:
    """Load it on the CPU and let it write a word; returns what is to be known of it."""
    try:
        writer = Writer.over(open_runtime(choice, gpu_layers=0), choice)
        try:
            writer.warm_up()
            return writer.note
        finally:
            writer.close()
    except (ModelLoadError, BadNumbersError, NoMemoryError, RuntimeError, ValueError) as error:
        name = (choice.adapter or choice.model).name
        raise UnusableModelError(f"{name} cannot be used: {error}") from error


def _told(head: GgufFile, kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": plain_name(head.text("general.name") or head.path.stem),
        "architecture": head.architecture,
        "license": head.text("general.license"),
        "version": head.text("general.version"),
    }
