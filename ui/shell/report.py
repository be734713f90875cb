"""The report of an import: how many, and which rows were not taken and why."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.error_words import in_words
from ui.i18n import I18n
from ui.shell.intake import Report
from ui.text_keys import Key
from ui.widgets.basics import button, label

ROWS_SHOWN = 500


class ReportDialog(QDialog):
    """Opened with `open()`, so that everything else goes on; `done_reading` when it is closed."""

    done_reading = Signal()

    def __init__(self, parent: QWidget, report: Report, i18n: I18n) -> None:
        super().__init__(parent)
        self.setWindowTitle(i18n(Key.IMPORT_TITLE))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(8)
        self.lines = [i18n(key, n=count) for key, count in report.lines]
        for place, line in enumerate(self.lines):
            text = label("heading" if place == 0 else "muted")
            text.setText(line)
            layout.addWidget(text)
        if report.rejected:
            layout.addWidget(self._table(report, i18n), 1)
        close = button("primary", self.accept)
        close.setText(i18n(Key.IMPORT_CLOSE))
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(close)
        layout.addLayout(row)
        self.resize(620 if report.rejected else 360, 420 if report.rejected else 160)
        self.finished.connect(lambda _result: self.done_reading.emit())

    def _table(self, report: Report, i18n: I18n) -> QTableWidget:
        shown = report.rejected[:ROWS_SHOWN]
        table = QTableWidget(len(shown), 3)
        table.setHorizontalHeaderLabels(
            [i18n(key) for key in (Key.IMPORT_COLUMN_FILE, Key.IMPORT_COLUMN_LINE, Key.IMPORT_COLUMN_REASON)]
        )
        for place, row in enumerate(shown):
            for column, text in enumerate((str(row.file), str(row.line or ""), in_words(i18n, row.reason))):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                table.setItem(place, column, item)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        return table
