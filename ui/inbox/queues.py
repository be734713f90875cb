"""The inbox's views as tiles, each with its count; as many beside each other as there is room for."""

from functools import partial

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QSizePolicy, QWidget

from agent_assist.domain.tickets import Queue
from ui.actions import Actions
from ui.i18n import I18n
from ui.inbox.presenter import InboxPresenter
from ui.look import Look
from ui.text_keys import Key

QUEUE_KEYS = {
    Queue.MINE: Key.QUEUE_MINE,
    Queue.UNASSIGNED: Key.QUEUE_UNASSIGNED,
    Queue.WAITING: Key.QUEUE_WAITING,
    Queue.OVERDUE: Key.QUEUE_OVERDUE,
    Queue.SNOOZED: Key.QUEUE_SNOOZED,
    Queue.ANSWERED: Key.QUEUE_ANSWERED,
    Queue.DONE: Key.QUEUE_DONE,
    Queue.ALL: Key.QUEUE_ALL,
}
# How many tiles may stand beside each other.
COLUMNS = (8, 4, 3, 2)


class QueueTile(QAbstractButton):
    """A count over a name. The tiles of a column are as wide as its widest one."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.count = ""
        self.alarming = False
        self.name_width = 0
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Two lines with some air."""
        scale = self._look.scale
        return QSize(self.name_width, self._line(scale.body) + self._line(scale.small) + scale.px(6))

    def minimumSizeHint(self) -> QSize:
        """No text is ever cut."""
        return self.sizeHint()

    def air(self, *, in_a_row: bool) -> int:
        """The room beside the name; all in a row need more, or they read as one line."""
        return self._look.scale.px(14 if in_a_row else 3)

    def needed(self) -> int:
        """What name and count need in width."""
        scale = self._look.scale
        name = QFontMetrics(self._look.font(scale.small, bold=True)).horizontalAdvance(self.text())
        count = QFontMetrics(self._look.font(scale.body, bold=True)).horizontalAdvance(self.count)
        return max(name, count)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, count and name."""
        look, scale, chosen = self._look, self._look.scale, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = "accent_soft" if chosen else "hover" if self.underMouse() else "surface"
        painter.setBrush(look.colour(ground))
        painter.setPen(QPen(look.colour("accent"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
        room = self.rect().adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(room, scale.px(6), scale.px(6))
        high = self._line(scale.body)
        upper = QRect(0, scale.px(3), self.width(), high)
        lower = QRect(0, upper.bottom() + 1, self.width(), self._line(scale.small))
        token = "accent_text" if chosen else "bad" if self.alarming else "text"
        painter.setFont(look.font(scale.body, bold=True))
        painter.setPen(look.colour(token))
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, self.count)
        painter.setFont(look.font(scale.small, bold=chosen))
        painter.setPen(look.colour("accent_text" if chosen else "text_muted"))
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, self.text())

    @staticmethod
    def _line(size: int) -> int:
        return round(size * 1.4)


class QueueTiles(QWidget):
    """The tiles of all queues over an `InboxPresenter`."""

    def __init__(self, presenter: InboxPresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self._presenter, self._i18n, self._actions = presenter, i18n, actions
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)  # a customer's tickets are in none of them
        self.tiles = {queue: QueueTile(look) for queue in Queue}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        self._columns = 0
        for number, (queue, tile) in enumerate(self.tiles.items()):
            self._group.addButton(tile, number)
            actions.on(f"queue_{queue}", partial(presenter.set_queue, queue))
        self._group.idClicked.connect(self._clicked)
        presenter.counted.subscribe(self._render)
        presenter.tallied.subscribe(self._render)
        i18n.changes.subscribe(self._render)
        look.changed.connect(self._render)
        self._render()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set as many tiles beside each other as fit without leaving one alone."""
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Two beside each other; the pane is never so narrow."""
        return QSize(sum(self._widths(COLUMNS[-1])) + self._grid.spacing(), super().minimumSizeHint().height())

    def _widths(self, columns: int) -> list[int]:
        """The width that each of so many columns needs: names differ much, in English more than in Chinese."""
        needed = [tile.needed() + tile.air(in_a_row=columns == COLUMNS[0]) for tile in self.tiles.values()]
        return [max(needed[column::columns]) for column in range(columns)]

    def _arrange(self) -> None:
        spacing = self._grid.spacing()
        fitting = (number for number in COLUMNS if sum(self._widths(number)) + spacing * (number - 1) <= self.width())
        columns = next(fitting, COLUMNS[-1])
        widths = self._widths(columns)
        for place, tile in enumerate(self.tiles.values()):
            if tile.name_width != widths[place % columns]:
                tile.name_width = widths[place % columns]
                tile.updateGeometry()
        if columns == self._columns:
            return
        self._columns = columns
        for place, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, place // columns, place % columns)
        for column in range(COLUMNS[0]):
            self._grid.setColumnStretch(column, int(column < columns))

    def _clicked(self, number: int) -> None:
        self._presenter.set_queue(tuple(Queue)[number])
        self._render()  # also where it was chosen already

    def _render(self) -> None:
        counts = self._presenter.counts
        for queue, tile in self.tiles.items():
            tile.setText(self._i18n(QUEUE_KEYS[queue]))
            tile.count = f"{counts[queue]:,}" if queue in counts else "–"
            tile.alarming = queue is Queue.OVERDUE and counts.get(queue, 0) > 0
            tile.setChecked(queue is self._presenter.query.queue and not self._presenter.query.customer)
            tile.setToolTip(self._actions.tooltip(f"queue_{queue}"))
            tile.setAccessibleName(self._i18n(Key.QUEUE_SPOKEN, name=tile.text(), count=tile.count))
            tile.update()
        self._arrange()
