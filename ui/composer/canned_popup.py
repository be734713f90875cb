"""The list of canned replies that floats at the cursor; the keyboard stays in the editor."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QVBoxLayout, QWidget

from agent_assist.domain.canned import CannedReply
from agent_assist.domain.knowledge import ArticleKind
from ui.composer.canned import CannedPresenter
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import label

_WIDTH = 520
_LINES = 8
_SPARE = 12
_TITLE_SHARE = 0.4


class CannedPopup(QFrame):
    """Shows a `CannedPresenter` above or below `place` of `host`; `choose` is called with the number of a text."""

    def __init__(self, host: QWidget, presenter: CannedPresenter, look: Look, i18n: I18n) -> None:
        super().__init__(host)
        self.setObjectName("popup")
        self._host, self._presenter, self._look, self._i18n = host, presenter, look, i18n
        self._texts = Texts(i18n)
        self._model = QStandardItemModel(self)
        self.list = QListView()
        self.list.setObjectName("picker")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setModel(self._model)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.title, self.empty, self.keys = label("strong"), label("muted", wrap=True), label("faint", wrap=True)
        self._texts.bind(self.keys.setText, Key.CANNED_KEYS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        for part in (self.title, self.empty, self.list, self.keys):
            layout.addWidget(part)
        self.hide()
        host.installEventFilter(self)

    @property
    def number(self) -> int:
        """The text that is highlighted, -1 for none."""
        return self.list.currentIndex().row() if self.isVisible() else -1

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key means this list: up and down as long as there is something to choose."""
        if not self.isVisible() or not self._presenter.found or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is None:
            return False
        row = (self.list.currentIndex().row() + step) % self._model.rowCount()
        self.list.setCurrentIndex(self._model.index(row, 0))
        return True

    def show_at(self, place: QPoint, line: int) -> None:
        """Show what was found near `place` (in the host's coordinates, the foot of a line `line` pixels high)."""
        begun, found = self._presenter.begun, self._presenter.found
        if begun is None or self._presenter.looking:
            self.hide()
            return
        self.title.setText(self._i18n(Key.CANNED_MACROS if begun.macros else Key.CANNED_REPLIES))
        self.list.setAccessibleName(self.title.text())
        self.empty.setText(self._i18n(Key.CANNED_NONE_SAYS if begun.words.strip() else Key.CANNED_NONE))
        self.empty.setVisible(not found)
        self.list.setVisible(bool(found))
        self.keys.setVisible(bool(found))
        width = min(self._look.scale.px(_WIDTH), self._host.width() - 2 * _SPARE)
        self._fill(found, width - 4 * _SPARE)
        self.setFixedWidth(width)
        self.adjustSize()
        above = place.y() - line - self.height() - 4
        left = max(_SPARE, min(place.x(), self._host.width() - width - _SPARE))
        self.move(left, above if above >= _SPARE else min(place.y() + 4, self._host.height() - self.height() - _SPARE))
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window got another size: what floated over it has lost its place."""
        if event.type() == QEvent.Type.Resize:
            self.hide()
        return super().eventFilter(watched, event)

    def _fill(self, found: tuple[CannedReply, ...], width: int) -> None:
        self.list.ensurePolished()
        metrics = QFontMetrics(self.list.font())
        self._model.clear()
        for one in found:
            title = metrics.elidedText(one.title, Qt.TextElideMode.ElideRight, int(width * _TITLE_SHARE))
            text = " ".join(one.filled.text.split())
            rest = width - metrics.horizontalAdvance(f"{title} — ")
            item = QStandardItem(f"{title} — {metrics.elidedText(text, Qt.TextElideMode.ElideRight, rest)}")
            item.setIcon(self._look.icon("tag" if one.kind is ArticleKind.MACRO else "seal", "text_muted"))
            item.setToolTip(one.filled.text)
            open_ = self._i18n(Key.CANNED_OPEN, slots=", ".join(one.filled.open_words)) if one.filled.open else ""
            item.setData(". ".join(filter(None, (one.title, text, open_))), Qt.ItemDataRole.AccessibleTextRole)
            self._model.appendRow(item)
        if found:
            self.list.setCurrentIndex(self._model.index(0, 0))
            self.list.setFixedHeight(min(len(found), _LINES) * self.list.sizeHintForRow(0) + _SPARE)
