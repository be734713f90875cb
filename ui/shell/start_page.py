"""What the window shows before a profile is open: that it opens, a question for its passphrase, or why it failed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.error_words import in_words
from ui.i18n import I18n, Texts
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.inputs import LineInput


class StartPage(QWidget):
    """`opened` carries the passphrase (None for none) with which to try."""

    opened = Signal(object)

    def __init__(self, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("canvas")
        self._i18n = i18n
        self._texts = Texts(i18n)
        self._state: tuple[Key, str] = (Key.APP_OPENING, "")
        self._title, self._hint = label("display", wrap=True), label("muted", wrap=True)
        for text in (self._title, self._hint):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.passphrase = LineInput()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setFixedWidth(280)
        self._texts.bind(self.passphrase.setPlaceholderText, Key.APP_LOCKED_LABEL)
        self._texts.bind(self.passphrase.setAccessibleName, Key.APP_LOCKED_LABEL)
        self.passphrase.returnPressed.connect(self._open)
        self.button = button("primary", self._open)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(2)
        layout.addWidget(self._title)
        layout.addWidget(self._hint)
        for part in (self.passphrase, self.button):
            layout.addWidget(part, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        i18n.changes.subscribe(self._render)
        self._render()

    def show_opening(self) -> None:
        """The profile is being opened."""
        self._set(Key.APP_OPENING, "")

    def show_locked(self, sentence: str) -> None:
        """A passphrase is needed, or the one given was wrong."""
        self._set(Key.APP_LOCKED_TITLE, sentence)
        self.passphrase.setFocus()

    def show_failed(self, sentence: str) -> None:
        """It cannot be opened, and why."""
        self._set(Key.APP_FAILED_TITLE, sentence)

    def _set(self, title: Key, sentence: str) -> None:
        self._state = (title, sentence)
        self._render()

    def _render(self) -> None:
        title, sentence = self._state
        locked = title is Key.APP_LOCKED_TITLE
        self._title.setText(self._i18n(title))
        self._hint.setText(in_words(self._i18n, sentence))
        self._hint.setVisible(bool(sentence))
        self.passphrase.setVisible(locked)
        self.button.setVisible(title is not Key.APP_OPENING)
        self.button.setText(self._i18n(Key.APP_LOCKED_OPEN if locked else Key.APP_RETRY))

    def _open(self) -> None:
        passphrase = self.passphrase.text() if self._state[0] is Key.APP_LOCKED_TITLE else None
        self.passphrase.clear()
        self.show_opening()
        self.opened.emit(passphrase)
