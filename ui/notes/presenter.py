"""The note that is being written on the open ticket, kept with every pause, and taking a kept one back. No Qt."""

from collections.abc import Callable

from agent_assist.domain.feedback import FeedbackEvent
from ui.observable import Changes
from ui.ports import Feedback, Tickets, TicketView
from ui.tasks import Scope

SAVE = "save "  # the key of a draft's saving, before the ticket's id


class NotePresenter:
    """`changes` tells of another state, `replaced` that `text` was set from here. `recorded` is called with a note that
    was kept, `undone` with one that was taken back."""

    def __init__(
        self,
        feedback: Feedback,
        tickets: Tickets,
        scope: Scope,
        *,
        recorded: Callable[[FeedbackEvent], None],
        undone: Callable[[FeedbackEvent], None],
    ) -> None:
        self._feedback = feedback
        self._tickets = tickets
        self._scope = scope
        self._recorded = recorded
        self._undone = undone
        self._saved = ""
        self._expecting = False
        self.ticket_id: str | None = None
        self.text = ""
        self.open = False
        self.changes = Changes()
        self.replaced = Changes()
        scope.changes.subscribe(self.changes.notify)

    @property
    def keeping(self) -> bool:
        """Whether a note is being stored."""
        return self._scope.busy("keep")

    def show(self, view: TicketView | None) -> None:
        """Show a ticket; a note that was begun on it is there again, and what was begun on another is stored."""
        ticket_id = view.ticket.id if view else None
        if ticket_id != self.ticket_id:
            self.save()
            self.ticket_id, self._expecting = ticket_id, False
            self._set(view.note_draft if view else "")
            self.open = bool(self.text)
        elif view is not None and self._expecting and not self.text and view.note_draft:
            self._set(view.note_draft)
            self.open = True
            self._expecting = False
        self.changes.notify()

    def expect_back(self) -> None:
        """A note was taken back: its text comes with the ticket's next showing. Otherwise what is shown again may have
        been read before a note was kept, and must not bring its text back."""
        self._expecting = True

    def begin(self) -> None:
        """Open the editor."""
        if self.ticket_id is not None:
            self.open = True
            self.changes.notify()

    def typed(self, text: str) -> None:
        """The agent wrote."""
        self.text = text
        self.changes.notify()

    def save(self) -> None:
        """Store what was written so far, unless it is stored."""
        ticket_id, text = self.ticket_id, self.text
        if ticket_id is None or text == self._saved or self.keeping:
            return
        self._saved = text
        self._scope.restart(SAVE + ticket_id, lambda: self._tickets.save_note_draft(ticket_id, text))

    def leave(self) -> None:
        """Close the editor; what was written waits in it."""
        self.save()
        self.open = False
        self.changes.notify()

    def keep(self) -> bool:
        """Make it a note; False where there is nothing to keep."""
        ticket_id, text = self.ticket_id, self.text.strip()
        self._expecting = False
        if ticket_id is None or not text:
            return False

        async def work() -> None:
            await self._scope.join(SAVE)  # or the draft would come back behind the note
            event = await self._feedback.add_note(ticket_id, text)
            if self.ticket_id == ticket_id:
                self._set("")
                self.open = False
            self._recorded(event)

        return self._scope.start("keep", work)

    def take_back(self, event: FeedbackEvent) -> None:
        """Take a kept note back; its text returns to the editor where that is empty."""

        async def work() -> None:
            await self._feedback.undo(event.id)
            self.expect_back()
            self._undone(event)

        self._scope.start("take back", work)

    async def finish(self) -> None:
        """Store what is unsaved."""
        self.save()
        await self._scope.join(SAVE)

    def _set(self, text: str) -> None:
        self.text = self._saved = text
        self.replaced.notify()
