"""The settings of a profile, in a TOML file that people may edit by hand."""

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from agent_assist.errors import InputError, StorageFaultError
from agent_assist.settings.catalog import SETTINGS
from agent_assist.settings.records import Setting, Value
from agent_assist.settings.sections import (
    AgentSettings,
    EngineSettings,
    KnowledgeSettings,
    SendingSettings,
    ServiceSettings,
    ShopSettings,
    SuggestionSettings,
    UiSettings,
)

AnySetting = Setting[str] | Setting[bool] | Setting[int] | Setting[float]


def find_setting(name: str) -> AnySetting:
    """The record of a setting; raises `InputError` naming the known ones."""
    if name not in SETTINGS:
        raise InputError(f"There is no setting {name!r}. The settings are: {', '.join(SETTINGS)}.")
    return SETTINGS[name]


class Settings:
    """Values of all settings; what the file does not name has its default.

    Comments and entries of other versions of the program stay in the file. Not for use from several threads.
    """

    def __init__(self, path: Path, document: tomlkit.TOMLDocument) -> None:
        """Made by `load`; raises `InputError` for a value that a setting does not take."""
        self._path = path
        self._document = document
        self._values: dict[str, Value] = {}
        plain = document.unwrap()
        for name, setting in SETTINGS.items():
            written = _written(plain, name)
            if written is not None:
                self._values[name] = setting.check(written)

    @classmethod
    def load(cls, path: Path) -> "Settings":
        """Read the file, which need not exist. Raises `InputError` that names file and fault, `StorageFaultError`."""
        try:
            text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
            return cls(path, tomlkit.parse(text))
        except (TOMLKitError, UnicodeDecodeError) as error:
            raise InputError(
                f"{path.name} cannot be read: {error}. Correct it, or delete it to start afresh."
            ) from error
        except InputError as error:
            raise InputError(f"{error} Correct it in {path.name}.") from error
        except OSError as error:
            raise StorageFaultError(f"{path.name} cannot be read: {error.strerror}.") from error

    @property
    def ui(self) -> UiSettings:
        """The section `ui`."""
        return UiSettings(**self._section("ui"))

    @property
    def engine(self) -> EngineSettings:
        """The section `engine`."""
        return EngineSettings(**self._section("engine"))

    @property
    def suggestion(self) -> SuggestionSettings:
        """The section `suggestion`."""
        return SuggestionSettings(**self._section("suggestion"))

    @property
    def service(self) -> ServiceSettings:
        """The section `service`."""
        return ServiceSettings(**self._section("service"))

    @property
    def sending(self) -> SendingSettings:
        """The section `sending`."""
        return SendingSettings(**self._section("sending"))

    @property
    def knowledge(self) -> KnowledgeSettings:
        """The section `knowledge`."""
        return KnowledgeSettings(**self._section("knowledge"))

    @property
    def shop(self) -> ShopSettings:
        """The section `shop`."""
        return ShopSettings(**self._section("shop"))

    @property
    def agent(self) -> AgentSettings:
        """The section `agent`."""
        return AgentSettings(**self._section("agent"))

    def get(self, name: str) -> Value:
        """The value by name; raises `InputError` for an unknown name."""
        return self._values.get(name, find_setting(name).default)

    def text(self, name: str) -> str:
        """The value as people write it, e.g. "true" or "0.35"."""
        return find_setting(name).write(self.get(name))

    def values(self) -> dict[str, Value]:
        """All values by name, in the catalog's order."""
        return {name: self.get(name) for name in SETTINGS}

    def is_default(self, name: str) -> bool:
        """Whether the setting was never set (or was reset)."""
        find_setting(name)
        return name not in self._values

    def set(self, name: str, value: Value) -> None:
        """Check, keep and save one value; see `update`."""
        self.update({name: value})

    def set_text(self, name: str, text: str) -> None:
        """Set the value that a person wrote as `text`; see `update`."""
        self.update({name: find_setting(name).parse(text)})

    def update(self, values: Mapping[str, Value]) -> None:
        """Set several values and save the file once.

        Raises `InputError` for an unknown name or a value not taken, `StorageFaultError` when the file cannot be
        written; then none of them is set.
        """
        checked = {name: find_setting(name).check(value) for name, value in values.items()}
        self._commit({**self._values, **checked})

    def reset(self, name: str) -> None:
        """Go back to the default and save."""
        find_setting(name)
        self._commit({other: value for other, value in self._values.items() if other != name})

    def _section(self, section: str) -> dict[str, Any]:
        prefix = section + "."
        return {name.removeprefix(prefix): self.get(name) for name in SETTINGS if name.startswith(prefix)}

    def _commit(self, values: dict[str, Value]) -> None:
        document = tomlkit.parse(tomlkit.dumps(self._document))
        for name in SETTINGS:
            _write(document, name, values.get(name))
        _save(self._path, tomlkit.dumps(document))
        self._document, self._values = document, values


def _written(plain: Mapping[str, Any], name: str) -> object:
    section, key = name.split(".")
    table = plain.get(section, {})
    if not isinstance(table, Mapping):
        raise InputError(f"The entry {section} must be a section with the setting {name}.")
    return table.get(key)


def _write(document: tomlkit.TOMLDocument, name: str, value: Value | None) -> None:
    section, key = name.split(".")
    table = document.get(section)
    if value is None:
        if table is not None:
            table.pop(key, None)
        return
    if table is None:
        table = tomlkit.table()
        document[section] = table
    assert isinstance(table, MutableMapping)  # checked when it was read
    if table.get(key) != value:
        table[key] = value


def _save(path: Path, text: str) -> None:
    """Replace the file in one step, so that a crash leaves the old or the new one."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise StorageFaultError(f"{path.name} cannot be written: {error.strerror}. Nothing was changed.") from error
