"""The screens around the desk: imports, dropping files, the log, the profile's door."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from agent_assist.domain.feedback import FeedbackKind
from agent_assist.errors import ProfileLockedError, ProfileTooNewError
from tests.ui.conftest import Desk, Loop
from tests.ui.doubles import ServicesDouble, sample_path
from ui.app import Program
from ui.keys.view import KeysDialog
from ui.shell.report import ReportDialog

PARCEL = "TK-1011"
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def dragged(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def dropped(data: QMimeData) -> QDropEvent:
    return QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )


def test_files_dropped_on_the_left_are_imported_as_tickets(open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = open_desk(ServicesDouble([]))
    bad = tmp_path / "bad.jsonl"
    bad.write_text("nonsense\n", encoding="utf-8")
    data = dragged(sample_path("tickets.jsonl"), bad)
    enter = QDragEnterEvent(
        QPoint(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    overlay = desk.session.drop
    QApplication.sendEvent(desk.window.centre, enter)
    assert overlay.isVisible()
    desk.act(lambda: overlay.tickets.dropEvent(dropped(data)))
    assert not overlay.isVisible()
    assert desk.session.desk.inbox.total == 130
    [report] = desk.window.findChildren(ReportDialog)
    assert report.lines == ["130 tickets imported", "1 row rejected"]
    desk.act(report.accept)
    assert desk.session.desk.intake.report is None


def test_files_dropped_on_the_right_are_knowledge(desk: Desk, tmp_path: Path) -> None:
    data = dragged(tmp_path / "a.md")  # an event does not keep its data alive
    desk.act(lambda: desk.session.drop.knowledge.dropEvent(dropped(data)))
    [report] = desk.window.findChildren(ReportDialog)
    assert report.lines[0] == "1 article added"


def test_files_are_not_text_for_the_editor(desk: Desk, tmp_path: Path) -> None:
    data = dragged(tmp_path / "a.md")
    assert not desk.session.view.composer.editor.canInsertFromMimeData(data)


def test_the_import_dialog_does_not_block(desk: Desk) -> None:
    desk.press(desk.window, Qt.Key.Key_O, CTRL)
    [dialog] = desk.window.findChildren(QFileDialog)
    assert dialog.isVisible()
    desk.act(lambda: dialog.filesSelected.emit([str(sample_path("tickets.jsonl"))]))
    assert desk.session.desk.inbox.total == 130


def test_the_sample_shop_is_one_click_away(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(ServicesDouble([]))
    assert desk.session.view.inbox.empty.isVisible()
    assert not desk.session.view.composer.isVisible()
    desk.act(desk.session.view.inbox._samples.click)
    assert desk.session.desk.inbox.total == 130


def test_the_log_lists_acts_and_takes_one_back(desk: Desk) -> None:
    desk.open(PARCEL)
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    desk.press(desk.window, Qt.Key.Key_L, CTRL | Qt.KeyboardModifier.ShiftModifier)
    log = desk.session.log
    assert log.isVisible()
    item = log.table.item(0, 1)
    assert item is not None
    assert item.text() == "Accepted"
    log.table.selectRow(0)
    desk.act(log.undo.click)
    assert desk.services.shelf.log[-1].kind is FeedbackKind.UNDONE
    assert log.table.rowCount() == 0


def test_nothing_is_sent_by_a_key_while_the_log_is_shown(desk: Desk) -> None:
    desk.open(PARCEL)
    desk.act(desk.session.show_log)
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert desk.services.shelf.log == []
    desk.act(desk.session.show_desk)
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert len(desk.services.shelf.log) == 1


@pytest.mark.parametrize("kind", ["sft", "preference", "intent", "entities"])
def test_each_export_asks_where_to(desk: Desk, tmp_path: Path, kind: str) -> None:
    desk.act(lambda: desk.session.log._ask_path(kind))
    [dialog] = desk.window.findChildren(QFileDialog)
    out = tmp_path / f"{kind}.jsonl"
    desk.act(lambda: dialog.fileSelected.emit(str(out)))
    assert desk.services.feedback.exports == [(kind, out)]
    assert desk.window.toast.text == f"0 examples exported to {kind}.jsonl"


def test_the_keys_are_listed(desk: Desk) -> None:
    desk.press(desk.window, Qt.Key.Key_F1)
    [dialog] = desk.window.findChildren(KeysDialog)
    assert dialog.isVisible()


def test_a_locked_profile_asks_for_its_passphrase(loop: Loop, qapp: QApplication, tmp_path: Path) -> None:
    tried: list[str | None] = []
    services = ServicesDouble([], profile_dir=tmp_path)

    async def opener(passphrase: str | None) -> ServicesDouble:
        tried.append(passphrase)
        if passphrase != "right":
            raise ProfileLockedError("The passphrase is missing or wrong.")
        return services

    program = Program(qapp, QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat), opener, refresh_pause=0.0)
    desk = Desk(loop, program, services)

    async def begin() -> asyncio.Task[None]:
        task = asyncio.ensure_future(program.run())
        while not program.window.start_page.passphrase.isVisible():
            await asyncio.sleep(0.001)
        return task

    task = desk.run(begin())
    page = program.window.start_page
    QTest.keyClicks(page.passphrase, "right")
    desk.press(page.passphrase, Qt.Key.Key_Return)
    assert tried == [None, "right"]
    assert desk.session.view.isVisible()
    program.window.close()
    desk.run(asyncio.wait_for(task, 5))


def test_a_profile_that_cannot_be_opened_says_why(loop: Loop, qapp: QApplication, tmp_path: Path) -> None:
    async def opener(passphrase: str | None) -> ServicesDouble:
        raise ProfileTooNewError("The profile was written by a newer version.")

    program = Program(qapp, QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat), opener, refresh_pause=0.0)
    desk = Desk(loop, program, ServicesDouble([]))
    desk.act(lambda: program._open_again(None))
    assert program.window.start_page._hint.text() == "The profile was written by a newer version."
    assert program.window.start_page.button.text() in {"Try again", "重试"}
    program.window.close_now()


def test_the_menu_for_an_entity_offers_to_remove_it(desk: Desk) -> None:
    desk.open(PARCEL)
    bubble = desk.session.view.conversation._bubbles[1]
    assert bubble.bubble.understanding is not None
    entity = bubble.bubble.understanding.entities[0]
    desk.act(lambda: bubble.text.menu_asked.emit(entity, QPoint(0, 0)))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    action = menu.actions()[1]
    assert entity.text in action.text()
    desk.act(action.trigger)
    menu.close()
    assert entity not in (desk.services.shelf.log[-1].entities or ())


def test_enter_on_an_entity_looks_it_up(desk: Desk) -> None:
    desk.open(PARCEL)
    text = desk.session.view.conversation._bubbles[1].text
    cursor = text.textCursor()
    cursor.setPosition(text.toPlainText().index("GF26") + 2)
    text.setTextCursor(cursor)
    desk.press(text, Qt.Key.Key_Return)
    assert desk.session.desk.card.order_focused
