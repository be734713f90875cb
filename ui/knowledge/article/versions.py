"""The versions of an article: a list, what differs from one to the next, and the way back to any."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QSplitter, QVBoxLayout, QWidget

from agent_assist.domain.article_versions import ArticleVersion
from ui.i18n import I18n, Texts
from ui.knowledge.article.differences import show_differences
from ui.knowledge.article.presenter import ArticlePresenter
from ui.knowledge.words import CAUSE_KEYS
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.safe_text import SafeText
from ui.words import clock


class VersionsView(QWidget):
    """`restored` carries the number of the version to make the newest."""

    restored = Signal(int)

    def __init__(self, presenter: ArticlePresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self._shown: object = None
        self.list = QListWidget()
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._texts.bind(self.list.setAccessibleName, Key.KB_SIDE_VERSIONS)
        self.list.currentRowChanged.connect(self._chosen)
        self.diff = SafeText()
        self.diff.setObjectName("padded")
        self._texts.bind(self.diff.setAccessibleName, Key.KB_DIFFERENCES)
        self._hint = label("muted", wrap=True)
        self.restore = button("", self._restore)
        self._texts.bind(self.restore.setText, Key.KB_RESTORE)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 4, 0, 0)
        foot.addWidget(self._hint, 1)
        foot.addWidget(self.restore)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.diff, 1)
        column.addLayout(foot)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(below)
        split.setSizes([150, 400])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)

    def render_versions(self, *, anew: bool = False) -> None:
        """Show the presenter's history and comparison."""
        history = self._presenter.history
        if anew or self._shown is not history:
            self._shown = history
            self._fill(history)
        diff = self._presenter.diff
        if diff is not None:
            show_differences(self.diff, diff.fields, self._look, self._i18n)
            same = Key.KB_SAME if not diff.fields else Key.KB_COMPARED
            self._hint.setText(self._i18n(same, older=diff.older.number, newer=diff.newer.number))
        else:
            self.diff.clear()
            self._hint.setText(self._i18n(Key.KB_FIRST_VERSION))
        self._enable()

    def _fill(self, history: object) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for version in self._presenter.history:
            self.list.addItem(QListWidgetItem(self._line(version)))
        self.list.setCurrentRow(0)
        self.list.blockSignals(False)

    def _line(self, version: ArticleVersion) -> str:
        parts = [
            self._i18n(Key.KB_VERSION, n=version.number),
            clock(self._i18n, version.at, datetime.now(UTC)),
            self._i18n(CAUSE_KEYS[version.cause]),
            version.author,
            version.note,
        ]
        return " · ".join(part for part in parts if part)

    def _chosen(self, row: int) -> None:
        history = self._presenter.history
        if not 0 <= row < len(history):
            return
        older = history[row + 1].number if row + 1 < len(history) else history[row].number
        self._presenter.compare(older, history[row].number)
        self._enable()

    def _restore(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._presenter.history):
            self.restored.emit(self._presenter.history[row].number)

    def _enable(self) -> None:
        newest = self._presenter.version
        self.restore.setEnabled(self.list.currentRow() > 0 or (newest is not None and newest.deleted))
