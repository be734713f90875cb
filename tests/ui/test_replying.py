"""Replying in the window by keys: sent, edited, rejected, taken back, kept, and the next step beside it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel

from agent_assist.domain.events import EngineState
from agent_assist.domain.feedback import FeedbackKind, RejectReason
from agent_assist.domain.suggestion import NoneReason, SentenceSource, SuggestionKind
from agent_assist.domain.tickets import Queue, TicketState
from tests.helpers.modifiers import ALT, CTRL, SHIFT
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble, drafted, not_answered
from ui.composer.presenter import Phase

REFUND = "TK-1009"
PARCEL = "TK-1011"


def test_one_key_sends_the_suggestion_and_goes_on(desk: Desk) -> None:
    desk.open(PARCEL)
    following = desk.session.desk.inbox.successor()
    draft = desk.session.desk.composer.draft
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    ticket = desk.services.shelf.tickets[PARCEL]
    assert ticket.messages[-1].text == draft
    assert ticket.state is TicketState.ANSWERED
    assert following is not None
    assert desk.session.desk.inbox.selected_id == following.id
    assert desk.session.desk.inbox.total == 39
    assert desk.window.toast.isVisible()


def test_the_second_key_for_accepting_does_the_same(desk: Desk) -> None:
    desk.open(PARCEL)
    desk.press(desk.window, Qt.Key.Key_A, CTRL | SHIFT)
    assert desk.services.shelf.log[-1].kind is FeedbackKind.ACCEPTED


def test_tab_takes_the_suggestion_over_and_ctrl_enter_sends_it_edited(desk: Desk) -> None:
    desk.open(REFUND)
    editor = desk.session.view.composer.editor
    editor.setFocus()
    desk.press(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == desk.session.desk.composer.draft
    desk.write(" Best wishes.")
    desk.press(editor, Qt.Key.Key_Return, CTRL)
    event = desk.services.shelf.log[-1]
    assert event.kind is FeedbackKind.EDITED
    assert event.final_text is not None
    assert event.final_text.endswith(" Best wishes.")
    assert editor.toPlainText() == ""


def marked_lines(desk: Desk) -> list[str]:
    """The tickets whose lines the list marks as the open one."""
    view, inbox = desk.session.view.inbox.list, desk.session.desk.inbox
    rows = [inbox.peek(index.row()) for index in view.selectionModel().selectedIndexes()]
    return [row.id for row in rows if row is not None]


def test_a_sent_ticket_stays_open_and_no_other_line_is_marked(desk: Desk) -> None:
    inbox, view = desk.session.desk.inbox, desk.session.view
    desk.open(PARCEL)
    place, following = inbox.selected_index, inbox.successor()
    assert marked_lines(desk) == [PARCEL]
    assert place is not None
    assert following is not None
    desk.write("Your parcel is on its way.")
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    moved_up = inbox.peek(place)
    assert moved_up is not None
    assert moved_up.id == following.id  # the line that took its place
    assert inbox.selected_id == desk.session.desk.composer.view.ticket.id == PARCEL  # type: ignore[union-attr]
    assert marked_lines(desk) == []
    view.composer.editor.setFocus()
    desk.press(desk.window, Qt.Key.Key_F6)  # the keyboard into the list opens no other ticket
    assert view.inbox.list.hasFocus()
    assert (inbox.selected_id, marked_lines(desk)) == (PARCEL, [])
    desk.press(view.inbox.list, Qt.Key.Key_Down)
    assert (inbox.selected_id, marked_lines(desk)) == (following.id, [following.id])


def test_a_click_opens_the_line_that_moved_up(desk: Desk) -> None:
    inbox, tickets = desk.session.desk.inbox, desk.session.view.inbox.list
    desk.open(PARCEL)
    following = inbox.successor()
    desk.write("Your parcel is on its way.")
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    assert following is not None
    assert inbox.selected_index is not None
    place = tickets.visualRect(tickets.model().index(inbox.selected_index, 0)).center()
    desk.act(lambda: QTest.mouseClick(tickets.viewport(), Qt.MouseButton.LeftButton, pos=place))
    assert (inbox.selected_id, marked_lines(desk)) == (following.id, [following.id])


def test_sent_and_on_to_the_next_which_is_marked_and_shown(desk: Desk) -> None:
    inbox = desk.session.desk.inbox
    desk.open(PARCEL)
    following = inbox.successor()
    assert following is not None
    desk.write("Your parcel is on its way.")
    desk.press(desk.window, Qt.Key.Key_Return, CTRL | SHIFT)
    assert desk.session.desk.composer.view is not None
    assert desk.session.desk.composer.view.ticket.id == inbox.selected_id == following.id
    assert marked_lines(desk) == [following.id]
    desk.press(desk.window, Qt.Key.Key_Z, CTRL)  # the reply comes back, and so does its ticket
    assert (inbox.selected_id, marked_lines(desk)) == (PARCEL, [PARCEL])


def test_a_sent_ticket_that_stays_in_the_list_stays_marked(desk: Desk) -> None:
    inbox = desk.session.desk.inbox
    desk.act(lambda: inbox.set_queue(Queue.ALL))
    desk.open(PARCEL)
    desk.write("Your parcel is on its way.")
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    assert inbox.selected_id == PARCEL
    assert marked_lines(desk) == [PARCEL]


def test_the_chosen_line_stays_in_sight_when_the_list_gets_lower(desk: Desk) -> None:
    inbox, tickets = desk.session.desk.inbox, desk.session.view.inbox.list
    tickets.setFixedHeight(600)
    desk.act(lambda: inbox.select_index(6))
    assert tickets.viewport().rect().contains(tickets.visualRect(tickets.currentIndex()))
    tickets.setFixedHeight(300)
    desk.settle()
    assert tickets.viewport().rect().contains(tickets.visualRect(tickets.currentIndex()))


def test_ctrl_enter_takes_into_an_empty_editor(desk: Desk) -> None:
    desk.open(REFUND)
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    assert desk.session.view.composer.editor.toPlainText() == desk.session.desk.composer.draft
    assert desk.services.shelf.log == []


def test_a_suggestion_never_overwrites_what_was_typed(desk: Desk) -> None:
    desk.open(REFUND)
    desk.write("my own words")
    desk.act(lambda: desk.session.desk.composer.ask(again=True))
    desk.act(desk.session.view.composer.take)
    assert desk.session.view.composer.editor.toPlainText() == "my own words"


def test_sending_over_own_words_needs_a_second_press(desk: Desk) -> None:
    desk.open(REFUND)
    desk.write("my own words")
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert desk.services.shelf.log == []
    assert desk.session.view.composer.card.doubt.isVisible()
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert desk.services.shelf.log[-1].kind is FeedbackKind.ACCEPTED


def test_unsupported_facts_need_a_second_press(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.suggestions.kinds[REFUND] = drafted(services.shelf.tickets[REFUND], doubtful=True)
    desk = open_desk(services)
    desk.open(REFUND)
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert services.shelf.log == []
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert services.shelf.log[-1].kind is FeedbackKind.ACCEPTED


def test_doubts_of_an_edited_text_are_marked_named_and_confirmed(desk: Desk) -> None:
    desk.open(REFUND)
    view = desk.session.view.composer
    desk.write("We refund $77.")
    desk.act(desk.session.desk.composer.look_over)
    [mark] = view.editor.extraSelections()
    assert mark.cursor.selectedText() == "$77"
    assert "$77" in view.doubt.text()
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    assert desk.services.shelf.log == []
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    assert desk.services.shelf.log[-1].kind is FeedbackKind.EDITED
    assert not view.doubt.isVisible()


def test_a_sentence_that_is_pointed_at_marks_its_source(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    made = drafted(services.shelf.tickets[REFUND])
    sentences = (
        SentenceSource(start=0, end=5),
        SentenceSource(start=5, end=20, source=1, source_start=made.sources[1].start, source_end=9),
    )
    services.suggestions.kinds[REFUND] = replace(made, sentences=sentences)
    desk = open_desk(services)
    desk.open(REFUND)
    card = desk.session.view.composer.card
    assert card.bare.isVisible()
    desk.act(lambda: card.draft.pointed.emit(7))
    rows = [row for row in card.sources.findChildren(QFrame, "sourceRow") if row.isVisible()]
    assert [row.property("cited") for row in rows] == [False, True, False]


def test_ctrl_r_and_a_digit_reject_with_a_reason(desk: Desk) -> None:
    desk.open(REFUND)
    desk.press(desk.window, Qt.Key.Key_R, CTRL)
    reasons = desk.session.view.composer.card.reasons
    assert reasons.isVisible()
    desk.press(reasons, Qt.Key.Key_4)
    assert desk.services.shelf.log[-1].reason is RejectReason.WRONG_TONE
    assert desk.session.desk.composer.phase is Phase.REJECTED
    assert desk.session.view.composer.editor.hasFocus()


def test_escape_opens_and_closes_the_reasons(desk: Desk) -> None:
    desk.open(REFUND)
    composer = desk.session.view.composer
    composer.editor.setFocus()
    desk.press(composer.editor, Qt.Key.Key_Escape)
    assert composer.card.reasons.isVisible()
    desk.press(composer.card.reasons, Qt.Key.Key_Escape)
    assert not composer.card.reasons.isVisible()
    assert desk.services.shelf.log == []


@pytest.mark.parametrize("how", ["key", "toast"])
def test_a_sent_reply_is_taken_back(desk: Desk, how: str) -> None:
    desk.open(PARCEL)
    before = desk.services.shelf.tickets[PARCEL]
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    if how == "key":
        editor = desk.session.view.composer.editor
        editor.setFocus()
        desk.press(editor, Qt.Key.Key_Z, CTRL)
    else:
        desk.act(lambda: desk.window.toast._undo.click())
    after = desk.services.shelf.tickets[PARCEL]
    assert (after.messages, after.state) == (before.messages, before.state)
    assert desk.session.desk.inbox.selected_id == PARCEL


def test_an_edited_reply_comes_back_into_the_editor(desk: Desk) -> None:
    desk.open(REFUND)
    desk.write("my own words")
    desk.act(desk.session.desk.composer.save)
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    desk.act(desk.session.desk.history.undo)
    assert desk.session.view.composer.editor.toPlainText() == "my own words"


def test_ctrl_z_in_a_text_is_the_editors_own(desk: Desk) -> None:
    desk.open(PARCEL)
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    desk.write("typed")
    editor = desk.session.view.composer.editor
    desk.press(editor, Qt.Key.Key_Z, CTRL)
    assert editor.toPlainText() == ""
    assert len(desk.services.shelf.live()) == 1


def test_engine_down_and_back_keeps_the_text_and_asks_again(desk: Desk) -> None:
    desk.act(lambda: desk.services.engine(EngineState.RESTARTING))
    desk.open(REFUND)
    assert desk.session.desk.composer.phase is Phase.AWAY
    desk.write("meanwhile")
    assert desk.session.view.composer.editor.isEnabled()
    desk.act(lambda: desk.services.engine(EngineState.READY, detail="CPU"))
    assert desk.session.desk.composer.phase is Phase.READY
    assert desk.session.view.composer.editor.toPlainText() == "meanwhile"
    assert 0 in [bubble.index for bubble in desk.session.desk.thread.bubbles() if bubble.understanding]


def test_ctrl_g_asks_again(desk: Desk) -> None:
    desk.open(REFUND)
    desk.press(desk.window, Qt.Key.Key_G, CTRL)
    assert desk.services.suggestions.asked == [REFUND, REFUND]


def test_no_key_acts_while_an_input_method_composes(desk: Desk) -> None:
    desk.open(REFUND)
    editor = desk.session.view.composer.editor
    editor.setFocus()
    desk.act(lambda: QApplication.sendEvent(editor, QInputMethodEvent("nihao", [])))
    desk.press(editor, Qt.Key.Key_A, ALT)
    desk.press(editor, Qt.Key.Key_Tab)
    desk.press(editor, Qt.Key.Key_Return, CTRL)
    desk.act(lambda: desk.window.table.trigger("accept"))
    assert desk.services.shelf.log == []
    committed = QInputMethodEvent("", [])
    committed.setCommitString("你好")
    desk.act(lambda: QApplication.sendEvent(editor, committed))
    assert editor.toPlainText().endswith("你好")


def test_the_text_is_kept_when_the_ticket_changes_and_comes_back(desk: Desk) -> None:
    desk.open(REFUND)
    desk.write("half a thought")
    desk.open(PARCEL)
    assert desk.session.view.composer.editor.toPlainText() == ""
    assert desk.services.shelf.composers[REFUND] == "half a thought"
    desk.open(REFUND)
    assert desk.session.view.composer.editor.toPlainText() == "half a thought"


def test_the_text_is_kept_when_the_window_closes(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    desk = open_desk(services)
    desk.open(REFUND)
    desk.write("half a thought")
    desk.window.close()
    desk.turn()
    desk.settle()
    assert services.shelf.composers[REFUND] == "half a thought"
    assert services.closed


def test_an_approved_text_says_so(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.suggestions.kinds[REFUND] = replace(drafted(services.shelf.tickets[REFUND]), kind=SuggestionKind.APPROVED)
    desk = open_desk(services)
    desk.open(REFUND)
    assert desk.session.view.composer.card._badge.text() == "Approved text"


def test_a_draft_in_the_words_of_its_source_says_so(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.suggestions.kinds[REFUND] = replace(drafted(services.shelf.tickets[REFUND]), quoted=True)
    desk = open_desk(services)
    desk.open(REFUND)
    assert desk.session.view.composer.card._badge.text() == "In the source's words"


def test_sources_that_do_not_answer_offer_a_question_by_key(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.suggestions.kinds[REFUND] = not_answered(services.shelf.tickets[REFUND])
    desk = open_desk(services)
    desk.open(REFUND)
    composer, card = desk.session.view.composer, desk.session.view.composer.card
    assert card._badge.text() == "The sources do not answer this"
    assert (card.draft.isVisible(), card.accept.isVisible(), card.add.isVisible()) == (True, False, True)
    assert card.take.text() == "Ask this"
    assert "3 sources looked at" in [one.text() for one in card.sources.findChildren(QLabel)]
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert services.shelf.log == []
    desk.press(composer.editor, Qt.Key.Key_Tab)
    assert composer.editor.toPlainText() == "Our notes do not say. Which one do you mean?"
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    event = services.shelf.log[-1]
    assert event.suggestion is not None
    assert event.suggestion.reason is NoneReason.NOT_ANSWERED
