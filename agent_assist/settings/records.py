"""What a setting is: one record, from which dialog, command line, documentation and validation derive."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from agent_assist.domain.language import Language
from agent_assist.errors import InputError

Value = str | bool | int | float
V = TypeVar("V", str, bool, int, float)

_TRUE = frozenset({"true", "yes", "on", "1", "是", "开"})
_FALSE = frozenset({"false", "no", "off", "0", "否", "关"})


class Applies(StrEnum):
    """From when on a changed value is used."""

    AT_ONCE = "at_once"
    WITH_ENGINE = "with_engine"  # when the models are loaded the next time


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Generic[V]):
    """A setting called `name` ("section.key") whose values have the type of `default`.

    `choices` limits texts (`names` are what people call them, English and Chinese), or `pattern` (a whole match; the
    default is shown as the example); `minimum` and `maximum` (both allowed) limit numbers; empty and None do not limit.
    """

    name: str
    title_en: str
    title_zh: str
    default: V
    help_en: str
    help_zh: str
    choices: tuple[str, ...] = ()
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    applies: Applies = Applies.AT_ONCE

    @property
    def section(self) -> str:
        """What stands before the dot of the name."""
        return self.name.partition(".")[0]

    def title(self, language: Language) -> str:
        """What people call it."""
        return self.title_zh if language is Language.ZH else self.title_en

    def choice(self, value: str, language: Language) -> str:
        """What people call one of its choices."""
        english, chinese = self.names[value]
        return chinese if language is Language.ZH else english

    def help(self, language: Language) -> str:
        """What it does, in a sentence for people."""
        return self.help_zh if language is Language.ZH else self.help_en

    def allowed(self, language: Language = Language.EN) -> str:
        """The allowed values, for people."""
        return self._allowed_zh() if language is Language.ZH else self._allowed_en()

    def problem(self, text: str, language: Language) -> str:
        """Why `text` is no value of this setting, in a sentence that says what is; "" where it is one."""
        try:
            self.parse(text)
        except InputError:
            zh = language is Language.ZH
            return f"这里应填{self._allowed_zh()}。" if zh else f"This takes {self._allowed_en()}."
        return ""

    def _allowed_en(self) -> str:
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if isinstance(self.default, bool):
            return "true or false"
        if isinstance(self.default, str):
            return f"a text such as {self.default}" if self.pattern else "a text in one line"
        kind = "a whole number" if isinstance(self.default, int) else "a number"
        return f"{kind} from {self.minimum:g} to {self.maximum:g}" if self.minimum is not None else kind

    def _allowed_zh(self) -> str:
        if self.choices:
            return "以下之一：" + "、".join(self.choices)
        if isinstance(self.default, bool):
            return "是或否"
        if isinstance(self.default, str):
            return f"形如 {self.default} 的文字" if self.pattern else "一行文字"
        kind = "整数" if isinstance(self.default, int) else "数字"
        return f" {self.minimum:g} 到 {self.maximum:g} 之间的{kind}" if self.minimum is not None else kind

    def check(self, value: object) -> V:
        """`value` as this setting's type; raises `InputError`, naming setting and allowed values, for any other."""
        kind = type(self.default)
        if kind is float and type(value) is int:
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool) or not self._permits(value):
            raise InputError(f"The setting {self.name} cannot be {value!r}. It takes {self.allowed()}.")
        return value

    def parse(self, text: str) -> V:
        """The value that a person wrote as `text`; raises `InputError` like `check`."""
        return self.check(self._read(text.strip()))

    def write(self, value: Value) -> str:
        """A value as people write it; `parse` reads it back."""
        return (
            str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
        )

    def _read(self, text: str) -> object:
        if isinstance(self.default, bool):
            return True if text.casefold() in _TRUE else False if text.casefold() in _FALSE else text
        if isinstance(self.default, str):
            return text
        try:
            return int(text) if isinstance(self.default, int) else float(text)
        except ValueError:
            return text

    def _permits(self, value: Value) -> bool:
        if isinstance(value, bool):
            return True
        if isinstance(value, str):
            fits = not self.pattern or re.fullmatch(self.pattern, value) is not None
            return fits and (not self.choices or value in self.choices) and value.isprintable()
        low = float("-inf") if self.minimum is None else self.minimum
        high = float("inf") if self.maximum is None else self.maximum
        return low <= value <= high
