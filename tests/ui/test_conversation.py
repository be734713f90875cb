"""What an agent does around a conversation, by keys and mouse: labels, notes, links, translations, files, the panel."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton

from agent_assist.domain.attachments import AttachmentFault, AttachmentKind, PictureFault
from agent_assist.domain.feedback import FeedbackKind
from agent_assist.domain.wording import Refusal, RefusalReason, Rewording
from tests.helpers.modifiers import ALT, CTRL, SHIFT
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble
from tests.ui.doubles.around import attachment
from tests.ui.seen import PARCEL, REFUND, bubble, focused, texts, with_history
from tests.ui.test_layout import faults, without_names
from ui.notes.view import NoteView
from ui.widgets.picker import Picker


def picker(desk: Desk) -> Picker:
    shown = desk.session.view.conversation.corrections.picker
    assert shown is not None
    return shown


# corrections


@pytest.mark.parametrize(
    ("key", "digit", "kind", "label"),
    [
        (Qt.Key.Key_S, Qt.Key.Key_1, FeedbackKind.SENTIMENT_CORRECTED, "very_negative"),
        (Qt.Key.Key_U, Qt.Key.Key_4, FeedbackKind.URGENCY_CORRECTED, "critical"),
    ],
)
def test_one_key_and_a_digit_correct_mood_and_urgency(
    desk: Desk, key: Qt.Key, digit: Qt.Key, kind: FeedbackKind, label: str
) -> None:
    desk.open(REFUND)
    desk.press(desk.window, key, ALT)
    desk.press(picker(desk).search, digit)
    event = desk.services.shelf.log[-1]
    assert (event.kind, event.sentiment or event.urgency) == (kind, label)
    assert "Model: " in texts(bubble(desk).labels)  # what the model thought stays beside it
    desk.press(desk.window, Qt.Key.Key_Z, CTRL)
    assert desk.services.shelf.log[-1].undoes == event.id
    assert "Model: " not in texts(bubble(desk).labels)


def test_corrected_intents_keep_what_the_model_said(desk: Desk) -> None:
    desk.open(REFUND)
    before = texts(bubble(desk).labels)
    desk.press(desk.window, Qt.Key.Key_L, CTRL)
    desk.act(lambda: QTest.keyClicks(picker(desk).search, "presale.price"))
    desk.press(picker(desk).search, Qt.Key.Key_Return)
    said = texts(bubble(desk).labels)
    assert before.split(" ")[0] in said.split("Model: ")[1]
    assert desk.services.shelf.log[-1].kind is FeedbackKind.INTENTS_CORRECTED


def test_shift_and_arrows_select_what_enter_marks_and_delete_unmarks(desk: Desk) -> None:
    desk.open(REFUND)
    desk.press(desk.window, Qt.Key.Key_F7)
    text = bubble(desk).text
    assert text.hasFocus()
    place = text.toPlainText().index("Amelia Scott")
    cursor = text.textCursor()
    cursor.setPosition(place)
    text.setTextCursor(cursor)
    for _ in "Amelia Scott":
        desk.press(text, Qt.Key.Key_Right, SHIFT)
    desk.press(text, Qt.Key.Key_Return)
    desk.act(lambda: QTest.keyClicks(picker(desk).search, "person"))
    desk.press(picker(desk).search, Qt.Key.Key_Return)
    marked = desk.services.shelf.log[-1].entities or ()
    assert ("person", "Amelia Scott") in [(one.type, one.text) for one in marked]
    assert "not marked" in texts(bubble(desk).labels)
    desk.press(text, Qt.Key.Key_Delete)
    left = desk.services.shelf.log[-1].entities or ()
    assert "Amelia Scott" not in [one.text for one in left]
    assert len(desk.services.shelf.log) == 2


def test_the_keys_for_a_message_correct_the_one_with_the_keyboard(desk: Desk) -> None:
    desk.open(PARCEL)
    first = bubble(desk, 0)
    assert first.bubble.message.role == "customer"
    first.text.setFocus()
    desk.press(desk.window, Qt.Key.Key_U, ALT)
    desk.press(picker(desk).search, Qt.Key.Key_4)
    assert desk.services.shelf.labels[PARCEL, 0].urgency.label == "critical"


def test_the_keyboard_stays_on_the_label_that_was_corrected(desk: Desk) -> None:
    desk.open(REFUND)

    def urgency() -> QPushButton:
        return next(one for one in bubble(desk).labels._buttons() if one.text().startswith("Urgency"))

    urgency().setFocus()
    desk.press(urgency(), Qt.Key.Key_Space)
    shown = picker(desk)
    desk.act(lambda: desk.session.desk.thread.correct_sentiment(0, "positive"))  # the labels come anew meanwhile
    desk.press(shown.search, Qt.Key.Key_4)
    assert "Critical" in urgency().text()
    desk.act(lambda: desk.session.view.conversation.corrections.urgency(0))
    desk.press(picker(desk).search, Qt.Key.Key_Escape)


# notes


def test_a_note_is_written_by_keys_and_sends_nothing(desk: Desk) -> None:
    desk.open(REFUND)
    messages = desk.services.shelf.tickets[REFUND].messages
    desk.press(desk.window, Qt.Key.Key_I, CTRL)
    strip = desk.session.view.note
    assert strip.editor.hasFocus()
    desk.act(lambda: QTest.keyClicks(strip.editor, "call the courier"))
    for key, held in ((Qt.Key.Key_Return, CTRL | SHIFT), (Qt.Key.Key_A, ALT), (Qt.Key.Key_A, CTRL | SHIFT)):
        if key == Qt.Key.Key_A:
            desk.press(strip.editor, key, held)
    assert desk.services.shelf.log == []
    desk.press(strip.editor, Qt.Key.Key_Return, CTRL)
    event = desk.services.shelf.log[-1]
    assert (event.kind, event.note) == (FeedbackKind.NOTED, "call the courier")
    assert desk.services.shelf.tickets[REFUND].messages == messages
    assert not strip.isVisible()
    assert desk.session.view.composer.editor.hasFocus()
    [note] = [one for one in desk.window.findChildren(NoteView) if one.isVisible()]
    assert note.text.toPlainText() == "call the courier"
    desk.act(note.remove.click)
    assert desk.services.shelf.log[-1].kind is FeedbackKind.UNDONE
    assert [one for one in desk.window.findChildren(NoteView) if one.isVisible()] == []


def test_a_note_left_for_later_is_there_again(desk: Desk) -> None:
    desk.open(REFUND)
    desk.press(desk.window, Qt.Key.Key_I, CTRL)
    editor = desk.session.view.note.editor
    desk.act(lambda: QTest.keyClicks(editor, "half a no"))
    desk.press(editor, Qt.Key.Key_Escape)
    assert not desk.session.view.note.isVisible()
    assert desk.services.shelf.note_drafts == {REFUND: "half a no"}
    desk.open(PARCEL)
    desk.open(REFUND)
    assert desk.session.view.note.isVisible()
    assert editor.toPlainText() == "half a no"


def test_ctrl_z_takes_a_note_back(desk: Desk) -> None:
    desk.open(REFUND)
    desk.act(lambda: desk.session.desk.notes.typed("call"))
    desk.act(desk.session.desk.notes.keep)
    desk.press(desk.window, Qt.Key.Key_Z, CTRL)
    assert desk.services.shelf.log[-1].kind is FeedbackKind.UNDONE


# links


def test_links_are_gone_through_and_opened_by_keys(desk: Desk) -> None:
    desk.open(REFUND)
    links = bubble(desk).text.links()
    number = next(one for one in links if one.type == "order_number")
    seen = []
    for _ in links:
        desk.press(desk.window, Qt.Key.Key_F4)
        here = bubble(desk).text.entity_here()
        assert here is not None
        seen.append(here)
    assert sorted(seen, key=lambda one: one.start) == links
    desk.press(desk.window, Qt.Key.Key_F4, SHIFT)
    desk.act(lambda: bubble(desk).text.choose(number))
    desk.press(focused(), Qt.Key.Key_Return)
    assert desk.session.desk.card.order_focused
    assert desk.session.view.side.isVisible()


def test_a_conversation_without_links_says_so(desk: Desk) -> None:
    plain = next(one for one in desk.services.shelf.tickets.values() if "GF" not in one.messages[-1].text)
    desk.open(plain.id)
    if not any(one.text.links() for one in desk.session.view.conversation._bubbles.values()):
        desk.press(desk.window, Qt.Key.Key_F4)
        assert "names no order" in desk.window.toast.text


# translations


def test_a_message_is_translated_in_place(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.settings.values["ui.language"] = "zh"
    desk = open_desk(services)
    desk.open(REFUND)
    original = bubble(desk).text.toPlainText()
    desk.press(desk.window, Qt.Key.Key_L, ALT)
    assert services.rewriting.asked == [(original, Rewording.TRANSLATE)]
    shown = bubble(desk).translation
    assert shown is not None
    assert shown.isVisible()
    assert shown.text.toPlainText() == original.upper()
    assert bubble(desk).text.toPlainText() == original
    desk.press(desk.window, Qt.Key.Key_L, ALT)
    assert not shown.isVisible()


def test_a_model_that_cannot_translate_says_what_works(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.settings.values["ui.language"] = "zh"
    services.rewriting.refusal = Refusal(reason=RefusalReason.NOT_AT_ALL, language="zh", manner=Rewording.TRANSLATE)
    desk = open_desk(services)
    desk.open(REFUND)
    desk.act(lambda: bubble(desk).labels.translation_asked.emit())
    shown = bubble(desk).translation
    assert shown is not None
    assert "模型" in texts(shown)


def test_a_message_in_the_agents_language_is_not_translated(desk: Desk) -> None:
    desk.open(REFUND)
    desk.press(desk.window, Qt.Key.Key_L, ALT)
    assert desk.services.rewriting.asked == []
    assert "English already" in desk.window.toast.text


# files


@pytest.fixture
def with_files(open_desk: Callable[..., Desk]) -> Desk:
    services = ServicesDouble()
    services.shelf.attachments[REFUND] = (
        attachment(1),
        attachment(2),
        attachment(3, name="report-with-a-rather-long-name-for-a-file.exe", kind=AttachmentKind.FILE, size=3_400_000),
        attachment(4, name="film.mp4", kind=AttachmentKind.FILE, fault=AttachmentFault.TOO_LARGE, size=80_000_000),
        attachment(5, name="bomb.png"),
    )
    services.attachments.faults[5] = PictureFault.TOO_MANY_PIXELS
    desk = open_desk(services)
    desk.open(REFUND)
    return desk


def test_pictures_are_looked_at_in_the_light_box_by_keys(with_files: Desk) -> None:
    desk = with_files
    strip = bubble(desk).strip
    assert strip is not None
    assert list(strip.thumbnails) == [1, 2]
    strip.thumbnails[1].setFocus()
    desk.press(strip.thumbnails[1], Qt.Key.Key_Return)
    box = desk.session.view.light_box
    assert box.isVisible()
    assert box.hasFocus()
    assert "cup-1.jpg" in box.accessibleName()
    desk.press(box, Qt.Key.Key_Right)
    assert "cup-2.jpg" in box.accessibleName()
    before = box._canvas.width()
    desk.press(box, Qt.Key.Key_Plus)
    assert box._canvas.width() > before
    desk.press(box, Qt.Key.Key_0)
    assert box._canvas.width() == before
    desk.press(box, Qt.Key.Key_Tab)
    assert box.isAncestorOf(focused())
    desk.press(box, Qt.Key.Key_Escape)
    assert not box.isVisible()
    assert strip.thumbnails[1].hasFocus()


def test_what_cannot_be_shown_or_is_risky_says_so(with_files: Desk) -> None:
    strip = bubble(with_files).strip
    assert strip is not None
    said = texts(strip)
    assert "more pixels than is safe" in said
    assert "can run a program" in said
    assert "Too large to be kept (80.0 MB)" in said
    assert not strip.files[4].isEnabled()
    assert strip.files[5].isEnabled()


def test_a_file_is_saved_where_the_agent_says(with_files: Desk, tmp_path: Path) -> None:
    desk = with_files
    strip = bubble(desk).strip
    assert strip is not None
    desk.act(lambda: QTest.mouseClick(strip.files[3], Qt.MouseButton.LeftButton))
    [dialog] = desk.window.findChildren(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("report-with-a-rather-long-name-for-a-file.exe")
    desk.act(lambda: dialog.fileSelected.emit(str(tmp_path / "x.exe")))
    dialog.close()
    assert desk.services.attachments.saved == [(3, tmp_path / "x.exe")]
    assert str(tmp_path) in desk.window.toast.text


# the panel


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("size", "scale"), [((1440, 900), "1"), ((1440, 900), "1.5"), ((1280, 800), "1.5")])
def test_nothing_around_a_conversation_is_cut_or_nameless(
    open_desk: Callable[..., Desk], language: str, size: tuple[int, int], scale: str
) -> None:
    services = ServicesDouble()
    services.settings.values |= {"ui.language": language, "ui.font_scale": scale}
    with_history(services)
    services.shelf.attachments[REFUND] = (
        attachment(1),
        attachment(3, name="运单截图-report.exe", kind=AttachmentKind.FILE),
    )
    desk = open_desk(services, size=size)
    desk.open(REFUND)
    desk.act(lambda: desk.session.desk.thread.correct_urgency(0, "critical"))
    desk.act(lambda: desk.session.desk.thread.correct_intents(0, ["presale.price"]))
    desk.act(lambda: desk.session.desk.notes.typed("a note"))
    desk.act(desk.session.desk.notes.keep)
    desk.act(desk.session.desk.notes.begin)
    desk.act(lambda: desk.session.view.conversation._translate(0))
    desk.act(lambda: desk.session.desk.side.expand(0))
    found = list(faults(desk.window)) + without_names(desk.session.view)
    if desk.session.view.place.floating:
        desk.press(desk.window, Qt.Key.Key_F8)
        found += list(faults(desk.session.view.side)) + without_names(desk.session.view.side)
        desk.press(focused(), Qt.Key.Key_Escape)
    desk.act(lambda: desk.session.desk.attachments.open(attachment(1)))
    found += list(faults(desk.session.view.light_box)) + without_names(desk.session.view.light_box)
    assert found == []
    assert desk.session.view.light_box.grab().toImage().pixelColor(QPoint(2, 2)).isValid()
