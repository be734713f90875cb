"""Configurations from TOML and JSON, with one sentence about what is wrong in them, and the defaults as TOML."""

import difflib
import json
import math
import re
import textwrap
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from models.training.config import TASKS, TrainConfig, default_config
from models.training.errors import UnusableError

_KEY = re.compile(r"`\$\.(\w+)")
_UNKNOWN = re.compile(r"unknown field `(.*)`")
_TYPES = {
    inspect.FloatType: "a number",
    inspect.IntType: "a whole number",
    inspect.StrType: "a text",
    inspect.BoolType: "true or false",
}


def read_config(path: Path, task: str, *, shown: str = "") -> TrainConfig:
    """The configuration of a .toml or .json file over the defaults of the task.

    Raises `UnusableError` with a sentence that names the file (as `shown`) and the key.
    """
    shown = shown or str(path)
    try:
        text = path.read_text(encoding="utf-8")
        values = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except OSError as error:
        raise UnusableError(f"{shown} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # also of tomllib and of undecodable bytes
        kind = "JSON" if path.suffix.lower() == ".json" else "TOML"
        raise UnusableError(f"{shown} is not {kind}: {error}.") from error
    if not isinstance(values, dict):
        raise UnusableError(f"{shown} holds no settings; write them as an object of names and values.")
    try:
        return as_config(values, task)
    except UnusableError as error:
        raise UnusableError(f"{shown}: {error}") from error


def as_config(values: Mapping[str, Any], task: str) -> TrainConfig:
    """Values over the defaults of the task. Raises `UnusableError` with a sentence that names the key."""
    check_task(task)
    for key, value in values.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise UnusableError(f"{key} must be {_wanted(key)}, not {value}.")
    try:
        return msgspec.convert(msgspec.to_builtins(default_config(task)) | dict(values), TrainConfig)
    except msgspec.ValidationError as error:
        raise UnusableError(_sentence(str(error), values)) from error


def check_task(task: str) -> None:
    """Raises `UnusableError` for a task that does not exist."""
    if task not in TASKS:
        raise UnusableError(f"There is no task {task}; there are {', '.join(TASKS)}.")


def as_toml(task: str) -> str:
    """The defaults of a task, each below what it means."""
    check_task(task)
    values = msgspec.to_builtins(default_config(task))
    parts = []
    for name, field in _fields().items():
        told = textwrap.wrap(f"{_described(field.type)} ({_wanted(name)})", width=100)
        parts.append("\n".join([*(f"# {line}" for line in told), f"{name} = {json.dumps(values[name])}\n"]))
    return "\n".join(parts)


def _sentence(problem: str, values: Mapping[str, Any]) -> str:
    if unknown := _UNKNOWN.search(problem):
        near = difflib.get_close_matches(unknown[1], _fields(), n=1)
        hint = f"did you mean {near[0]}?" if near else "`agent-assist train --show-config TASK` lists all."
        return f"There is no setting {unknown[1]}; {hint}"
    key = _KEY.search(problem)
    if key is None:
        return problem + "."
    return f"{key[1]} must be {_wanted(key[1])}, not {json.dumps(values[key[1]], ensure_ascii=False, default=str)}."


def _fields() -> dict[str, inspect.Field]:
    told = inspect.type_info(TrainConfig)
    assert isinstance(told, inspect.StructType)
    return {field.name: field for field in told.fields}


def _wanted(key: str) -> str:
    """What a value may be, in words."""
    field = _fields().get(key)
    if field is None:
        return "one of the settings"
    kind: Any = _bare(field.type)
    if isinstance(kind, inspect.LiteralType):
        return f"one of {', '.join(map(str, kind.values))}"
    if isinstance(kind, inspect.VarTupleType):
        return f"a list of {', '.join(map(str, kind.item_type.values))}"  # type: ignore[attr-defined]
    words = next(words for known, words in _TYPES.items() if isinstance(kind, known))
    if isinstance(kind, inspect.FloatType | inspect.IntType):
        low = f"above {kind.gt:g}" if kind.gt is not None else f"from {kind.ge:g}" if kind.ge is not None else ""
        high = f"below {kind.lt:g}" if kind.lt is not None else f"to {kind.le:.12g}" if kind.le is not None else ""
        words = " ".join((words, low, high))
    return words


def _bare(kind: inspect.Type) -> inspect.Type:
    return kind.type if isinstance(kind, inspect.Metadata) else kind


def _described(kind: inspect.Type) -> str:
    """The description, wherever msgspec keeps it."""
    extra = kind.extra_json_schema if isinstance(kind, inspect.Metadata) else None
    return str((extra or {}).get("description", ""))
