"""The head of the ticket list: search, the states as tabs, and a fold-out row of further filters."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from agent_assist.domain.language import Language
from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.tickets import TicketSort, TicketState
from ui.i18n import I18n, Texts
from ui.inbox.presenter import InboxPresenter
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label, set_property
from ui.widgets.combo import Combo
from ui.widgets.inputs import LineInput

SEARCH_PAUSE_MS = 180
STATE_TABS = (
    (TicketState.WAITING, Key.STATE_WAITING),
    (TicketState.ANSWERED, Key.STATE_ANSWERED),
    (TicketState.DONE, Key.STATE_DONE),
    (None, Key.STATE_ALL),
)
SORTS = (
    (TicketSort.LONGEST_WAITING, Key.SORT_LONGEST_WAITING),
    (TicketSort.NEWEST, Key.SORT_NEWEST),
    (TicketSort.URGENCY, Key.SORT_URGENCY),
)
LANGUAGES = ((Language.ZH, Key.LANG_ZH), (Language.EN, Key.LANG_EN))
Choices = Callable[[], Sequence[tuple[object, str]]]


class FilterBar(QFrame):
    """Shows and changes the query of an `InboxPresenter`; `leave` asks to move on to the list."""

    leave = Signal()

    def __init__(self, presenter: InboxPresenter, look: Look, i18n: I18n) -> None:
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
        layout.addLayout(self._make_tabs())
        presenter.counted.subscribe(self._render)
        look.changed.connect(self._paint)
        i18n.changes.subscribe(self._render)
        self._paint()
        self._render()

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus()
        self.search.selectAll()

    def _make_search(self) -> QHBoxLayout:
        self.search = LineInput()
        self.search.setClearButtonEnabled(True)
        self._texts.bind(self.search.setPlaceholderText, Key.INBOX_SEARCH)
        self._texts.bind(self.search.setAccessibleName, Key.INBOX_SEARCH)
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
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.search, 1)
        row.addWidget(self.toggle)
        return row

    def _make_more(self) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        taxonomy, i18n = load_taxonomy(), self._i18n

        def intents() -> list[tuple[object, str]]:
            labels = [*taxonomy.intents.values(), taxonomy.out_of_scope]
            return [("", i18n(Key.INBOX_ANY_INTENT)), *((label.id, i18n.intent(label.id)) for label in labels)]

        def urgencies() -> list[tuple[object, str]]:
            return [("", i18n(Key.INBOX_ANY_URGENCY)), *((u, i18n.urgency(u)) for u in reversed(taxonomy.urgencies))]

        def languages() -> list[tuple[object, str]]:
            return [(None, i18n(Key.INBOX_ANY_LANGUAGE)), *((language, i18n(key)) for language, key in LANGUAGES)]

        self.intent = self._combo(intents, Key.INBOX_INTENT, self._presenter.set_intent)
        self.urgency = self._combo(urgencies, Key.INBOX_URGENCY, self._presenter.set_urgency)
        self.language = self._combo(languages, Key.INBOX_LANGUAGE, self._presenter.set_language)
        for combo in (self.intent, self.urgency, self.language):
            layout.addWidget(combo)
        self.clear = button("link", self._clear)
        self._texts.bind(self.clear.setText, Key.INBOX_CLEAR)
        layout.addWidget(self.clear)
        box.hide()
        return box

    def _make_tabs(self) -> QVBoxLayout:
        self._tabs = QButtonGroup(self)
        tabs = QHBoxLayout()
        tabs.setSpacing(14)
        for number, (state, key) in enumerate(STATE_TABS):
            tab = button("tab")
            tab.setCheckable(True)
            tab.setChecked(state is self._presenter.query.state)
            self._texts.bind(tab.setText, key)
            self._tabs.addButton(tab, number)
            tabs.addWidget(tab)
        tabs.addStretch()
        self._tabs.idClicked.connect(lambda number: self._presenter.set_state(STATE_TABS[number][0]))
        self.count = label("small")
        i18n = self._i18n
        self.sort = self._combo(
            lambda: [(sort, i18n(key)) for sort, key in SORTS], Key.INBOX_SORT, self._presenter.set_sort
        )
        self.sort.setProperty("kind", "quiet")
        self.sort.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        below = QHBoxLayout()
        below.addWidget(self.count)
        below.addStretch()
        below.addWidget(self.sort)
        both = QVBoxLayout()
        both.setSpacing(2)
        both.addLayout(tabs)
        both.addLayout(below)
        both.setContentsMargins(0, 0, 0, 2)
        return both

    def _combo(self, choices: Choices, name: Key, chosen: Callable[[Any], None]) -> QComboBox:
        combo = Combo()
        self._texts.bind(combo.setAccessibleName, name)
        self._texts.bind(combo.setToolTip, name)
        self._texts.bind_call(lambda: _fill(combo, choices()))
        combo.activated.connect(lambda _index: chosen(combo.currentData()))
        return combo

    def _search_now(self) -> None:
        self._pause.stop()
        self._presenter.set_text(self.search.text())

    def _search_and_leave(self) -> None:
        self._search_now()
        self.leave.emit()

    def _clear(self) -> None:
        self.search.clear()
        for combo in (self.intent, self.urgency, self.language):
            combo.setCurrentIndex(0)
        self._pause.stop()
        self._presenter.clear_filters()

    def _render(self) -> None:
        self.count.setText(self._i18n(Key.INBOX_COUNT, n=self._presenter.total))
        narrowed = self._presenter.filtered
        self.clear.setVisible(narrowed)
        set_property(self.toggle, "kind", "quiet")
        self.toggle.setIcon(self._look.icon("filter", "accent_text" if narrowed else "text_muted"))

    def _paint(self) -> None:
        self._search_icon.setIcon(self._look.icon("search", "text_faint"))
        self._render()


def _fill(combo: QComboBox, choices: Sequence[tuple[object, str]]) -> None:
    """Set a combo's texts anew, keeping what is chosen."""
    place = max(0, combo.currentIndex())
    combo.blockSignals(True)
    combo.clear()
    for data, text in choices:
        combo.addItem(text, data)
    combo.setCurrentIndex(place)
    combo.blockSignals(False)
