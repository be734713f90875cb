"""What went wrong, in the window's language. No Qt.

Services, the engine and the children that read files say it in English sentences, which cross processes and the command
line as they are. As in gettext, the English sentence is the message's id: `resources/i18n/errors.zh.json` holds each of
them with "{}" for what is filled in, and how it is said in Chinese, with {0}, {1} … in its own order.
"""

import json
import re
from functools import cache
from importlib.resources import files

from agent_assist.domain.language import Language
from ui.i18n import I18n

PLACE = "{}"


def in_words(i18n: I18n, sentence: str) -> str:
    """An error's sentence in the window's language; what is not known stays as it is. What fills it may be such a
    sentence itself, as where one error tells of another."""
    return _chinese(sentence) if i18n.language is Language.ZH else sentence


def _chinese(sentence: str) -> str:
    for pattern, told in _patterns():
        if found := pattern.fullmatch(sentence):
            return told.format(*map(_chinese, found.groups()))
    return sentence


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Those with the most words of their own first: a shorter one may fit the same sentence."""
    table = error_table()
    ordered = sorted(table, key=lambda english: len(english.replace(PLACE, "")), reverse=True)
    return [
        (re.compile("(.*?)".join(map(re.escape, english.split(PLACE))), re.DOTALL), table[english])
        for english in ordered
    ]


@cache
def error_table() -> dict[str, str]:
    """The English sentences with their Chinese ones."""
    text = files("resources").joinpath("i18n", "errors.zh.json").read_text(encoding="utf-8")
    table: dict[str, str] = json.loads(text)
    return table
