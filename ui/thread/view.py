"""The open conversation's widgets: a head, the bubbles, and the pickers for corrections."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.tickets import Role, Ticket
from agent_assist.domain.understanding import OUT_OF_SCOPE, Entity
from ui.actions import Actions
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key
from ui.thread.bubble_view import BubbleView
from ui.thread.presenter import ThreadPresenter
from ui.widgets.basics import EmptyState, button, chip, clear_layout, label
from ui.widgets.elided import ElidedLabel
from ui.widgets.picker import Choice, Picker, PickerTexts

CHANNEL_KEYS = {"chat": Key.CHANNEL_CHAT, "email": Key.CHANNEL_EMAIL, "other": Key.CHANNEL_OTHER}


class ThreadView(QFrame):
    """Shows a `ThreadPresenter`. `entity_opened` asks for an entity's card, `hint` for a passing remark."""

    entity_opened = Signal(object)
    hint = Signal(str)

    def __init__(self, presenter: ThreadPresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self._bubbles: dict[int, BubbleView] = {}
        self._shown: tuple[str, int, int] | None = None
        self._picker: Picker | None = None
        self._at_end = True
        self._make_head()
        self._scroll = self._make_scroll()
        self._empty = EmptyState(look, "chat")
        self._texts.bind_call(lambda: self._empty.set_texts(i18n(Key.THREAD_EMPTY_TITLE), i18n(Key.THREAD_EMPTY_HINT)))
        knowledge = button("", lambda: actions.trigger("knowledge"))
        self._texts.bind(knowledge.setText, Key.ACTION_KNOWLEDGE)
        self._empty.add_button(knowledge)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._scroll, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(content)
        actions.on("intents", self.correct_newest)
        actions.on("entity", self.mark_selection)
        presenter.changes.subscribe(self.render_thread)
        i18n.changes.subscribe(self._rebuild)
        look.changed.connect(self._rebuild)
        self.render_thread()

    # corrections

    def correct_newest(self) -> None:
        """Open the intent picker for the newest customer message."""
        index = self._presenter.correct_index()
        if index is not None:
            self.correct_intents(index)

    def dismiss_picker(self) -> None:
        """Close the picker that is open, if any, with nothing chosen."""
        if self._picker is not None:
            self._picker.dismiss()

    def correct_intents(self, index: int) -> None:
        """Open the intent picker for a message."""
        taxonomy = load_taxonomy()
        labels = [*taxonomy.intents.values(), taxonomy.out_of_scope]
        now = self._presenter.intents_of(index)
        labels.sort(key=lambda label: label.id not in now)
        choices = [
            Choice(label.id, self._i18n.intent(label.id), f"{label.en} {label.zh} {label.id}") for label in labels
        ]
        picker = self._open_picker(choices, self._i18n(Key.PICKER_TITLE), several=True, beside=self._bubbles.get(index))
        picker.picked.connect(lambda intents: self._presenter.correct_intents(index, _known(intents)))

    def mark_selection(self) -> None:
        """Open the entity picker for the text selected in a customer message."""
        for index, bubble in self._bubbles.items():
            selected = bubble.text.selection()
            if selected is not None and bubble.bubble.message.role is Role.CUSTOMER:
                self._pick_entity(index, *selected)
                return
        self.hint.emit(self._i18n(Key.THREAD_ENTITY_SELECT_FIRST))

    def _pick_entity(self, index: int, start: int, end: int) -> None:
        text = self._bubbles[index].bubble.message.text[start:end]
        choices = [
            Choice(label.id, self._i18n.entity(label.id), f"{label.en} {label.zh}")
            for label in load_taxonomy().entities.values()
        ]
        title = self._i18n(Key.PICKER_ENTITY_TITLE, text=text[:40])
        picker = self._open_picker(choices, title, several=False, beside=self._bubbles[index])
        picker.picked.connect(lambda chosen: self._presenter.mark_entity(index, start, end, chosen[0]))

    def _open_picker(self, choices: list[Choice], title: str, *, several: bool, beside: QWidget | None) -> Picker:
        self.dismiss_picker()
        texts = PickerTexts(
            title=title,
            search=self._i18n(Key.PICKER_SEARCH),
            hint=self._i18n(Key.PICKER_HINT),
            apply=self._i18n(Key.PICKER_APPLY),
            cancel=self._i18n(Key.PICKER_CANCEL),
        )
        window = self.window()
        picker = Picker(window, choices, texts, several=several)
        picker.destroyed.connect(self._picker_gone)
        self._picker = picker
        anchor = beside or self._head
        picker.open_at(anchor.mapTo(window, QPoint(24, anchor.height() - 24)))
        return picker

    def _picker_gone(self) -> None:
        self._picker = None

    def _entity_menu(self, index: int, entity: Entity | None, at: QPoint) -> None:
        """The context menu of a message; `popup` does not block."""
        bubble = self._bubbles[index]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        selected = bubble.text.selection()
        copy = menu.addAction(self._i18n(Key.THREAD_COPY), bubble.text.copy)
        copy.setEnabled(selected is not None)
        if bubble.bubble.message.role is Role.CUSTOMER:
            if entity is not None:
                name = f"{self._i18n.entity(entity.type)}: {entity.text}"
                remove = menu.addAction(self._i18n(Key.THREAD_ENTITY_REMOVE, name=name))
                remove.triggered.connect(lambda _checked=False: self._presenter.remove_entity(index, entity))
            if selected is not None:
                self._add_types(menu.addMenu(self._i18n(Key.THREAD_ENTITY_MENU)), index, selected)
        menu.popup(at)

    def _add_types(self, menu: QMenu, index: int, selected: tuple[int, int]) -> None:
        for entity in load_taxonomy().entities.values():
            action = menu.addAction(self._i18n.entity(entity.id))
            action.triggered.connect(
                lambda _checked=False, kind=entity.id: self._presenter.mark_entity(index, *selected, kind)
            )

    # showing

    def render_thread(self) -> None:
        """Show the presenter's state; the same thread is updated in place."""
        ticket = self._presenter.ticket
        if ticket is None:
            self._shown = None
            self._stack.setCurrentIndex(0)
            return
        self._stack.setCurrentIndex(1)
        bubbles = self._presenter.bubbles()
        identity = (ticket.id, self._presenter.hidden, len(ticket.messages))
        if identity == self._shown:
            for bubble in bubbles:
                view = self._bubbles[bubble.index]
                if view.bubble != bubble:
                    view.update_bubble(bubble)
            self._render_remark()
            return
        self._shown = identity
        self._render_head(ticket)
        self._fill()

    def _fill(self) -> None:
        clear_layout(self._column)
        self._bubbles.clear()
        if self._presenter.hidden:
            earlier = button("link", self._presenter.show_earlier)
            earlier.setText(self._i18n(Key.THREAD_EARLIER, n=self._presenter.hidden))
            self._column.addWidget(earlier)
        ticket = self._presenter.ticket
        for bubble in self._presenter.bubbles():
            view = BubbleView(bubble, ticket.customer if ticket else "", self._look, self._i18n)
            view.entity_clicked.connect(self.entity_opened)
            view.menu_asked.connect(self._entity_menu)
            view.correct_asked.connect(self.correct_intents)
            self._bubbles[bubble.index] = view
            self._column.addWidget(view)
        self._remark = label("faint", wrap=True)
        self._column.addWidget(self._remark)
        self._column.addStretch(1)
        self._render_remark()
        self._at_end = True
        self._to_end()

    def _render_remark(self) -> None:
        away = self._presenter.reader_away and not self._presenter.reading
        self._remark.setText(self._i18n(Key.THREAD_READING_AWAY) if away else "")
        self._remark.setVisible(away)

    def _to_end(self) -> None:
        """Keep the newest message in sight while the thread grows, unless the agent scrolled up."""
        bar = self._scroll.verticalScrollBar()
        if self._at_end:
            bar.setValue(bar.maximum())

    def _scrolled(self, value: int) -> None:
        self._at_end = value >= self._scroll.verticalScrollBar().maximum() - 8

    def _rebuild(self) -> None:
        self._shown = None
        self.render_thread()

    def _make_head(self) -> None:
        self._head = QFrame()
        self._head.setObjectName("paneHeader")
        self._customer, self._subject = ElidedLabel(tone="heading"), ElidedLabel(tone="muted")
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(10)
        row.addWidget(self._customer)
        row.addWidget(self._subject, 1)
        row.addLayout(self._chips)

    def _render_head(self, ticket: Ticket) -> None:
        self._customer.set_line(ticket.customer or self._i18n(Key.INBOX_UNNAMED))
        self._subject.set_line(ticket.subject)
        clear_layout(self._chips)
        self._chips.addWidget(chip(self._i18n(CHANNEL_KEYS[ticket.channel])))
        self._chips.addWidget(chip(ticket.id, "plain"))

    def _make_scroll(self) -> QScrollArea:
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(16, 14, 16, 14)
        self._column.setSpacing(14)
        self._remark = label("faint")
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        area.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self._to_end())
        area.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._texts.bind(area.setAccessibleName, Key.THREAD_TITLE)
        return area


def _known(intents: list[str]) -> list[str]:
    """Out of scope stands alone."""
    return [] if OUT_OF_SCOPE in intents else intents
