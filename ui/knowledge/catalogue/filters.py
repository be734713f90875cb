"""The head of the list of articles: search, shelves with their counts, and filters."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent_assist.domain.article_versions import ArticleQuery
from ui.i18n import I18n, Texts
from ui.knowledge.catalogue.presenter import CataloguePresenter, Shelf
from ui.knowledge.words import KIND_KEYS, LANGUAGE_KEYS, VISIBILITY_KEYS
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.combo import Combo, fill
from ui.widgets.flow import FlowLayout
from ui.widgets.inputs import LineInput

SEARCH_PAUSE_MS = 180
SHELVES = {
    Shelf.ALL: Key.KB_SHELF_ALL,
    Shelf.REVIEW: Key.KB_SHELF_REVIEW,
    Shelf.APPROVED: Key.KB_SHELF_APPROVED,
    Shelf.BLOCKED: Key.KB_SHELF_BLOCKED,
    Shelf.EXPIRING: Key.KB_SHELF_EXPIRING,
    Shelf.EXPIRED: Key.KB_SHELF_EXPIRED,
}
Choices = Callable[[], Sequence[tuple[object, str]]]


class CatalogueFilters(QFrame):
    """Shows and changes what a `CataloguePresenter` lists; `leave` asks to move on to the list."""

    leave = Signal()

    def __init__(self, presenter: CataloguePresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("paneHeader")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 0)
        layout.setSpacing(6)
        layout.addLayout(self._make_search())
        self.more = self._make_more()
        layout.addWidget(self.more)
        layout.addWidget(self._make_shelves())
        presenter.counted.subscribe(self._render)
        presenter.tallied.subscribe(self._render_tally)
        i18n.changes.subscribe(self._anew)
        look.changed.connect(self._paint)
        self._paint()
        self._anew()

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus()
        self.search.selectAll()

    def clear(self) -> None:
        """Drop every filter."""
        self._pause.stop()
        self.search.clear()
        self._pause.stop()
        for combo in self._combos:
            combo.setCurrentIndex(0)
        self._presenter.clear()

    def _make_search(self) -> QHBoxLayout:
        self.search = LineInput()
        self.search.setClearButtonEnabled(True)
        self._texts.bind(self.search.setPlaceholderText, Key.KB_SEARCH)
        self._texts.bind(self.search.setAccessibleName, Key.KB_SEARCH)
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._search_now)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.search.returnPressed.connect(self._search_and_leave)
        self._search_icon = self.search.addAction(self._look.icon("search"), LineInput.ActionPosition.LeadingPosition)
        self.toggle = button("quiet")
        self.toggle.setCheckable(True)
        self._texts.bind(self.toggle.setToolTip, Key.INBOX_FILTERS)
        self._texts.bind(self.toggle.setAccessibleName, Key.INBOX_FILTERS)
        self.toggle.toggled.connect(lambda on: self.more.setVisible(on))
        self.count = label("small")
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.search, 1)
        row.addWidget(self.count)
        row.addWidget(self.toggle)
        return row

    def _make_more(self) -> QWidget:
        i18n, presenter = self._i18n, self._presenter

        def named(any_key: Key, keys: dict[Any, Key]) -> list[tuple[object, str]]:
            return [(None, i18n(any_key)), *((value, i18n(key)) for value, key in keys.items())]

        self.kind = self._combo(lambda: named(Key.KB_ANY_KIND, KIND_KEYS), Key.KB_FIELD_KIND, presenter.set_kind)
        self.language = self._combo(
            lambda: named(Key.INBOX_ANY_LANGUAGE, LANGUAGE_KEYS), Key.KB_FIELD_LANGUAGE, presenter.set_language
        )
        self.visibility = self._combo(
            lambda: named(Key.KB_ANY_VISIBILITY, VISIBILITY_KEYS), Key.KB_FIELD_VISIBILITY, presenter.set_visibility
        )
        self.tag = self._combo(self._tags, Key.KB_FIELD_TAGS, presenter.set_tag)
        self._combos = (self.kind, self.language, self.visibility, self.tag)
        self._clear = button("link", self.clear)
        self._texts.bind(self._clear.setText, Key.INBOX_CLEAR)
        box = QWidget()
        row = FlowLayout(box, spacing=6)
        for part in (*self._combos, self._clear):
            row.addWidget(part)
        box.hide()
        return box

    def _make_shelves(self) -> QWidget:
        self._tabs = QButtonGroup(self)
        self.shelves: dict[Shelf, QPushButton] = {}
        box = QWidget()
        row = FlowLayout(box, spacing=12, line_spacing=0)
        for number, shelf in enumerate(SHELVES):
            tab = button("tab")
            tab.setCheckable(True)
            tab.setChecked(shelf is self._presenter.shelf)
            self._tabs.addButton(tab, number)
            self.shelves[shelf] = tab
            row.addWidget(tab)
        self._tabs.idClicked.connect(lambda number: self._presenter.show(list(SHELVES)[number]))
        return box

    def _tags(self) -> list[tuple[object, str]]:
        return [("", self._i18n(Key.KB_ANY_TAG)), *((tag, tag) for tag in self._presenter.tags)]

    def _combo(self, choices: Choices, name: Key, chosen: Callable[[Any], None]) -> QComboBox:
        combo = Combo()
        combo.setMinimumContentsLength(9)
        self._texts.bind(combo.setAccessibleName, name)
        self._texts.bind(combo.setToolTip, name)
        self._texts.bind_call(lambda: fill(combo, choices()))
        combo.activated.connect(lambda _index: chosen(combo.currentData()))
        return combo

    def _search_now(self) -> None:
        self._pause.stop()
        self._presenter.search(self.search.text())

    def _search_and_leave(self) -> None:
        self._search_now()
        self.leave.emit()

    def _anew(self) -> None:
        self._render()
        self._render_tally()

    def _render(self) -> None:
        self.count.setText(self._i18n(Key.KB_COUNT, n=self._presenter.total))
        narrowed = self._presenter.filter
        others = ArticleQuery(text=narrowed.text)
        self.toggle.setIcon(self._look.icon("filter", "text_muted" if narrowed == others else "accent_text"))
        self._clear.setVisible(self._presenter.filtered)
        self.shelves[self._presenter.shelf].setChecked(True)

    def _render_tally(self) -> None:
        for shelf, tab in self.shelves.items():
            count = self._presenter.counts.get(shelf, 0)
            tab.setText(self._i18n(SHELVES[shelf], n=count))
        fill(self.tag, self._tags())

    def _paint(self) -> None:
        self._search_icon.setIcon(self._look.icon("search"))
        self._render()
