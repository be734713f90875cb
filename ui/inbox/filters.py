"""The head of the ticket list: search, the queues with their counts, and a fold-out row of further filters."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from agent_assist.domain.language import Language
from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.tickets import TicketQuery, TicketSort
from agent_assist.domain.understanding import SENTIMENTS
from ui.actions import Actions
from ui.i18n import I18n, Texts
from ui.inbox.presenter import InboxPresenter
from ui.inbox.queues import QueueTiles
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label, set_property
from ui.widgets.combo import Combo
from ui.widgets.elided import ElidedLabel
from ui.widgets.inputs import LineInput

SEARCH_PAUSE_MS = 180
SORTS = (
    (TicketSort.DUE, Key.SORT_DUE),
    (TicketSort.LONGEST_WAITING, Key.SORT_LONGEST_WAITING),
    (TicketSort.NEWEST, Key.SORT_NEWEST),
    (TicketSort.URGENCY, Key.SORT_URGENCY),
)
LANGUAGES = ((Language.ZH, Key.LANG_ZH), (Language.EN, Key.LANG_EN))
Choices = Callable[[], Sequence[tuple[object, str]]]


class FilterBar(QFrame):
    """Shows and changes the query of an `InboxPresenter`; `leave` asks to move on to the list."""

    leave = Signal()

    def __init__(self, presenter: InboxPresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("paneHeader")
        self._presenter, self._look, self._i18n, self._actions = presenter, look, i18n, actions
        self._texts = Texts(i18n)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 0)
        layout.setSpacing(6)
        layout.addLayout(self._make_search())
        self.more = self._make_more()
        layout.addWidget(self.more)
        self.queues = QueueTiles(presenter, look, i18n, actions)
        layout.addWidget(self.queues)
        layout.addWidget(self._make_customer())
        layout.addLayout(self._make_order())
        presenter.counted.subscribe(self._render)
        presenter.tallied.subscribe(self._fill_people)
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

        def sentiments() -> list[tuple[object, str]]:
            return [("", i18n(Key.INBOX_ANY_SENTIMENT)), *((one, i18n.sentiment(one)) for one in SENTIMENTS)]

        presenter = self._presenter
        self.intent = self._combo(intents, Key.INBOX_INTENT, presenter.set_intent)
        self.urgency = self._combo(urgencies, Key.INBOX_URGENCY, presenter.set_urgency)
        self.sentiment = self._combo(sentiments, Key.INBOX_SENTIMENT, presenter.set_sentiment)
        self.language = self._combo(languages, Key.INBOX_LANGUAGE, presenter.set_language)
        self.assignee = self._combo(self._people, Key.INBOX_ASSIGNEE, presenter.set_assignee)
        self._combos = (self.intent, self.urgency, self.sentiment, self.language, self.assignee)
        layout.addWidget(self.intent)
        for pair in (self._combos[1:3], self._combos[3:]):
            row = QHBoxLayout()
            row.setSpacing(6)
            for combo in pair:
                row.addWidget(combo, 1)
            layout.addLayout(row)
        self.clear = button("link", self._clear)
        self._texts.bind(self.clear.setText, Key.INBOX_CLEAR)
        layout.addWidget(self.clear)
        box.hide()
        return box

    def _people(self) -> list[tuple[object, str]]:
        i18n = self._i18n
        people: list[tuple[object, str]] = [(None, i18n(Key.INBOX_ANYBODY)), ("", i18n(Key.INBOX_NOBODY))]
        return [*people, *((name, name) for name in self._presenter.people)]

    def _fill_people(self) -> None:
        shown = [self.assignee.itemData(place) for place in range(2, self.assignee.count())]
        if shown != list(self._presenter.people):
            _fill(self.assignee, self._people())

    def _make_customer(self) -> QWidget:
        """What the list shows where it shows one customer's tickets, and the way back."""
        self.customer = QFrame()
        self.customer.setObjectName("customerStrip")
        self.customer_name = ElidedLabel()
        back = button("link", lambda: self._actions.trigger("customer_tickets"))
        self._texts.bind(back.setText, Key.INBOX_CUSTOMER_BACK)
        row = QHBoxLayout(self.customer)
        row.setContentsMargins(8, 4, 8, 4)
        row.addWidget(self.customer_name, 1)
        row.addWidget(back)
        self.customer.hide()
        return self.customer

    def _make_order(self) -> QHBoxLayout:
        self.count = label("small")
        i18n = self._i18n
        self.sort = self._combo(
            lambda: [(sort, i18n(key)) for sort, key in SORTS], Key.INBOX_SORT, self._presenter.set_sort
        )
        self.sort.setProperty("kind", "quiet")
        self.sort.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.group = button("quiet", lambda: self._actions.trigger("group_customers"))
        self.group.setCheckable(True)
        self.group.setProperty("compact", True)
        below = QHBoxLayout()
        below.addWidget(self.count)
        below.addStretch()
        below.addWidget(self.group)
        below.addWidget(self.sort)
        below.setContentsMargins(0, 0, 0, 2)
        return below

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
        self._pause.stop()
        self._presenter.clear_filters()

    def _render(self) -> None:
        query = self._presenter.query
        key = Key.INBOX_COUNT_CUSTOMERS if query.groups else Key.INBOX_COUNT
        self.count.setText(self._i18n(key, n=self._presenter.total))
        self._render_group(query)
        self.customer.setVisible(bool(query.customer))
        self.customer_name.set_line(self._i18n(Key.INBOX_CUSTOMER, name=query.customer))
        values = (query.intent, query.urgency, query.sentiment, query.language or None, query.assignee, query.sort)
        for combo, value in zip((*self._combos, self.sort), values, strict=True):
            combo.setCurrentIndex(max(0, combo.findData(value)))
        narrowed = self._presenter.filtered
        self.clear.setVisible(narrowed)
        set_property(self.toggle, "kind", "quiet")
        self.toggle.setIcon(self._look.icon("filter", "accent_text" if narrowed else "text_muted"))

    def _render_group(self, query: TicketQuery) -> None:
        """Only views of what waits are grouped, and not one customer's tickets."""
        self.group.setVisible(replace(query, grouped=True).groups)
        self.group.setChecked(query.grouped)
        self.group.setIcon(self._look.icon("copy", "accent_text" if query.grouped else "text_muted"))
        self.group.setToolTip(self._actions.tooltip("group_customers"))
        self.group.setAccessibleName(self._actions.tooltip("group_customers"))

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
