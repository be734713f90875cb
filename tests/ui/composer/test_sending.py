"""After the key: the send window with its way back, the comparison, and sources by key."""

import re
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt

from agent_assist.domain.article_versions import DiffKind
from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.language import Language
from tests.helpers.modifiers import ALT, CTRL, SHIFT
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble, drafted
from ui.i18n import I18n
from ui.shell.session import toast_text
from ui.widgets.elided import ElidedLabel

REFUND, PARCEL = "TK-1009", "TK-1011"


def sent(desk: Desk) -> FeedbackEvent:
    desk.services.feedback.undo_seconds = 60.0
    desk.open(PARCEL)
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    return desk.services.shelf.log[-1]


def test_a_reply_is_held_back_and_the_toast_says_for_how_long(desk: Desk) -> None:
    event = sent(desk)
    toast = desk.window.toast
    assert event.held_seconds == 60.0
    assert re.fullmatch(r"Sent to .+ as suggested – goes out in \d\d s", toast.text)
    assert toast._undo.isVisible()


def test_the_toast_counts_down_and_then_there_is_no_undo(desk: Desk) -> None:
    toast = desk.window.toast
    toast.count_down(lambda seconds: f"{seconds} left", 2.5, then="gone")
    said = [toast.text]
    while toast._second.isActive():
        assert toast._undo.isVisible()
        toast._count()
        said.append(toast.text)
    assert said == ["3 left", "2 left", "1 left", "gone"]
    assert not toast._undo.isVisible()


def test_a_reply_that_is_held_back_is_taken_back(desk: Desk) -> None:
    event = sent(desk)
    desk.act(lambda: desk.window.toast._undo.click())
    assert desk.services.shelf.log[-1].undoes == event.id
    assert desk.window.toast.text == "Taken back before it went out"
    assert not desk.window.toast._second.isActive()
    assert desk.session.desk.inbox.selected_id == PARCEL


def test_an_undo_after_the_reply_went_out_says_so(desk: Desk) -> None:
    act = sent(desk)
    late = replace(act, id="E9", kind=FeedbackKind.UNDONE, undoes=act.id, at=act.leaves_at)
    assert toast_text(I18n(Language.EN), late, "", act=act) == "Reopened. The reply had gone out before."


def test_an_edit_is_compared_with_its_draft(desk: Desk) -> None:
    desk.open(REFUND)
    composer, panel = desk.session.view.composer, desk.session.view.composer.comparison
    desk.press(composer.editor, Qt.Key.Key_D, CTRL)
    assert not panel.isVisible()
    desk.act(composer.take)
    desk.press(desk.window, Qt.Key.Key_D, CTRL)
    assert panel.isVisible()
    assert panel.counts.text() == "As it was drafted"
    cursor = composer.editor.textCursor()
    cursor.movePosition(cursor.MoveOperation.Start)
    composer.editor.setTextCursor(cursor)
    desk.write("Dear all. ")
    assert "[+Dear all. +]" in panel.text.toPlainText()
    desk.press(desk.window, Qt.Key.Key_D, CTRL)
    assert not panel.isVisible()


def test_chinese_is_compared_character_by_character(desk: Desk) -> None:
    pieces = desk.services.reply_checks.differences("退款将在3天内到账。", "退款会在5天内到账。")
    changed = [(one.kind, one.text) for one in pieces if one.kind is not DiffKind.KEPT]
    assert changed == [
        (DiffKind.REMOVED, "将"),
        (DiffKind.ADDED, "会"),
        (DiffKind.REMOVED, "3"),
        (DiffKind.ADDED, "5"),
    ]


def test_the_comparison_goes_with_its_ticket(desk: Desk) -> None:
    desk.open(REFUND)
    desk.act(desk.session.view.composer.take)
    desk.press(desk.window, Qt.Key.Key_D, CTRL)
    desk.open(PARCEL)
    assert not desk.session.view.composer.comparison.isVisible()


def test_sources_open_one_after_the_other_in_their_places(desk: Desk) -> None:
    desk.open(REFUND)
    composer = desk.session.desk.composer
    for expected in ([0], [1], [2], [], [0]):
        desk.press(desk.window, Qt.Key.Key_O, ALT)
        assert list(composer.places) == expected
    place = composer.places[0]
    assert place is not None
    assert place.passage == composer.sources[0].passage


def test_a_key_opens_the_article_at_the_passage_marked(desk: Desk) -> None:
    desk.open(REFUND)
    source = desk.session.desk.composer.sources[1]
    for _ in range(2):
        desk.press(desk.window, Qt.Key.Key_O, ALT)
    desk.press(desk.window, Qt.Key.Key_O, ALT | SHIFT)
    article = desk.session.knowledge.presenter.article
    assert article.version is not None
    assert article.version.doc_id == source.doc_id
    assert article.span is not None
    assert (article.span.start, article.span.end) == (source.start, source.end)
    cursor = desk.session.knowledge.view.article.text.textCursor()
    cursor.movePosition(cursor.MoveOperation.Right)
    assert cursor.charFormat().background().color() == desk.program.look.colour("entity_money")


def test_a_source_in_a_line_is_without_the_marks_of_headings(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    made = drafted(services.shelf.tickets[REFUND])
    sources = (replace(made.sources[0], passage="### Free returns\nGold members have 4 of them, #1 first."),)
    services.suggestions.kinds[REFUND] = replace(made, sources=sources)
    desk = open_desk(services)
    desk.open(REFUND)
    row = desk.session.view.composer.card.sources.row(0)
    assert row is not None
    [line] = row.findChildren(ElidedLabel)
    assert line.toolTip().startswith("Free returns")
    assert "#1 first" in line.toolTip()
