"""The about box."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from ui.i18n import I18n
from ui.text_keys import Key
from ui.widgets.basics import button, label


class AboutDialog(QDialog):
    """What the program is, and the notice that the reply model's terms ask for."""

    def __init__(self, parent: QWidget, i18n: I18n) -> None:
        super().__init__(parent)
        self.setWindowTitle(i18n(Key.ABOUT_TITLE))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title, text = label("display"), label(wrap=True, selectable=True)
        title.setText(i18n(Key.APP_TITLE))
        text.setText(i18n(Key.ABOUT_TEXT))
        text.setMinimumWidth(380)
        close = button("primary", self.accept)
        close.setText(i18n(Key.IMPORT_CLOSE))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(text)
        layout.addWidget(close, alignment=Qt.AlignmentFlag.AlignRight)
