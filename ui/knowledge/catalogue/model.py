"""The list of articles as a Qt model: a thin window onto the presenter's pages.

It is a `QStandardItemModel` without items, for the reason given in `ui/inbox/model.py`.
"""

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItemModel

from agent_assist.domain.article_versions import ArticleRow
from ui.i18n import I18n
from ui.knowledge.catalogue.presenter import CataloguePresenter
from ui.knowledge.words import KIND_KEYS, day, status_of
from ui.look import Look
from ui.text_keys import Key
from ui.words import clock

COLUMNS = (
    Key.KB_FIELD_TITLE,
    Key.KB_FIELD_STATUS,
    Key.KB_FIELD_KIND,
    Key.KB_COLUMN_LANGUAGE,
    Key.KB_COLUMN_UNTIL,
    Key.KB_COLUMN_OWNER,
    Key.KB_COLUMN_CHANGED,
)
STATUS = 1
Index = QModelIndex | QPersistentModelIndex


class ArticleModel(QStandardItemModel):
    """Rows come from `CataloguePresenter.row`; a row that is not loaded yet is empty."""

    def __init__(self, presenter: CataloguePresenter, look: Look, i18n: I18n, parent: QObject | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self._presenter, self._look, self._i18n = presenter, look, i18n
        presenter.counted.subscribe(lambda: self.setRowCount(presenter.total))
        presenter.pages.loaded.subscribe(self._loaded)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell; the state also by its colour."""
        row = self._presenter.row(index.row())
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._cell(row, index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return row.article.title if index.column() == 0 else self._cell(row, index.column())
            case Qt.ItemDataRole.DecorationRole if index.column() == STATUS:
                return self._look.pixmap("dot", self._tone(row), 10)
            case Qt.ItemDataRole.ForegroundRole:
                if index.column() == STATUS:
                    return self._look.colour(self._tone(row))
                return None if index.column() == 0 else self._look.colour("text_muted")
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._i18n(COLUMNS[section])
        return None

    def _tone(self, row: ArticleRow) -> str:
        tone = status_of(self._i18n, row.article)[1]
        return "accent_text" if tone == "accent" else tone

    def _cell(self, row: ArticleRow, column: int) -> str:
        article = row.article
        match column:
            case 0:
                return article.title
            case 1:
                return status_of(self._i18n, article)[0]
            case 2:
                return self._i18n(KIND_KEYS[article.kind])
            case 3:
                return self._i18n(Key.LANG_SHORT_ZH if article.language == "zh" else Key.LANG_SHORT_EN)
            case 4:
                return day(article.valid_until)[:10]
            case 5:
                return article.owner
            case _:
                return clock(self._i18n, row.changed_at, datetime.now(UTC))

    def _loaded(self) -> None:
        loaded = self._presenter.pages.last_loaded
        last = min(loaded.last, self.rowCount() - 1)
        if loaded.first <= last:
            self.dataChanged.emit(self.index(loaded.first, 0), self.index(last, self.columnCount() - 1))
