"""A note is kept with every pause, comes back where it was left, and is never a reply."""

import pytest

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from tests.ui.doubles import ServicesDouble
from ui.notes.presenter import NotePresenter
from ui.tasks import Tasks

REFUND, PARCEL = "TK-1009", "TK-1011"


class Notes:
    def __init__(self) -> None:
        self.services = ServicesDouble()
        self.errors: list[Exception] = []
        self.tasks = Tasks(self.errors.append)
        self.recorded: list[FeedbackEvent] = []
        self.undone: list[FeedbackEvent] = []
        self.presenter = NotePresenter(
            self.services.feedback,
            self.services.tickets,
            self.tasks.scope(),
            recorded=self.recorded.append,
            undone=self.undone.append,
        )

    async def open(self, ticket_id: str = REFUND) -> NotePresenter:
        self.presenter.show(await self.services.tickets.open(ticket_id))
        await self.tasks.idle()
        return self.presenter


@pytest.fixture
def notes() -> Notes:
    return Notes()


async def test_a_note_is_kept_and_the_thread_stays_as_it_is(notes: Notes) -> None:
    presenter = await notes.open()
    before = notes.services.shelf.tickets[REFUND]
    presenter.begin()
    assert not presenter.keep()
    presenter.typed("  call the courier ")
    assert presenter.keep()
    await notes.tasks.idle()
    assert [(one.kind, one.note) for one in notes.recorded] == [(FeedbackKind.NOTED, "call the courier")]
    assert (presenter.open, presenter.text) == (False, "")
    assert notes.services.shelf.tickets[REFUND] == before


async def test_what_was_begun_waits_with_its_ticket(notes: Notes) -> None:
    presenter = await notes.open()
    presenter.begin()
    presenter.typed("half a no")
    await notes.open(PARCEL)
    assert (presenter.open, presenter.text) == (False, "")
    assert notes.services.shelf.note_drafts == {REFUND: "half a no"}
    await notes.open()
    assert (presenter.open, presenter.text) == (True, "half a no")
    presenter.leave()
    await notes.open()  # loaded again
    assert not presenter.open


async def test_a_note_that_is_taken_back_is_told_and_written_on(notes: Notes) -> None:
    presenter = await notes.open()
    presenter.typed("call the courier")
    presenter.keep()
    await notes.tasks.idle()
    presenter.take_back(notes.recorded[0])
    await notes.tasks.idle()
    assert notes.undone == notes.recorded
    notes.services.shelf.note_drafts[REFUND] = "call the courier"  # as the store gives it back
    await notes.open()
    assert (presenter.open, presenter.text) == (True, "call the courier")


async def test_a_view_read_before_a_note_was_kept_does_not_bring_it_back(notes: Notes) -> None:
    presenter = await notes.open()
    presenter.typed("call the courier")
    presenter.save()
    await notes.tasks.idle()
    stale = await notes.services.tickets.open(REFUND)
    presenter.keep()
    await notes.tasks.idle()
    assert stale.note_draft == "call the courier"
    presenter.show(stale)
    assert (presenter.open, presenter.text) == (False, "")


async def test_the_last_words_are_stored_when_the_window_closes(notes: Notes) -> None:
    presenter = await notes.open()
    presenter.typed("half")
    await presenter.finish()
    assert notes.services.shelf.note_drafts == {REFUND: "half"}
    assert notes.errors == []
