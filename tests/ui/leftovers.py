"""Texts of the other language on a screen, and texts that stand out too little from their ground."""

import re
from collections.abc import Iterator

from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QWidget

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What stays as it is in Chinese: names, keys, units, formats, addresses.
KEPT = re.compile(
    r"\b(Agent Assist|GGUF|Hugging Face|Ctrl|Shift|Alt|Enter|Esc|Tab|Del|PgUp|PgDown|PgDn|Space|Return|Up|Down|F\d+|"
    r"MB|GB|ms|MIT|Gemma|English|CPU|GPU|API|TK-\d+|[A-Z]|CSV|XLSX|EML|MBOX|JSONL|agent-assist models build)\b|"
    r"http://\S+|\b[\w.-]*\d[\w.-]*\b"
)
WORD = re.compile(r"[A-Za-z]{2,}")


def texts_of(widget: QWidget) -> Iterator[str]:
    """All that a widget says: its text, placeholder, tooltip, and what screen readers hear."""
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())


def said_in_another(text: str, language: str) -> bool:
    """Whether a text has words of the other language."""
    if language == "en":
        return CHINESE.search(text.replace("中文", "")) is not None
    return WORD.search(KEPT.sub("", text)) is not None


def foreign(root: QWidget, language: str, *, allowed: frozenset[str] = frozenset()) -> list[str]:
    """Visible texts that are not in `language`; `allowed` are names that people gave."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        if not widget.isVisible():
            continue
        for text in texts_of(widget):
            said = text.replace("&", "")
            for name in sorted(allowed, key=len, reverse=True):
                said = said.replace(name, "")
            if said_in_another(said, language):
                found.append(text)
    return found
