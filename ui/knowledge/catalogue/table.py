"""The table of articles: keys for reviewing, as many columns as there is room for."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.i18n import I18n
from ui.keymap.keymap import Keymap
from ui.keymap.spec import KNOWLEDGE
from ui.knowledge.catalogue.model import ArticleModel
from ui.knowledge.catalogue.presenter import CataloguePresenter
from ui.look import Look
from ui.widgets.keyboard import pressed

# Design pixels of each column after the title, and in which order they give way where it is narrow.
WIDTHS = (0, 118, 74, 62, 96, 90, 112)
GIVING_WAY = (5, 6, 3, 4, 2)
TITLE = 210


class ArticleTable(QTableView):
    """`acted` carries the id of the action that a key stands for."""

    acted = Signal(str)

    def __init__(self, presenter: CataloguePresenter, look: Look, i18n: I18n, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._presenter, self._look = presenter, look
        self._followed = ""
        self._wants_first = self._focusing = False
        self.rows = ArticleModel(presenter, look, i18n, self)
        self.setModel(self.rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        presenter.selected.subscribe(self._show_selection)
        presenter.pages.loaded.subscribe(self._follow)
        presenter.counted.subscribe(self._follow)
        look.changed.connect(self._fit)
        self._fit()

    def selected_rows(self) -> list[int]:
        """The rows that are selected, from above."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the table of actions act; the others move."""
        if act := self._keymap.in_list(KNOWLEDGE, pressed(event)):
            self.acted.emit(act)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters do not jump about in the list."""

    def choose_first(self) -> None:
        """Choose the first row, now or when it comes, unless an article is chosen."""
        self._wants_first = not self._presenter.selected_id
        if self._wants_first and self.rows.rowCount():
            self._wants_first = False
            self._go(0)

    def move_by(self, step: int) -> None:
        """Go to another row."""
        row = max(0, min(self.rows.rowCount() - 1, self.currentIndex().row() + step))
        if self.rows.rowCount():
            self._go(row)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt makes the first row the current one where there is none; that is no choice of a person's."""
        self._focusing = True
        super().focusInEvent(event)
        self._focusing = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer columns."""
        super().resizeEvent(event)
        self._fit()

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if self._focusing and self._presenter.selected_id:
            return
        row = self._presenter.row(current.row()) if current.isValid() else None
        self._followed = row.article.doc_id if row else ""
        if row is not None:
            self._presenter.select(row.article.doc_id)

    def _show_selection(self) -> None:
        index = self._presenter.index_of(self._presenter.selected_id)
        if index is None:
            if self._presenter.selected_id != self._followed:
                self.selectionModel().clear()
        elif index != self.currentIndex().row() and index < self.rows.rowCount():
            self._go(index)

    def _follow(self) -> None:
        """Rows came or went: stay on the chosen article, or go on with its successor where it left the list."""
        chosen, current = self._presenter.selected_id, self.currentIndex()
        index = self._presenter.index_of(chosen) if chosen else None
        if index is not None:
            if index < self.rows.rowCount() and index != current.row():
                self._go(index)
        elif self._presenter.pinned:
            pass
        elif current.isValid() and self._followed in (chosen, ""):
            self._current_changed(current, current)
        elif self._wants_first:
            self.choose_first()

    def _go(self, row: int) -> None:
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.rows.index(row, 0), flags)

    def _fit(self) -> None:
        scale = self._look.scale
        self.verticalHeader().setDefaultSectionSize(scale.px(32))
        room = self.viewport().width() - scale.px(TITLE) - sum(scale.px(width) for width in WIDTHS)
        for column in GIVING_WAY:
            self.setColumnHidden(column, room < 0)
            room += scale.px(WIDTHS[column]) if room < 0 else 0
        for column, width in enumerate(WIDTHS[1:], start=1):
            self.setColumnWidth(column, scale.px(width))
