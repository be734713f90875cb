"""The list of keys, made from the action table, and the about box."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from ui.actions import ACTIONS, keys_text
from ui.i18n import I18n
from ui.text_keys import Key
from ui.widgets.basics import button, label


class KeysDialog(QDialog):
    """All actions that have keys."""

    def __init__(self, parent: QWidget, i18n: I18n) -> None:
        super().__init__(parent)
        self.setWindowTitle(i18n(Key.KEYS_TITLE))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 20, 24, 20)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(6)
        with_keys = [spec for spec in ACTIONS if spec.keys or spec.local_keys]
        half = (len(with_keys) + 1) // 2  # one column would be higher than a small screen
        for place, spec in enumerate(with_keys):
            column, row = divmod(place, half)
            text, keys = label(), label("strong")
            text.setText(i18n(spec.text).rstrip("…"))
            keys.setText(keys_text(spec, every=True))
            grid.addWidget(text, row, 2 * column)
            grid.addWidget(keys, row, 2 * column + 1)


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
