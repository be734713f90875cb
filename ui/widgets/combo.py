"""A drop-down whose text ends in an ellipsis where it does not fit."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter


class Combo(QComboBox):
    """As narrow as its pane wants; Qt's own cuts the text in the middle of a letter."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def sizeHint(self) -> QSize:
        """A little more than Qt's, which leaves out the stylesheet's padding."""
        return super().sizeHint() + QSize(10, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, the arrow, and what fits of the text."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


def fill(combo: QComboBox, choices: Sequence[tuple[object, str]]) -> None:
    """Put choices into a combo box, keeping what is chosen."""
    chosen = combo.currentData()
    combo.clear()
    for value, text in choices:
        combo.addItem(text, value)
    combo.setCurrentIndex(next((place for place, (value, _) in enumerate(choices) if value == chosen), 0))
