"""The open conversation's widgets: a head, messages and notes in order of time, and the keys that go through them."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from agent_assist.domain.tickets import Role, Ticket
from agent_assist.domain.understanding import Entity
from ui.actions import Actions
from ui.attachments.presenter import AttachmentPresenter
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.notes.presenter import NotePresenter
from ui.notes.view import NoteView
from ui.text_keys import Key
from ui.thread.bubble_view import BubbleView
from ui.thread.corrections import Corrections
from ui.thread.presenter import Bubble, ThreadPresenter
from ui.translation.presenter import TranslationPresenter
from ui.translation.view import LANGUAGE_KEYS
from ui.widgets.basics import EmptyState, button, chip, clear_layout, label
from ui.widgets.elided import ElidedLabel
from ui.widgets.scroll_column import ScrollColumn

CHANNEL_KEYS = {"chat": Key.CHANNEL_CHAT, "email": Key.CHANNEL_EMAIL, "other": Key.CHANNEL_OTHER}


class ThreadView(QFrame):
    """Shows a `ThreadPresenter` with its notes, translations and files. `entity_opened` asks for an entity's card,
    `hint` for a passing remark."""

    entity_opened = Signal(object)
    hint = Signal(str)

    def __init__(
        self,
        presenter: ThreadPresenter,
        notes: NotePresenter,
        translations: TranslationPresenter,
        files: AttachmentPresenter,
        look: Look,
        i18n: I18n,
        actions: Actions,
    ) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._look, self._i18n, self._actions = presenter, look, i18n, actions
        self._notes, self._translations, self._files = notes, translations, files
        self._texts = Texts(i18n)
        self._bubbles: dict[int, BubbleView] = {}
        self._shown: object = None
        self._at_end = True
        self.corrections = Corrections(self, presenter, self._bubbles, i18n)
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
        self._bind(actions)
        presenter.changes.subscribe(self.render_thread)
        translations.changes.subscribe(self._render_translations)
        files.changes.subscribe(self._render_files)
        i18n.changes.subscribe(self._rebuild)
        look.changed.connect(self._rebuild)
        self.render_thread()

    def _bind(self, actions: Actions) -> None:
        actions.on("intents", self.correct_newest)
        actions.on("sentiment", lambda: self._of_current(self.corrections.sentiment))
        actions.on("urgency", lambda: self._of_current(self.corrections.urgency))
        actions.on("entity", self.mark_selection)
        actions.on("translate_message", self._translate_current)
        actions.on("next_link", lambda: self.move_link(1))
        actions.on("previous_link", lambda: self.move_link(-1))
        actions.on("focus_thread", self.focus_thread)

    # corrections

    def correct_newest(self) -> None:
        """Open the intent picker for the message that has the keyboard, else for the customer's newest."""
        self._of_current(self.corrections.intents)

    def dismiss_picker(self) -> None:
        """Close the picker that is open, if any, with nothing chosen."""
        self.corrections.dismiss()

    def mark_selection(self) -> None:
        """Open the entity picker for the text selected in a customer message."""
        for index, bubble in self._bubbles.items():
            selected = bubble.text.selection()
            if selected is not None and bubble.bubble.message.role is Role.CUSTOMER:
                self.corrections.entity(index, *selected)
                return
        self.hint.emit(self._i18n(Key.THREAD_ENTITY_SELECT_FIRST))

    def _of_current(self, correct: Callable[[int], None]) -> None:
        index = self._current()
        if index is not None:
            correct(index)

    def _current(self) -> int | None:
        """The customer message that has the keyboard, else the customer's newest."""
        index = self._focused()
        if index is not None and self._bubbles[index].bubble.message.role is Role.CUSTOMER:
            return index
        return self._presenter.correct_index()

    def _focused(self) -> int | None:
        focused = QApplication.focusWidget()
        return next((index for index, one in self._bubbles.items() if focused and one.isAncestorOf(focused)), None)

    # translations

    def translate_newest(self) -> None:
        """Translate the customer's newest message, or hide that."""
        index = self._presenter.correct_index()
        if index is not None:
            self._translate(index)

    def _translate_current(self) -> None:
        index = self._focused()
        if index is None:
            self.translate_newest()
        else:
            self._translate(index)

    def _translate(self, index: int) -> None:
        bubble = self._bubbles.get(index)
        if bubble is None:
            return
        language = self._i18n.language
        if bubble.bubble.language is language:
            self.hint.emit(self._i18n(Key.TRANSLATION_SAME, language=self._i18n(LANGUAGE_KEYS[language])))
            return
        self._translations.toggle(index, bubble.bubble.message.text, language)

    def _render_translations(self) -> None:
        for index, bubble in self._bubbles.items():
            bubble.show_translation(self._translations.of(index, self._i18n.language))

    def _render_files(self) -> None:
        for bubble in self._bubbles.values():
            if bubble.strip is not None:
                bubble.strip.render_pictures()

    # the keyboard

    def focus_thread(self) -> None:
        """Put the keyboard into the newest message; Tab goes on from there."""
        if self._bubbles:
            newest = self._bubbles[max(self._bubbles)]
            newest.text.setFocus()
            self._scroll.ensureWidgetVisible(newest, 0, 12)

    def move_link(self, step: int) -> None:
        """Select the next (1) or the previous (-1) order, parcel or product in the conversation, round its ends."""
        links = [(index, entity) for index in sorted(self._bubbles) for entity in self._bubbles[index].text.links()]
        if not links:
            self.hint.emit(self._i18n(Key.THREAD_ENTITY_NONE))
            return
        index = self._focused()
        here = self._bubbles[index].text.entity_here() if index is not None else None
        chosen = (index, here) if index is not None and here is not None else None
        if chosen in links:
            place = (links.index(chosen) + step) % len(links)
        else:  # from the newest message back, since that is what the agent answers
            newest = [place for place, (index, _) in enumerate(links) if index == links[-1][0]]
            place = newest[0] if step > 0 else newest[-1]
        index, entity = links[place]
        self._bubbles[index].text.choose(entity)
        self._scroll.ensureWidgetVisible(self._bubbles[index].text, 0, 24)

    # showing

    def render_thread(self) -> None:
        """Show the presenter's state; the same thread is updated in place."""
        ticket = self._presenter.ticket
        if ticket is None:
            self._shown = None
            self._stack.setCurrentIndex(0)
            return
        self._stack.setCurrentIndex(1)
        items = self._presenter.items()
        notes = tuple(item.event.id for item in items if not isinstance(item, Bubble))
        files = tuple(item.attachments for item in items if isinstance(item, Bubble))
        identity = (ticket.id, self._presenter.hidden, len(ticket.messages), notes, files)
        if identity == self._shown:
            for item in items:
                if isinstance(item, Bubble) and self._bubbles[item.index].bubble != item:
                    self._bubbles[item.index].update_bubble(item)
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
        for item in self._presenter.items():
            if isinstance(item, Bubble):
                self._column.addWidget(self._bubble(item, ticket.customer if ticket else ""))
            else:
                note = NoteView(item.event, self._look, self._i18n)
                note.remove_asked.connect(self._notes.take_back)
                self._column.addWidget(note)
        self._remark = label("faint", wrap=True)
        self._column.addWidget(self._remark)
        self._column.addStretch(1)
        self._render_remark()
        self._render_translations()
        self._at_end = True
        self._to_end()

    def _bubble(self, bubble: Bubble, customer: str) -> BubbleView:
        view = BubbleView(bubble, customer, self._files, self._look, self._i18n)
        index = bubble.index
        view.entity_clicked.connect(self.entity_opened)
        view.menu_asked.connect(self._menu)
        view.text.mark_asked.connect(self.mark_selection)
        view.text.remove_asked.connect(lambda entity: self._remove(index, entity))
        view.labels.intents_asked.connect(lambda: self.corrections.intents(index))
        view.labels.sentiment_asked.connect(lambda: self.corrections.sentiment(index))
        view.labels.urgency_asked.connect(lambda: self.corrections.urgency(index))
        view.labels.entity_asked.connect(self.mark_selection)
        view.labels.translation_asked.connect(lambda: self._translate(index))
        if view.strip is not None:
            view.strip.picture_asked.connect(self._files.open)
        self._bubbles[index] = view
        return view

    def _menu(self, index: int, entity: Entity | None, at: QPoint) -> None:
        self.corrections.menu(index, entity, at, translate=self._translate)

    def _remove(self, index: int, entity: Entity) -> None:
        if self._bubbles[index].bubble.message.role is Role.CUSTOMER:
            self._presenter.remove_entity(index, entity)

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
        self.note.setIcon(self._look.icon("note"))
        self.render_thread()

    def _make_head(self) -> None:
        self._head = QFrame()
        self._head.setObjectName("paneHeader")
        self._customer, self._subject = ElidedLabel(tone="heading"), ElidedLabel(tone="muted")
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        self.note = button("quiet", lambda: self._actions.trigger("note"))
        self.note.setIcon(self._look.icon("note"))
        self._texts.bind_call(lambda: self.note.setToolTip(self._actions.tooltip("note")))
        self._texts.bind(self.note.setAccessibleName, Key.ACTION_NOTE)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(16, 6, 10, 6)
        row.setSpacing(10)
        row.addWidget(self._customer)
        row.addWidget(self._subject, 1)
        row.addLayout(self._chips)
        row.addWidget(self.note)

    def add_to_head(self, widget: QWidget) -> None:
        """Put a control of another part at the head's end."""
        layout = self._head.layout()
        assert layout is not None
        layout.addWidget(widget)

    def _render_head(self, ticket: Ticket) -> None:
        self._customer.set_line(ticket.customer or self._i18n(Key.INBOX_UNNAMED))
        self._subject.set_line(ticket.subject)
        clear_layout(self._chips)
        self._chips.addWidget(chip(self._i18n(CHANNEL_KEYS[ticket.channel])))
        self._chips.addWidget(chip(ticket.id, "plain"))

    def _make_scroll(self) -> QScrollArea:
        area = ScrollColumn(margins=(16, 14, 16, 14), spacing=14)
        self._column = area.column
        self._remark = label("faint")
        area.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self._to_end())
        area.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._texts.bind(area.setAccessibleName, Key.THREAD_TITLE)
        return area
