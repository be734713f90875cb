"""The main screen: list, conversation over composer, and the order card, in panes that can be resized."""

from itertools import pairwise

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from agent_assist.domain.solved import SolvedTicket
from agent_assist.domain.understanding import Entity
from ui.actions import Actions
from ui.attachments.light_box import LightBox
from ui.composer.view import ComposerView
from ui.drafting.view import DraftingView
from ui.i18n import I18n
from ui.inbox.view import InboxView
from ui.look import Look
from ui.notes.view import NoteStrip
from ui.shell.presenter import DeskPresenter
from ui.shell.side_place import SidePlace
from ui.side.view import SideView
from ui.summary.view import SummaryView
from ui.text_keys import Key
from ui.thread.view import ThreadView
from ui.triage.view import TriageBar

GROUPED = "inbox/grouped"
COLUMNS = (330, 800, 290)
ROWS = (370, 460)


class DeskView(QWidget):
    """The screens of a `DeskPresenter` side by side; `memory` keeps pane sizes and whether the list is grouped."""

    def __init__(self, presenter: DeskPresenter, look: Look, i18n: I18n, actions: Actions, memory: QSettings) -> None:
        super().__init__()
        self._memory = memory
        self._i18n = i18n
        self._presenter = presenter
        bar = TriageBar(presenter.triage, presenter.inbox, look, i18n, actions)
        self.inbox = InboxView(presenter.inbox, look, i18n, actions, bar=bar)
        self.conversation = ThreadView(
            presenter.thread, presenter.notes, presenter.translations, presenter.attachments, look, i18n, actions
        )
        self.note = NoteStrip(presenter.notes, look, i18n, actions)
        self.composer = ComposerView(presenter.composer, look, i18n, actions)
        self.drafting = DraftingView(
            presenter.drafting, presenter.composer, look, i18n, actions, into_editor=self.composer.into_editor
        )
        self.composer.card.add_to_head(self.drafting.row)
        self.composer.add_below_card(self.drafting)
        self.drafting.left.connect(self.composer.focus_editor)
        self.summary = SummaryView(presenter.summary, look, i18n, actions)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.summary)
        column.addWidget(self.conversation, 1)
        column.addWidget(self.note)
        self.side = SideView(presenter.card, presenter.side, look, i18n, actions)
        self.light_box = LightBox(self, presenter.attachments, look, i18n)
        self._middle = self._splitter(Qt.Orientation.Vertical, (upper, self.composer), ROWS)
        self._columns = self._splitter(Qt.Orientation.Horizontal, (self.inbox, self._middle, self.side), COLUMNS)
        self._columns.setStretchFactor(1, 1)
        self.place = SidePlace(
            self, self.side, self._columns, self.conversation, presenter, look, i18n, actions, memory
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._columns)
        self.inbox.entered.connect(self.composer.focus_editor)
        self.conversation.entity_opened.connect(self._look_up)
        self.note.left.connect(self.composer.focus_editor)
        self.side.reply_asked.connect(self._use_reply)
        presenter.composer.changes.subscribe(self._show_open)
        self._show_open()
        self._set_tab_order()
        look.changed.connect(self._set_minimum)
        self._look = look
        self._set_minimum()
        self._restore()
        actions.on("group_customers", self._toggle_groups)
        presenter.inbox.set_grouped(memory.value(GROUPED) == "1")

    def remember(self) -> None:
        """Keep the pane sizes."""
        self.place.remember()
        self._memory.setValue("desk/columns", self._columns.saveState())
        self._memory.setValue("desk/rows", self._middle.saveState())

    def _toggle_groups(self) -> None:
        """One row a customer, or one a ticket; kept for the next time."""
        on = not self._presenter.inbox.query.grouped
        self._presenter.inbox.set_grouped(on)
        self._memory.setValue(GROUPED, "1" if on else "")

    def _show_open(self) -> None:
        """Without a ticket there is nothing to write and no order to show."""
        open_ = self._presenter.composer.view is not None
        self.composer.setVisible(open_)
        self.place.show_open(open_)

    def _set_minimum(self) -> None:
        """Panes narrower than this would cut their buttons. The window may be narrower than all three: the panel then
        floats."""
        scale = self._look.scale
        for pane, width in ((self.inbox, 250), (self._middle, 430), (self.side, 210)):
            pane.setMinimumWidth(scale.px(width))
        self.conversation.setMinimumHeight(scale.px(110))
        self.setMinimumWidth(scale.px(250 + 430) + 2)

    def _splitter(self, direction: Qt.Orientation, panes: tuple[QWidget, ...], sizes: tuple[int, ...]) -> QSplitter:
        splitter = QSplitter(direction)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        for pane in panes:
            splitter.addWidget(pane)
        splitter.setSizes(list(sizes))
        return splitter

    def _restore(self) -> None:
        for splitter, name in ((self._columns, "desk/columns"), (self._middle, "desk/rows")):
            state = self._memory.value(name)
            if state is not None:
                splitter.restoreState(state)

    def _set_tab_order(self) -> None:
        card, composer = self.composer.card, self.composer
        order = (
            self.inbox.filters.search,
            self.inbox.filters.toggle,
            self.inbox.list,
            composer.editor,
            composer.send,
            card.accept,
            card.take,
            card.reject,
            card.again,
        )
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _look_up(self, entity: object) -> None:
        if isinstance(entity, Entity):
            self.place.reveal()
            self._presenter.card.look_up(entity)

    def _use_reply(self, solved: object) -> None:
        """A solved ticket's reply into the empty editor; never over what was typed."""
        composer = self._presenter.composer
        if not isinstance(solved, SolvedTicket):
            return
        if composer.text.strip():
            self.composer.hint.emit(self._i18n(Key.SUGGESTION_KEEP_TYPING))
            return
        self.composer.editor.setFocus()
        self.composer.editor.insertPlainText(solved.reply_text)
