"""The palette's widgets: a field and a list that float over the window."""

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.i18n import I18n
from ui.look import Look
from ui.palette.presenter import Line, PalettePresenter
from ui.text_keys import Key
from ui.widgets.basics import label
from ui.widgets.inputs import LineInput

LINE_ROLE = Qt.ItemDataRole.UserRole + 1
WIDTH, LINES = 640, 11
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PaletteModel(QAbstractListModel):
    """The lines; what a screen reader hears is the title with its keys."""

    def __init__(self, presenter: PalettePresenter, i18n: I18n, parent: QObject) -> None:
        super().__init__(parent)
        self._presenter, self._i18n = presenter, i18n
        self._lines: list[Line] = []

    def show_lines(self) -> None:
        """Take the presenter's lines."""
        self.beginResetModel()
        self._lines = list(self._presenter.lines)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """All lines."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The line itself, and its words."""
        line = self._lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " · ".join(part for part in words(line, self._i18n) if part)
        return None


class PaletteDelegate(QStyledItemDelegate):
    """Icon and title at the left; where it belongs and its keys at the right."""

    def __init__(self, look: Look, i18n: I18n, parent: QObject) -> None:
        super().__init__(parent)
        self._look, self._i18n = look, i18n

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The same for every line."""
        scale = self._look.scale
        return QSize(200, round(scale.body * 1.4) + 2 * scale.px(6))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one line."""
        line = index.data(LINE_ROLE)
        if not isinstance(line, Line):
            return
        px, scale = self._look.scale.px, self._look.scale
        rect, state = option.rect, option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, self._look.colour("selected" if selected else "hover"))
        if selected:
            painter.fillRect(QRect(rect.left(), rect.top(), px(3), rect.height()), self._look.colour("accent"))
        room = rect.adjusted(px(14), 0, -px(14), 0)
        title, place, keys = words(line, self._i18n)
        faint = line.command is not None and not line.command.here
        icon = line.command.icon if line.command else "chat"
        if icon:
            painter.drawPixmap(room.left(), room.center().y() - px(8), self._look.pixmap(icon, "text_muted", 16))
        room.setLeft(room.left() + px(26))
        keys_font, text_font = self._look.font(scale.small, bold=True), self._look.font(scale.body)
        room = self._right(painter, room, keys, keys_font, "accent_text")
        room = self._right(painter, room, place, self._look.font(scale.small), "text_muted")
        painter.setFont(text_font)
        painter.setPen(self._look.colour("text_muted" if faint else "text"))
        shown = QFontMetrics(text_font).elidedText(title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(LEFT) | Qt.TextFlag.TextSingleLine, shown)

    def _right(self, painter: QPainter, room: QRect, text: str, font: object, token: str) -> QRect:
        """Draw `text` at the right end of `room`; returns what is left of it."""
        if not text:
            return room
        painter.setFont(font)  # type: ignore[arg-type]
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width() // 2)
        painter.setPen(self._look.colour(token))
        painter.drawText(room, int(RIGHT) | Qt.TextFlag.TextSingleLine, shown)
        return room.adjusted(0, 0, -metrics.horizontalAdvance(shown) - self._look.scale.px(14), 0)


class PaletteView(QFrame):
    """Floats at the top of `host`; what had the keyboard before has it again before anything is done."""

    def __init__(self, host: QWidget, presenter: PalettePresenter, look: Look, i18n: I18n) -> None:
        super().__init__(host)
        self._host, self._presenter, self._look, self._i18n = host, presenter, look, i18n
        self._before: QWidget | None = None
        self._asked = ""
        self.setObjectName("popup")
        self.search = LineInput()
        self.search.setObjectName("paletteSearch")
        self.search.installEventFilter(self)
        self.search.textChanged.connect(presenter.ask)
        self._model = PaletteModel(presenter, i18n, self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(PaletteDelegate(look, i18n, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.clicked.connect(self._run)
        self.nothing, self.hint = label("muted", wrap=True), label("faint", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 8)
        layout.setSpacing(6)
        for part in (self.search, self.list, self.nothing, self.hint):
            layout.addWidget(part)
        presenter.changes.subscribe(self._render)
        host.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Show it with an empty field; a second time closes it."""
        if self.isVisible():
            self.dismiss()
            return
        self._before = QApplication.focusWidget()
        self.search.setPlaceholderText(self._i18n(Key.PALETTE_SEARCH))
        self.search.setAccessibleName(self._i18n(Key.PALETTE_SEARCH))
        self.list.setAccessibleName(self._i18n(Key.PALETTE_LIST))
        self.nothing.setText(self._i18n(Key.PALETTE_NOTHING))
        self.hint.setText(self._i18n(Key.PALETTE_HINT))
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self._presenter.open()
        self._place()
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Close without doing anything."""
        self._presenter.close()
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        self._before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field's keys that mean the list; the window's size; and leaving the field closes."""
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return not self.search.preedit and self._key(event)
        if watched is self.search and isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            self._left(event.reason())
        return super().eventFilter(watched, event)

    def _left(self, reason: Qt.FocusReason) -> None:
        """Somebody went on elsewhere, by mouse or Tab: nothing floats in the way any more."""
        if self.isVisible() and reason in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason):
            self._before = None
            self.dismiss()

    def _key(self, event: QKeyEvent) -> bool:
        page = max(1, LINES - 1)
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page}
        key = Qt.Key(event.key())
        if key in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._move(steps[key])
        elif key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.list.currentIndex())
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        count = self._model.rowCount()
        if count:
            row = self.list.currentIndex().row() + step
            # One step beyond an end is the other end; a page stops there.
            row = row % count if abs(step) == 1 else max(0, min(count - 1, row))
            self.list.setCurrentIndex(self._model.index(row, 0))

    def _run(self, index: QModelIndex) -> None:
        line = index.data(LINE_ROLE) if index.isValid() else None
        if isinstance(line, Line):
            self.dismiss()
            self._presenter.run(line)

    def _render(self) -> None:
        """New lines; the chosen place stays when tickets join below."""
        row = self.list.currentIndex().row() if self.search.text().strip() == self._asked else 0
        self._asked = self._presenter.typed
        self._model.show_lines()
        count = self._model.rowCount()
        if count:
            self.list.setCurrentIndex(self._model.index(max(0, min(row, count - 1)), 0))
        self.list.setVisible(bool(count))
        self.nothing.setVisible(not count and not self._presenter.looking)
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        scale, room = self._look.scale, self._host.rect().adjusted(12, 12, -12, -12)
        width = min(scale.px(WIDTH), room.width())
        line = self.list.sizeHintForRow(0) if self._model.rowCount() else 0
        most = max(2, (room.height() - scale.px(140)) // line) if line else 0
        self.list.setFixedHeight(min(self._model.rowCount(), LINES, most) * line + 2)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        height = min(max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height()), room.height())
        top = min(scale.px(48), max(room.top(), room.bottom() - height))
        self.setGeometry(room.left() + (room.width() - width) // 2, top, width, height)


def words(line: Line, i18n: I18n) -> tuple[str, str, str]:
    """A line's title, where it belongs, and its keys."""
    if line.ticket is not None:
        row = line.ticket
        subject = " ".join((row.subject or row.preview).split())
        return f"{row.customer or i18n(Key.INBOX_UNNAMED)} · {subject}", row.id, ""
    command = line.command
    return (command.title, command.place, command.keys) if command else ("", "", "")
