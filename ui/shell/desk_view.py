"""The main screen: list, conversation over composer, and the order card, in panes that can be resized."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_assist.late import Late
from ui.shell.desk_frame import DeskFrame

if TYPE_CHECKING:
    from ui.attachments.light_box import LightBox
    from ui.composer.view import ComposerView
    from ui.drafting.view import DraftingView
    from ui.notes.view import NoteStrip
    from ui.shell.open_ticket_view import OpenTicketView
    from ui.shell.side_place import SidePlace
    from ui.side.view import SideView
    from ui.summary.view import SummaryView
    from ui.thread.view import ThreadView


class DeskView(DeskFrame):
    """The screens of a `DeskPresenter` side by side.

    The list is there at once, what is about an open ticket when it is first asked for.
    """

    ticket: Late[OpenTicketView] = Late("ui.shell.open_ticket_view:open_ticket_view")

    # what is about an open ticket

    @property
    def conversation(self) -> ThreadView:
        """The messages."""
        return self.ticket.conversation

    @property
    def composer(self) -> ComposerView:
        """The suggestion and the reply."""
        return self.ticket.composer

    @property
    def drafting(self) -> DraftingView:
        """Candidates, hints and rewrites."""
        return self.ticket.drafting

    @property
    def summary(self) -> SummaryView:
        """The thread in short."""
        return self.ticket.summary

    @property
    def note(self) -> NoteStrip:
        """The note that is being written."""
        return self.ticket.note

    @property
    def side(self) -> SideView:
        """Customer, order and similar tickets."""
        return self.ticket.side

    @property
    def place(self) -> SidePlace:
        """Where that stands."""
        return self.ticket.place

    @property
    def light_box(self) -> LightBox:
        """Pictures, large."""
        return self.ticket.light_box

    def remember(self) -> None:
        """Keep the pane sizes."""
        ticket = DeskView.ticket.made(self)
        if ticket is not None:
            ticket.remember()
            self.memory.setValue("desk/columns", self.columns.saveState())
