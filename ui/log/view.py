"""The learning log as a table, with "undo this act" and the exports."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.understanding import OUT_OF_SCOPE
from ui.composer.reasons import REASON_KEYS
from ui.i18n import I18n, Texts
from ui.log.presenter import EXPORTS, LogPresenter
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import EmptyState, button, label
from ui.words import clock

ACT_KEYS = {
    FeedbackKind.ACCEPTED: Key.ACT_ACCEPTED,
    FeedbackKind.EDITED: Key.ACT_EDITED,
    FeedbackKind.REJECTED: Key.ACT_REJECTED,
    FeedbackKind.WRITTEN: Key.ACT_WRITTEN,
    FeedbackKind.INTENTS_CORRECTED: Key.ACT_INTENTS_CORRECTED,
    FeedbackKind.ENTITIES_CORRECTED: Key.ACT_ENTITIES_CORRECTED,
    FeedbackKind.SENTIMENT_CORRECTED: Key.ACT_SENTIMENT_CORRECTED,
    FeedbackKind.URGENCY_CORRECTED: Key.ACT_URGENCY_CORRECTED,
    FeedbackKind.NOTED: Key.ACT_NOTED,
    FeedbackKind.UNDONE: Key.ACT_UNDONE,
}
COLUMNS = (Key.LOG_COLUMN_TIME, Key.LOG_COLUMN_ACT, Key.LOG_COLUMN_TICKET, Key.LOG_COLUMN_DETAIL)
EXPORT_KEYS = dict(
    zip(
        EXPORTS,
        (
            Key.LOG_EXPORT_SFT,
            Key.LOG_EXPORT_PREFERENCE,
            Key.LOG_EXPORT_INTENT,
            Key.LOG_EXPORT_ENTITIES,
            Key.LOG_EXPORT_SENTIMENT,
            Key.LOG_EXPORT_URGENCY,
        ),
        strict=True,
    )
)


class LogView(QFrame):
    """Shows a `LogPresenter`; `closed` asks to go back to the tickets."""

    closed = Signal()

    def __init__(self, presenter: LogPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self.table = self._make_table()
        self._empty = EmptyState(look, "log")
        self._texts.bind_call(lambda: self._empty.set_texts(i18n(Key.LOG_EMPTY_TITLE), i18n(Key.LOG_EMPTY_HINT)))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._make_head())
        layout.addWidget(self._stack, 1)
        presenter.changes.subscribe(self.render_log)
        i18n.changes.subscribe(self.render_log)
        look.changed.connect(self._paint)
        self._paint()
        self.render_log()

    def render_log(self) -> None:
        """Show the presenter's acts."""
        self.table.setHorizontalHeaderLabels([self._i18n(key) for key in COLUMNS])
        events = self._presenter.events
        self.table.setRowCount(len(events))
        for row, event in enumerate(events):
            for column, text in enumerate(self._cells(event)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        self._stack.setCurrentIndex(1 if events else 0)
        self._enable()

    def selected(self) -> FeedbackEvent | None:
        """The act that is chosen."""
        row = self.table.currentRow()
        return self._presenter.events[row] if 0 <= row < len(self._presenter.events) else None

    def _cells(self, event: FeedbackEvent) -> tuple[str, str, str, str]:
        time = clock(self._i18n, event.at, datetime.now(UTC))
        return time, self._i18n(ACT_KEYS[event.kind]), event.ticket_id, self._detail(event)

    def _detail(self, event: FeedbackEvent) -> str:
        if event.reason is not None:
            return self._i18n(REASON_KEYS[event.reason])
        if event.intents is not None:
            return ", ".join(self._i18n.intent(intent) for intent in event.intents or (OUT_OF_SCOPE,))
        if event.entities is not None:
            return ", ".join(f"{self._i18n.entity(entity.type)}: {entity.text}" for entity in event.entities)
        if event.sentiment is not None:
            return self._i18n.sentiment(event.sentiment)
        if event.urgency is not None:
            return self._i18n.urgency(event.urgency)
        return " ".join((event.final_text or event.note).split())

    def _make_head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("paneHeader")
        self._back = button("quiet", self.closed.emit)
        self._texts.bind(self._back.setText, Key.ACTION_DESK)
        title, hint = label("heading"), label("muted")
        self._texts.bind(title.setText, Key.LOG_TITLE)
        self._texts.bind(hint.setText, Key.LOG_HINT)
        self.undo = button("", self._undo)
        self._texts.bind(self.undo.setText, Key.LOG_UNDO)
        self.export = button("")
        self._texts.bind(self.export.setText, Key.LOG_EXPORT)
        menu = QMenu(self.export)
        for kind in EXPORTS:
            action = menu.addAction("")
            self._texts.bind(action.setText, EXPORT_KEYS[kind])
            action.triggered.connect(lambda _checked=False, kind=kind: self._ask_path(kind))
        self.export.setMenu(menu)
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 10, 16, 10)
        row.setSpacing(10)
        for part in (self._back, title, hint):
            row.addWidget(part)
        row.addStretch()
        row.addWidget(self.undo)
        row.addWidget(self.export)
        return head

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(COLUMNS))
        self._texts.bind(table.setAccessibleName, Key.LOG_TITLE)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for column in range(3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        table.itemSelectionChanged.connect(self._enable)
        return table

    def _enable(self) -> None:
        self.undo.setEnabled(self.selected() is not None)
        self.export.setEnabled(bool(self._presenter.events))

    def _paint(self) -> None:
        self._back.setIcon(self._look.icon("inbox"))
        self.undo.setIcon(self._look.icon("undo"))
        self.export.setIcon(self._look.icon("export"))

    def _undo(self) -> None:
        event = self.selected()
        if event is not None:
            self._presenter.undo(event)

    def _ask_path(self, kind: str) -> None:
        """Ask where to, without blocking anything."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, self._i18n(Key.LOG_EXPORT_TITLE), str(Path(folder) / f"{kind}.jsonl"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("jsonl")
        dialog.selectFile(f"{kind}.jsonl")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self._presenter.export(kind, Path(path)))
        dialog.open()
