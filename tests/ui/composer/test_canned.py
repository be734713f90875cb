"""Canned replies and macros: what begins a search, what it puts in, and that open slots are never sent."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from agent_assist.domain.feedback import FeedbackKind
from tests.ui.conftest import Desk
from ui.composer.canned import Begun, begun_at, open_slot

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
REFUND = "TK-1009"


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("/", Begun(0, "", False)),
        ("/ref", Begun(0, "ref", False)),
        ("Hello,\n#退款 进度", Begun(7, "退款 进度", True)),
        ("、tk", Begun(0, "tk", False)),
        ("＃", Begun(0, "", True)),
        ("and/or", None),
        ("1/2", None),
        (" /x", None),
        ("/a/b", None),
        ("/one\nmore", None),
        ("", None),
    ],
)
def test_a_sign_counts_at_the_beginning_of_a_line(text: str, begun: Begun | None) -> None:
    assert begun_at(text, len(text)) == begun


def test_only_what_stands_before_the_cursor_is_sought() -> None:
    assert begun_at("/refund", 3) == Begun(0, "re", False)
    assert begun_at("/refund\nmore", 12) is None


def test_open_slots_are_found_one_after_the_other() -> None:
    text = "{订单号} and {number} and {1}"
    first = open_slot(text)
    assert first is not None
    second = open_slot(text, first.end)
    assert second is not None
    assert (first.word, second.word) == ("订单号", "number")
    assert open_slot(text, second.end) == first
    assert open_slot("nothing {here is} open") is None


@pytest.fixture
def open_ticket(open_desk: Callable[..., Desk]) -> Desk:
    desk = open_desk()
    desk.open(REFUND)
    desk.session.view.composer.editor.setFocus()
    return desk


def keys(desk: Desk, text: str) -> None:
    editor = desk.session.view.composer.editor
    for char in text:
        desk.act(lambda char=char: QTest.keyClicks(editor, char))


def test_a_canned_reply_is_found_by_typing_and_put_in_by_enter(open_ticket: Desk) -> None:
    desk, composer = open_ticket, open_ticket.session.view.composer
    keys(desk, "/refund")
    popup = composer.insertion.popup
    assert popup.isVisible()
    assert popup.number == 0
    desk.press(composer.editor, Qt.Key.Key_Return)
    assert composer.editor.toPlainText() == "It takes 3 days and costs $42."
    assert not popup.isVisible()
    desk.press(composer.editor, Qt.Key.Key_Z, CTRL)
    assert composer.editor.toPlainText() == "/refund"


def test_arrows_choose_and_the_text_goes_in_behind_a_line_break(open_ticket: Desk) -> None:
    desk, composer = open_ticket, open_ticket.session.view.composer
    keys(desk, "Hello,")
    desk.press(composer.editor, Qt.Key.Key_Return)
    keys(desk, "/")
    desk.press(composer.editor, Qt.Key.Key_Down)
    desk.press(composer.editor, Qt.Key.Key_Tab)
    assert composer.editor.toPlainText() == "Hello,\nIt takes 3 days and costs $42."


def test_what_a_reviewed_text_says_is_not_doubted(open_ticket: Desk) -> None:
    desk, composer = open_ticket, open_ticket.session.view.composer
    keys(desk, "/refund")
    desk.press(composer.editor, Qt.Key.Key_Return)
    desk.press(composer.editor, Qt.Key.Key_Return, CTRL)
    event = desk.services.shelf.log[-1]
    assert event.kind is FeedbackKind.EDITED
    assert event.origin.canned == ("faq-refund",)
    assert event.confirmed == ()


def test_a_reply_of_which_nothing_is_left_is_not_logged(open_ticket: Desk) -> None:
    desk, composer = open_ticket, open_ticket.session.view.composer
    keys(desk, "/hours")
    desk.press(composer.editor, Qt.Key.Key_Return)
    composer.editor.selectAll()
    keys(desk, "something else")
    desk.press(composer.editor, Qt.Key.Key_Return, CTRL)
    assert desk.services.shelf.log[-1].origin.canned == ()


def test_a_macro_is_filled_shows_its_open_slot_and_is_not_sent_with_it(open_ticket: Desk) -> None:
    desk, composer = open_ticket, open_ticket.session.view.composer
    keys(desk, "#where")
    desk.press(composer.editor, Qt.Key.Key_Return)
    customer = desk.services.shelf.tickets[REFUND].customer
    assert composer.editor.toPlainText() == f"Hi {customer}, order {{order_number}} is on its way."
    assert composer.editor.textCursor().selectedText() == "{order_number}"
    desk.press(composer.editor, Qt.Key.Key_Return, CTRL)
    desk.act(desk.session.desk.composer.look_over)
    assert "{order_number}" in composer.doubt.text()
    composer.editor.moveCursor(composer.editor.textCursor().MoveOperation.End)
    desk.press(composer.editor, Qt.Key.Key_Tab)
    assert composer.editor.textCursor().selectedText() == "{order_number}"
    keys(desk, "GF1")
    desk.press(composer.editor, Qt.Key.Key_Return, CTRL)
    assert desk.services.shelf.log[-1].final_text == f"Hi {customer}, order GF1 is on its way."


def test_a_half_typed_search_is_never_sent(open_ticket: Desk) -> None:
    desk, composer = open_ticket, open_ticket.session.view.composer
    keys(desk, "/refund")
    desk.press(composer.editor, Qt.Key.Key_Return, CTRL)
    assert desk.services.shelf.log == []
    assert composer.editor.toPlainText() == "It takes 3 days and costs $42."


def test_esc_leaves_the_sign_as_it_is(open_ticket: Desk) -> None:
    desk, composer = open_ticket, open_ticket.session.view.composer
    keys(desk, "/re")
    desk.press(composer.editor, Qt.Key.Key_Escape)
    keys(desk, "f")
    assert not composer.insertion.popup.isVisible()
    assert not desk.session.desk.composer.dismissed
    desk.press(composer.editor, Qt.Key.Key_Return)
    assert composer.editor.toPlainText() == "/ref\n"


def test_where_nothing_is_found_the_list_says_so_and_enter_is_a_line_break(open_ticket: Desk) -> None:
    desk, composer = open_ticket, open_ticket.session.view.composer
    keys(desk, "/zzz")
    assert composer.insertion.popup.empty.isVisible()
    desk.press(composer.editor, Qt.Key.Key_Return)
    assert composer.editor.toPlainText() == "/zzz\n"


def test_an_input_method_finds_by_what_it_committed(open_ticket: Desk) -> None:
    desk, composer = open_ticket, open_ticket.session.view.composer

    def send(preedit: str, committed: str = "") -> None:
        event = QInputMethodEvent(preedit, [])
        event.setCommitString(committed)
        desk.act(lambda: QApplication.sendEvent(composer.editor, event))

    send("", "/")
    send("refu")
    desk.press(composer.editor, Qt.Key.Key_Tab)
    assert composer.editor.toPlainText() == "/"
    assert desk.services.canned.asked[-1] == ("", False)
    send("", "refund")
    assert desk.services.canned.asked[-1] == ("refund", False)
    assert composer.insertion.popup.number == 0


@pytest.mark.parametrize(("key", "macros"), [(Qt.Key.Key_C, False), (Qt.Key.Key_M, True)])
def test_a_key_and_a_button_begin_a_search(open_ticket: Desk, key: Qt.Key, macros: bool) -> None:
    desk, composer = open_ticket, open_ticket.session.view.composer
    desk.press(desk.window, key, ALT)
    assert desk.services.canned.asked == [("", macros)]
    assert composer.insertion.popup.isVisible()


def test_another_ticket_forgets_what_was_put_in(open_ticket: Desk) -> None:
    desk, composer = open_ticket, open_ticket.session.view.composer
    keys(desk, "/hours")
    desk.press(composer.editor, Qt.Key.Key_Return)
    desk.open("TK-1011")
    assert desk.session.desk.composer.canned.said == ()
