"""Both languages say everything, with the same places to fill, and no widget's text is written in the code."""

import ast
import re
import string
from pathlib import Path

import pytest

from agent_assist.domain.events import EngineState
from agent_assist.domain.feedback import FeedbackKind, RejectReason
from agent_assist.domain.language import Language
from ui.i18n import I18n, Texts, load_table, plural_form
from ui.text_keys import Key

UI = Path(__file__).parents[2] / "ui"
SETTERS = {
    "setText",
    "setToolTip",
    "setPlaceholderText",
    "setAccessibleName",
    "setAccessibleDescription",
    "setWindowTitle",
    "setTitle",
    "setStatusTip",
    "addItem",
    "addAction",
    "addMenu",
    "addTab",
    "showMessage",
    "say",
    "set_line",
    "chip",
    "QLabel",
    "QPushButton",
    "QAction",
    "QGroupBox",
    "QCheckBox",
}
LETTERS = re.compile(r"[^\W\d_]{2,}")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", list(Language))
def test_a_table_holds_exactly_the_keys(language: Language) -> None:
    assert set(load_table(language)) == {key.value for key in Key}


def test_no_text_is_kept_for_nothing() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in UI.rglob("*.py"))
    assert [key.name for key in Key if not re.search(rf"\bKey\.{key.name}\b", code)] == []


@pytest.mark.parametrize("key", list(Key))
def test_both_languages_fill_the_same_places(key: Key) -> None:
    found = []
    for language in Language:
        message = load_table(language)[key]
        forms = message if isinstance(message, dict) else {"other": message}
        assert all(form.strip() for form in forms.values())
        found.append(set().union(*(places(form) for form in forms.values())))
        if isinstance(message, dict):
            assert set(forms) == ({"one", "other"} if language is Language.EN else {"other"})
    assert found[0] == found[1]


def test_english_counts_one_apart_and_chinese_does_not() -> None:
    i18n = I18n(Language.EN)
    assert [i18n(Key.INBOX_COUNT, n=n) for n in (0, 1, 2, 1200)] == [
        "0 tickets",
        "1 ticket",
        "2 tickets",
        "1,200 tickets",
    ]
    assert plural_form(Language.ZH, 1) == "other"


def test_bound_texts_follow_the_language_until_they_are_closed() -> None:
    i18n = I18n(Language.EN)
    texts = Texts(i18n)
    said: list[str] = []
    texts.bind(said.append, Key.APP_TITLE)
    i18n.switch(Language.ZH)
    texts.close()
    i18n.switch(Language.EN)
    assert said == ["Agent Assist", "客服助手"]


@pytest.mark.parametrize(
    "kind",
    [
        *(f"act.{k}" for k in FeedbackKind),
        *(f"reject.{r}" for r in RejectReason),
        *(f"engine.{s}" for s in EngineState),
    ],
)
def test_every_kind_of_the_domain_has_a_name(kind: str) -> None:
    assert Key(kind)


def hard_coded(tree: ast.AST) -> list[tuple[int, str]]:
    """Texts for people that are given to a widget as literals."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in SETTERS:
            continue
        for part in ast.walk(node.args[0]) if node.args else ():
            if isinstance(part, ast.Call):
                break
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and LETTERS.search(part.value):
                found.append((node.lineno, part.value))
    return found


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: str(path.relative_to(UI)))
def test_no_text_is_hard_coded(path: Path) -> None:
    assert hard_coded(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_a_hard_coded_text_would_be_found() -> None:
    assert hard_coded(ast.parse("label.setText('Hello')")) == [(1, "Hello")]
