"""The files of a source, those with errors first."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from agent_assist.domain.sources import FileState, SourceFile
from ui.error_words import in_words
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key

STATE_KEYS = {
    FileState.READ: (Key.KB_FILE_READ, "good"),
    FileState.FAILED: (Key.KB_FILE_FAILED, "bad"),
    FileState.CANCELLED: (Key.KB_FILE_CANCELLED, "warn"),
}
COLUMNS = (Key.IMPORT_COLUMN_FILE, Key.KB_FIELD_STATUS, Key.KB_COLUMN_REMARK)
# Files with remarks come first; nobody scrolls through thousands of good ones.
SHOWN = 500


class FileTable(QTableWidget):
    """Name, state and last remark of each file."""

    def __init__(self, look: Look, i18n: I18n) -> None:
        super().__init__(0, len(COLUMNS))
        self._look, self._i18n = look, i18n
        self._texts = Texts(i18n)
        self._texts.bind(self.setAccessibleName, Key.KB_FILES)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)

    def show_files(self, files: list[SourceFile], *, root: str) -> None:
        """Show files, named from the source on."""
        self.setHorizontalHeaderLabels([self._i18n(key) for key in COLUMNS])
        self.setColumnWidth(0, self._look.scale.px(260))
        shown = files[:SHOWN]
        self.setRowCount(len(shown))
        for row, file in enumerate(shown):
            key, tone = STATE_KEYS[file.state]
            name = file.path.removeprefix(root).lstrip("/\\") or file.path.replace("\\", "/").rpartition("/")[2]
            for column, text in enumerate((name, self._i18n(key), in_words(self._i18n, file.error))):
                item = QTableWidgetItem(text)
                item.setToolTip(file.path if column == 0 else text)
                if column == 1:
                    item.setForeground(self._look.colour(tone))
                self.setItem(row, column, item)
