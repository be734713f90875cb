"""The ticket list as a Qt model: a thin window onto the presenter's pages."""

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from agent_assist.domain.tickets import TicketRow
from ui.i18n import I18n
from ui.inbox.presenter import InboxPresenter
from ui.text_keys import Key
from ui.words import waiting

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class TicketListModel(QAbstractListModel):
    """Rows come from `InboxPresenter.row`; a row that is not loaded yet is empty."""

    def __init__(self, presenter: InboxPresenter, i18n: I18n) -> None:
        super().__init__()
        self._presenter = presenter
        self._i18n = i18n
        self._rows = 0
        presenter.counted.subscribe(self._counted)
        presenter.loaded.subscribe(self._loaded)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """All rows of the query, loaded or not."""
        return 0 if parent.isValid() else self._rows

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself for the delegate, a sentence for screen readers."""
        if role == ROW_ROLE:
            return self._presenter.row(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            row = self._presenter.row(index.row())
            return self._spoken(row) if row else ""
        return None

    def _spoken(self, row: TicketRow) -> str:
        time = waiting(self._i18n, row.waiting_since, datetime.now(UTC), row.state).text
        parts = [
            row.customer or self._i18n(Key.INBOX_UNNAMED),
            self._i18n(Key.WAIT_SPOKEN, time=time),
            row.preview,
            self._i18n.intent(row.intent) if row.intent else "",
            self._i18n.urgency(row.urgency) if row.urgency else "",
        ]
        return ", ".join(part for part in parts if part)

    def _counted(self) -> None:
        """Grow or shrink at the end, so that scroll place and selection stay."""
        before, after = self._rows, self._presenter.total
        if after > before:
            self.beginInsertRows(QModelIndex(), before, after - 1)
            self._rows = after
            self.endInsertRows()
        elif after < before:
            self.beginRemoveRows(QModelIndex(), after, before - 1)
            self._rows = after
            self.endRemoveRows()
        if after:
            self.dataChanged.emit(self.index(0), self.index(after - 1))

    def _loaded(self) -> None:
        loaded = self._presenter.last_loaded
        last = min(loaded.last, self._rows - 1)
        if loaded.first <= last:
            self.dataChanged.emit(self.index(loaded.first), self.index(last))
