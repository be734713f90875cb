"""The keys around the editor: what takes, what sends, what puts away, and that none of them acts by mistake."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from agent_assist.domain.feedback import FeedbackKind, RejectReason
from agent_assist.domain.tickets import TicketState
from tests.helpers.modifiers import ALT, CTRL, SHIFT
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble, drafted
from ui.composer.presenter import Phase

REFUND, PARCEL = "TK-1009", "TK-1011"


def compose(desk: Desk, preedit: str, committed: str = "") -> None:
    """What an input method sends to the widget with the keyboard."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(committed)
    focused = QApplication.focusWidget()
    assert focused is not None
    desk.act(lambda: QApplication.sendEvent(focused, event))


def editor_of(desk: Desk) -> QPlainTextEdit:
    editor = desk.session.view.composer.editor
    editor.setFocus()
    return editor


def test_tab_takes_a_draft_that_is_seen_into_an_empty_editor(desk: Desk) -> None:
    desk.open(REFUND)
    editor = editor_of(desk)
    desk.press(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == desk.session.desk.composer.draft


def test_tab_takes_nothing_over_a_text(desk: Desk) -> None:
    desk.open(REFUND)
    editor = editor_of(desk)
    desk.write("x")
    desk.press(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == "x"


def test_tab_takes_nothing_that_is_not_seen(desk: Desk) -> None:
    desk.open(REFUND)
    editor = editor_of(desk)
    desk.session.view.composer.card.hide()
    desk.press(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == ""
    desk.session.view.composer.card.show()
    editor.setFocus()
    desk.press(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == desk.session.desk.composer.draft


def test_tab_belongs_to_the_input_method_while_it_composes(desk: Desk) -> None:
    desk.open(REFUND)
    editor = editor_of(desk)
    compose(desk, "tui")
    desk.press(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == ""
    assert editor.hasFocus()
    compose(desk, "", "退")
    assert editor.toPlainText() == "退"
    desk.press(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == "退"


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        (Qt.Key.Key_Return, CTRL),
        (Qt.Key.Key_Return, CTRL | SHIFT),
        (Qt.Key.Key_A, ALT),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier),
    ],
)
def test_no_key_of_the_composer_acts_while_an_input_method_composes(
    desk: Desk, key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    desk.open(REFUND)
    editor = editor_of(desk)
    desk.write("ready to go ")
    compose(desk, "ni")
    desk.press(editor, key, modifiers)
    assert desk.services.shelf.log == []
    assert not desk.session.desk.composer.dismissed


def test_ctrl_enter_sends_and_stays(desk: Desk) -> None:
    desk.open(REFUND)
    editor = editor_of(desk)
    desk.write("done")
    desk.press(editor, Qt.Key.Key_Return, CTRL)
    assert desk.services.shelf.tickets[REFUND].state is TicketState.ANSWERED
    assert desk.session.desk.inbox.selected_id == REFUND
    assert desk.session.desk.composer.phase is Phase.ANSWERED


def test_ctrl_shift_enter_sends_and_opens_the_next_with_its_draft(desk: Desk) -> None:
    desk.open(REFUND)
    following = desk.session.desk.inbox.successor()
    assert following is not None
    editor = editor_of(desk)
    desk.press(editor, Qt.Key.Key_Return, CTRL | SHIFT)
    assert editor.toPlainText() == desk.session.desk.composer.draft
    assert desk.services.shelf.log == []
    desk.press(editor, Qt.Key.Key_Return, CTRL | SHIFT)
    assert desk.services.shelf.log[-1].kind is FeedbackKind.ACCEPTED
    assert desk.session.desk.inbox.selected_id == following.id
    assert desk.session.desk.composer.phase is Phase.READY
    assert editor.toPlainText() == ""


def test_the_next_ticket_after_a_reply_that_stayed_is_not_skipped(desk: Desk) -> None:
    desk.open(REFUND)
    following = desk.session.desk.inbox.successor()
    assert following is not None
    editor = editor_of(desk)
    desk.write("done")
    desk.press(editor, Qt.Key.Key_Return, CTRL)
    desk.act(lambda: desk.session.desk.inbox.refresh())
    desk.press(desk.window, Qt.Key.Key_Down, ALT)
    assert desk.session.desk.inbox.selected_id == following.id


@pytest.mark.parametrize(("key", "modifiers"), [(Qt.Key.Key_A, ALT), (Qt.Key.Key_Return, CTRL | SHIFT)])
def test_a_key_held_down_answers_one_ticket(desk: Desk, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    desk.open(REFUND)
    editor = editor_of(desk)
    desk.write("words")
    desk.press(editor, key, modifiers)
    desk.press(editor, key, modifiers)  # what stands in the editor is confirmed to be dropped by the second one
    answered = len(desk.services.shelf.log)

    def held() -> None:
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            QApplication.sendEvent(editor, QKeyEvent(kind, key, modifiers, "", True))

    assert answered >= 1
    for _ in range(5):
        desk.act(held)
    assert len(desk.services.shelf.log) == answered


def test_esc_puts_the_draft_away_and_a_digit_says_why(desk: Desk) -> None:
    desk.open(REFUND)
    editor, card = editor_of(desk), desk.session.view.composer.card
    desk.press(editor, Qt.Key.Key_Escape)
    assert card.reasons.isVisible()
    assert not card.draft.isVisible()
    assert editor.hasFocus()
    desk.press(editor, Qt.Key.Key_Tab)
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert editor.toPlainText() == ""
    assert desk.services.shelf.log == []
    editor.setFocus()
    desk.press(editor, Qt.Key.Key_3)
    assert desk.services.shelf.log[-1].reason is RejectReason.INCOMPLETE
    assert editor.toPlainText() == ""


def test_esc_again_has_the_draft_back(desk: Desk) -> None:
    desk.open(REFUND)
    editor, card = editor_of(desk), desk.session.view.composer.card
    desk.press(editor, Qt.Key.Key_Escape)
    desk.press(editor, Qt.Key.Key_Escape)
    assert card.draft.isVisible()
    assert not card.reasons.isVisible()
    desk.press(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == desk.session.desk.composer.draft


def test_whoever_goes_on_writing_after_esc_loses_no_letter(desk: Desk) -> None:
    desk.open(REFUND)
    editor = editor_of(desk)
    desk.press(editor, Qt.Key.Key_Escape)
    desk.act(lambda: QTest.keyClicks(editor, "see 2 things"))
    assert editor.toPlainText() == "see 2 things"
    assert desk.services.shelf.log == []


def test_letters_typed_at_the_reasons_reach_the_editor(desk: Desk) -> None:
    desk.open(REFUND)
    editor, reasons = editor_of(desk), desk.session.view.composer.card.reasons
    desk.write("my own words")
    desk.press(editor, Qt.Key.Key_Escape)
    assert reasons.hasFocus()
    desk.press(reasons, Qt.Key.Key_X)
    assert editor.toPlainText() == "my own wordsx"
    assert editor.hasFocus()


def test_another_suggestion_is_not_put_away(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.suggestions.kinds[PARCEL] = drafted(services.shelf.tickets[PARCEL])
    desk = open_desk(services)
    desk.open(REFUND)
    desk.press(editor_of(desk), Qt.Key.Key_Escape)
    desk.open(PARCEL)
    assert desk.session.desk.composer.can_take
    assert not desk.session.view.composer.card.reasons.isVisible()
