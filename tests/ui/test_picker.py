"""The picker shows its lines whole in any size of text, and stays inside the window."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.picker import Choice, Picker, PickerTexts

TEXTS = PickerTexts(title="What?", search="Find", hint="Enter applies", apply="Apply", cancel="Cancel")


@pytest.mark.parametrize("points", [9, 20])
def test_lines_are_whole_and_several(qtbot: QtBot, points: int) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1400, 900)
    font = host.font()
    font.setPointSize(points)
    host.setFont(font)
    host.show()
    choices = [Choice(str(number), f"Return address and postage of the {number}th parcel") for number in range(30)]
    picker = Picker(host, choices, TEXTS, several=True)
    picker.open_at(QPoint(1300, 850))
    assert picker.list.viewport().width() >= picker.list.sizeHintForColumn(0)
    assert picker.list.viewport().height() >= 7 * picker.list.sizeHintForRow(0)
    assert host.rect().contains(picker.geometry())


def test_a_small_window_is_not_left(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(420, 300)
    picker = Picker(host, [Choice("1", "One")], TEXTS, several=False)
    picker.open_at(QPoint(400, 290))
    assert host.rect().contains(picker.geometry())
