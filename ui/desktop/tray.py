"""The desktop's own notices, through an icon in its tray where it has one."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon, QWidget


class Notifier(Protocol):
    """Shows a notice; `clicked` of the notice calls what was given with it."""

    def show(self, title: str, text: str, *, clicked: Callable[[], object]) -> None: ...


class Tray:
    """Does nothing where the desktop has no tray, or takes no messages."""

    def __init__(self, window: QWidget, icon: QIcon, *, name: str) -> None:
        self._icon: QSystemTrayIcon | None = None
        self._clicked: Callable[[], object] = lambda: None
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self._icon = QSystemTrayIcon(icon, window)
            self._icon.setToolTip(name)
            self._icon.messageClicked.connect(lambda: self._clicked())
            self._icon.activated.connect(lambda _reason: self._clicked())

    def show(self, title: str, text: str, *, clicked: Callable[[], object]) -> None:
        """Show a notice for some seconds, as long as the desktop keeps it."""
        if self._icon is not None:
            self._clicked = clicked
            self._icon.show()
            self._icon.showMessage(title, text, self._icon.icon())
