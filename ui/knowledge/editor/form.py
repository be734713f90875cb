"""The fields of an article."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from agent_assist.domain.knowledge import Article
from agent_assist.domain.taxonomy import load_taxonomy
from ui.i18n import I18n, Texts
from ui.knowledge.editor.presenter import EditorPresenter
from ui.knowledge.editor.slot_text import SlotText
from ui.knowledge.editor.times import time_text
from ui.knowledge.words import KIND_KEYS, LANGUAGE_KEYS, STATUS_LOOKS, VISIBILITY_KEYS
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label, set_property
from ui.widgets.combo import Combo
from ui.widgets.inputs import LineInput, TextInput
from ui.widgets.picker import Choice, Picker, PickerTexts

LISTS = {"tags": Key.KB_FIELD_TAGS_LIST, "products": Key.KB_FIELD_PRODUCTS_LIST}
TIMES = {"valid_from": Key.KB_FIELD_VALID_FROM, "valid_until": Key.KB_FIELD_VALID_UNTIL}
STATUS_KEYS = {status: key for status, (key, _) in STATUS_LOOKS.items()}


class ArticleForm(QWidget):
    """Shows and changes the fields of an `EditorPresenter`; `touched` is called when something was changed."""

    def __init__(self, presenter: EditorPresenter, look: Look, i18n: I18n, *, touched: Callable[[], None]) -> None:
        super().__init__()
        self._presenter, self._look, self._i18n, self._touched = presenter, look, i18n, touched
        self._texts = Texts(i18n)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.between = QVBoxLayout()
        self._grid, rest = _grid(), _grid()
        for part in (self._grid, self.between, rest):
            column.addLayout(part)
        self._row = 0
        self.choices: dict[str, tuple[QComboBox, Sequence[Any]]] = {}
        self.lines: dict[str, QLineEdit] = {}
        self._make_first()
        self._grid, self._row = rest, 0
        self._make_rest()
        look.changed.connect(self._fit)
        self._fit()

    def show_article(self, article: Article) -> None:
        """Set all fields."""
        for name, (combo, values) in self.choices.items():
            combo.setCurrentIndex(list(values).index(getattr(article, name)))
        for name in ("title", "question", "owner"):
            _set(self.lines[name], getattr(article, name))
        for name in LISTS:
            _set(self.lines[name], ", ".join(getattr(article, name)))
        for name in TIMES:
            _set(self.lines[name], time_text(getattr(article, name)))
        for edit, text in ((self.text, article.text), (self.variants, "\n".join(article.variants))):
            if edit.toPlainText() != text:
                edit.setPlainText(text)
        self.text.set_language(article.language)
        self.render_form()

    def render_form(self) -> None:
        """Say which intents are chosen and which times cannot be read."""
        article = self._presenter.article
        names = ", ".join(self._i18n.intent(intent) for intent in article.intents) if article else ""
        shown = names if len(names) <= 40 else names[:39] + "…"
        self.intents.setText(shown or self._i18n(Key.KB_NO_INTENTS))
        self.intents.setToolTip(names)
        for name in TIMES:
            set_property(self.lines[name], "wrong", name in self._presenter.bad_times)

    def _make_first(self) -> None:
        self._line("title", Key.KB_FIELD_TITLE, wide=True)
        self._choice("kind", Key.KB_FIELD_KIND, KIND_KEYS, 0)
        self._choice("status", Key.KB_FIELD_STATUS, STATUS_KEYS, 1)
        self.text = SlotText(self._look)
        self.text.textChanged.connect(lambda: self._typed(text=self.text.toPlainText()))
        self._add(self.text, Key.KB_FIELD_TEXT, wide=True)

    def _make_rest(self) -> None:
        self._line("question", Key.KB_FIELD_QUESTION, wide=True)
        self.variants = TextInput()
        self.variants.setObjectName("editor")
        self.variants.textChanged.connect(lambda: self._typed(variants=_lines(self.variants.toPlainText())))
        self._add(self.variants, Key.KB_FIELD_VARIANTS_LINES, wide=True)
        self._choice("language", Key.KB_FIELD_LANGUAGE, LANGUAGE_KEYS, 0)
        self._choice("visibility", Key.KB_FIELD_VISIBILITY, VISIBILITY_KEYS, 1)
        for place, (name, key) in enumerate(LISTS.items()):
            self._line(name, key, column=place)
        self._line("owner", Key.KB_FIELD_OWNER, column=0)
        self.intents: QPushButton = button("", self._choose_intents)
        self._add(self.intents, Key.KB_FIELD_INTENTS, column=1)
        for place, (name, key) in enumerate(TIMES.items()):
            made = self._line(name, key, column=place)
            self._texts.bind(made.setPlaceholderText, Key.KB_TIME_FORMAT)

    def _fit(self) -> None:
        self.text.setMinimumHeight(self._look.scale.px(180))
        self.variants.setFixedHeight(self._look.scale.px(76))

    def _line(self, name: str, key: Key, *, wide: bool = False, column: int = 0) -> LineInput:
        made = LineInput()
        self.lines[name] = made
        made.textEdited.connect(partial(self._line_typed, name))
        self._add(made, key, wide=wide, column=column)
        return made

    def _choice(self, name: str, key: Key, keys: dict[Any, Key], column: int) -> None:
        combo, values = Combo(), tuple(keys)
        for value in values:
            combo.addItem("", value)
        for place, value in enumerate(values):
            self._texts.bind(partial(combo.setItemText, place), keys[value])
        combo.activated.connect(lambda place: self._chosen(name, values[place]))
        self.choices[name] = (combo, values)
        self._add(combo, key, column=column)

    def _add(self, field: QWidget, key: Key, *, wide: bool = False, column: int = 0) -> None:
        name = label("section")
        self._texts.bind(name.setText, key)
        self._texts.bind(field.setAccessibleName, key)
        name.setBuddy(field)
        span = 2 if wide else 1
        self._grid.addWidget(name, self._row, column, 1, span)
        self._grid.addWidget(field, self._row + 1, column, 1, span)
        if wide or column == 1:
            self._row += 2
            self._grid.setRowMinimumHeight(self._row, self._look.scale.px(6))
            self._row += 1

    def _line_typed(self, name: str, text: str) -> None:
        if name in TIMES:
            self._presenter.typed_time(name, text)
            self.render_form()
            self._touched()
        else:
            self._typed(**{name: _parts(text) if name in LISTS else text})

    def _chosen(self, name: str, value: Any) -> None:
        self._typed(**{name: value})
        if name == "language":
            self.text.set_language(value)

    def _typed(self, **fields: Any) -> None:
        article = self._presenter.article
        if article is None or all(getattr(article, name) == value for name, value in fields.items()):
            return
        self._presenter.typed(**fields)
        self._touched()

    def _choose_intents(self) -> None:
        i18n = self._i18n
        choices = [Choice(label.id, i18n.intent(label.id), label.id) for label in load_taxonomy().intents.values()]
        texts = PickerTexts(
            title=i18n(Key.KB_FIELD_INTENTS),
            search=i18n(Key.PICKER_SEARCH),
            hint=i18n(Key.PICKER_HINT),
            apply=i18n(Key.PICKER_APPLY),
            cancel=i18n(Key.PICKER_CANCEL),
        )
        window = self.window()
        picker = Picker(window, choices, texts, several=True)
        picker.picked.connect(self._intents_chosen)
        picker.open_at(self.intents.mapTo(window, self.intents.rect().bottomLeft()))

    def _intents_chosen(self, chosen: list[str]) -> None:
        self._typed(intents=tuple(chosen))
        self.render_form()


def _grid() -> QGridLayout:
    made = QGridLayout()
    made.setHorizontalSpacing(12)
    made.setVerticalSpacing(3)
    made.setColumnStretch(0, 1)
    made.setColumnStretch(1, 1)
    return made


def _set(line: QLineEdit, text: str) -> None:
    if line.text() != text:
        line.setText(text)


def _parts(text: str) -> tuple[str, ...]:
    """A list as it is written: between commas of either script."""
    pieces = text.replace("，", ",").replace("、", ",").split(",")
    return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
