"""The window: it is there before a profile is open, then holds the desk and the log."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QFileDialog, QMainWindow, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.i18n import I18n
from ui.icons import pixmap
from ui.look import Look
from ui.shell.menus import Menus
from ui.shell.start_page import StartPage
from ui.shell.status_bar import StatusBar
from ui.text_keys import Key
from ui.widgets.inputs import composing
from ui.widgets.notice import NoticeBar, Toast
from ui.widgets.pages import Pages

Choose = Callable[[str, str], None]
Chosen = Callable[[Sequence[Path]], None]
SIZE = (1440, 900)


class Window(QMainWindow):
    """Frame, menus, status bar, notice and toast. `closing` asks for an orderly end."""

    closing = Signal()

    def __init__(self, look: Look, i18n: I18n, memory: QSettings, *, choose: Choose) -> None:
        super().__init__()
        self.look, self.i18n, self.memory, self.choose = look, i18n, memory, choose
        self._may_close = False
        self.setWindowIcon(QIcon(pixmap("app", "", 64)))
        self.table = Actions(self, i18n, blocked=composing)
        self.menus = Menus(self, self.table, look, i18n, choose)
        self.notice = NoticeBar(look, i18n)
        self.start_page = StartPage(i18n)
        self.pages = Pages()
        self.pages.addWidget(self.start_page)
        self.status = StatusBar(look, i18n)
        self.setStatusBar(self.status)
        self.centre = centre = QWidget()
        centre.setObjectName("canvas")
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addWidget(self.pages, 1)
        self.setCentralWidget(centre)
        self.toast = Toast(centre, look, i18n)
        self.table.on("quit", self.close)
        for menu in (Key.MENU_INBOX, Key.MENU_TICKET, Key.MENU_KNOWLEDGE):
            self.table.enable(menu, False)  # until a profile is open
        i18n.changes.subscribe(self._retitle)
        self._retitle()
        self._restore()

    def ask_files(self, title: Key, kind: Key, patterns: str, chosen: Chosen) -> None:
        """Ask for files without blocking anything."""
        dialog = QFileDialog(self, self.i18n(title))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([f"{self.i18n(kind)} ({patterns})", f"{self.i18n(Key.IMPORT_ALL_FILES)} (*)"])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: chosen([Path(name) for name in names]))
        dialog.open()

    def add_above(self, part: QWidget) -> None:
        """Put a line above the screens."""
        layout = self.centre.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, part)

    def come_forward(self) -> None:
        """Show the window above others, and give it the keyboard."""
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the program end in order: the draft is stored and the engine stopped before the window goes."""
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.memory.setValue("window/geometry", self.saveGeometry())
        self.closing.emit()

    def close_now(self) -> None:
        """Everything is in order."""
        self._may_close = True
        self.close()

    def _retitle(self) -> None:
        self.setWindowTitle(self.i18n(Key.APP_TITLE))

    def _restore(self) -> None:
        self.resize(*SIZE)
        geometry = self.memory.value("window/geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)
