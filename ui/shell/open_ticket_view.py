"""What stands beside the list when a ticket is open: conversation over composer, and the panel at the right."""

from itertools import pairwise

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent_assist.domain.solved import SolvedTicket
from agent_assist.domain.understanding import Entity
from ui.attachments.light_box import LightBox
from ui.composer.view import ComposerView
from ui.drafting.view import DraftingView
from ui.notes.view import NoteStrip
from ui.shell.desk_frame import DeskFrame, restore, splitter
from ui.shell.side_place import SidePlace
from ui.side.view import SideView
from ui.summary.view import SummaryView
from ui.text_keys import Key
from ui.thread.view import ThreadView

ROWS = (370, 460)


class OpenTicketView(QObject):
    """The panes of an open ticket, which take their places in a `DeskFrame`."""

    def __init__(self, desk: DeskFrame) -> None:
        super().__init__(desk)
        presenter, look, i18n, actions = desk.presenter, desk.look, desk.i18n, desk.table
        self._desk, self._presenter, self._look, self._i18n = desk, presenter, look, i18n
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
        presenter.drafting.changes.subscribe(
            lambda: self.composer.card.make_room(presenter.drafting.rewrite is not None)
        )
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
        self.light_box = LightBox(desk, presenter.attachments, look, i18n)
        self._rows = splitter(Qt.Orientation.Vertical)
        self._rows.addWidget(upper)
        self._rows.addWidget(self.composer)
        self._rows.setSizes(list(ROWS))
        restore(self._rows, desk.memory, "desk/rows")
        desk.furnish(self._rows, self.side)
        self.place = SidePlace(
            desk, self.side, desk.columns, self.conversation, presenter, look, i18n, actions, desk.memory
        )
        desk.inbox.entered.connect(self.composer.focus_editor)
        self.conversation.entity_opened.connect(self._look_up)
        self.note.left.connect(self.composer.focus_editor)
        self.side.reply_asked.connect(self._use_reply)
        presenter.composer.changes.subscribe(self._show_open)
        self._show_open()
        self._set_tab_order()
        look.changed.connect(self._set_minimum)
        self._set_minimum()

    def remember(self) -> None:
        """Keep the pane sizes."""
        self.place.remember()
        self._desk.memory.setValue("desk/rows", self._rows.saveState())

    def _show_open(self) -> None:
        """Without a ticket there is nothing to write and no order to show."""
        open_ = self._presenter.composer.view is not None
        self.composer.setVisible(open_)
        self.place.show_open(open_)

    def _set_minimum(self) -> None:
        px = self._look.scale.px
        self._rows.setMinimumWidth(px(430))
        self.side.setMinimumWidth(px(210))
        self.conversation.setMinimumHeight(px(110))

    def _set_tab_order(self) -> None:
        card, composer, inbox = self.composer.card, self.composer, self._desk.inbox
        order = (
            inbox.filters.search,
            inbox.filters.toggle,
            inbox.list,
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


def open_ticket_view(desk: DeskFrame) -> OpenTicketView:
    """The panes of an open ticket, in their places on the desk."""
    made = OpenTicketView(desk)
    desk.furnished.emit(made)
    return made
