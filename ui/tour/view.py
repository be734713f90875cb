"""The tour's widgets: a shade that leaves a part of the window bright, a bubble beside it, and the offer above all."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key
from ui.tour.presenter import STEPS, Place, TourPresenter
from ui.widgets.basics import button, label

WIDTH, GAP = 380, 14
Places = Mapping[Place, Callable[[], QWidget]]


class Shade(QWidget):
    """Dims the window around `bright`; the mouse reaches what lies below."""

    def __init__(self, host: QWidget, look: Look) -> None:
        super().__init__(host)
        self._look = look
        self.bright = QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Everything but the hole, and a line around that."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        around, radius = QPainterPath(), self._look.scale.px(8)
        around.addRect(QRectF(self.rect()))
        dim = QColor("#000000")
        dim.setAlpha(110)
        if not self.bright.isEmpty():
            hole = QPainterPath()
            hole.addRoundedRect(QRectF(self.bright), radius, radius)
            around = around.subtracted(hole)
        painter.fillPath(around, dim)
        if not self.bright.isEmpty():
            painter.setPen(QPen(self._look.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.bright), radius, radius)


class TourBubble(QFrame):
    """A step's text with its buttons. Enter or → goes on, ← goes back, Esc ends the tour."""

    def __init__(
        self, host: QWidget, presenter: TourPresenter, look: Look, i18n: I18n, actions: Actions, places: Places
    ) -> None:
        super().__init__(host)
        self._host, self._presenter, self._look, self._i18n, self._actions = host, presenter, look, i18n, actions
        self._places = places
        self._before: QWidget | None = None
        self.shade = Shade(host, look)
        self.setObjectName("popup")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title, self._text = label("heading", wrap=True), label(wrap=True)
        self._count, self._hint = label("faint"), label("faint", wrap=True)
        self.skip, self.back = button("quiet", presenter.end), button("", presenter.go_back)
        self.next = button("primary", presenter.go_on)
        for made in (self.skip, self.back, self.next):
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys are the bubble's
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._count)
        row.addStretch()
        for made in (self.skip, self.back, self.next):
            row.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(8)
        for part in (self._title, self._text, self._hint):
            column.addWidget(part)
        column.addLayout(row)
        presenter.changes.subscribe(self._render)
        i18n.changes.subscribe(self._render)
        look.changed.connect(self._render)
        host.installEventFilter(self)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The tour's keys."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Right | Qt.Key.Key_Space:
                self._presenter.go_on()
            case Qt.Key.Key_Left | Qt.Key.Key_Backspace:
                self._presenter.go_back()
            case Qt.Key.Key_Escape:
                self._presenter.end()
            case _:
                super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays here: what is behind the shade has not the keyboard."""
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beside what is pointed at when the window is resized."""
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _render(self) -> None:
        step, i18n = self._presenter.step, self._i18n
        if step is None:
            self._leave()
            return
        keys: dict[str, Any] = {f"key{n}": self._actions.keys(action) for n, action in enumerate(step.actions, 1)}
        text = i18n(step.text, **keys)
        if self._presenter.index == 0 and self._presenter.needs_samples:
            text = f"{text}\n\n{i18n(Key.TOUR_LOADING if self._presenter.loading else Key.TOUR_NEEDS_SAMPLES)}"
        self._title.setText(i18n(step.title))
        self._text.setText(text)
        self._hint.setText(i18n(Key.TOUR_HINT))
        place = (self._presenter.index or 0) + 1
        self._count.setText(i18n(Key.TOUR_COUNT, place=place, of=len(STEPS)))
        self.skip.setText(i18n(Key.TOUR_SKIP))
        self.back.setText(i18n(Key.TOUR_BACK))
        samples = self._presenter.index == 0 and self._presenter.needs_samples
        self.next.setText(
            i18n(Key.ACTION_LOAD_SAMPLES if samples else Key.TOUR_DONE if self._presenter.last else Key.TOUR_NEXT)
        )
        self.skip.setVisible(not self._presenter.last)
        self.back.setVisible(bool(self._presenter.index))
        self.next.setEnabled(not self._presenter.loading)
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(text)
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self._place()
        for part in (self.shade, self):
            part.show()
            part.raise_()
        self.setFocus()

    def _leave(self) -> None:
        if not self.isVisible():
            return
        self.hide()
        self.shade.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        self._before = None

    def _pointed_at(self) -> QRect:
        """Where the step's part is, in the host's coordinates; empty where it is not to be seen."""
        step = self._presenter.step
        if step is None or step.place not in self._places:
            return QRect()
        part = self._places[step.place]()
        if not part.isVisible():
            return QRect()
        corner = part.mapTo(self._host.window(), part.rect().topLeft())
        corner = self._host.mapFrom(self._host.window(), corner)
        return QRect(corner, part.size()).intersected(self._host.rect())

    def _place(self) -> None:
        px, room = self._look.scale.px, self._host.rect().adjusted(8, 8, -8, -8)
        bright = self._pointed_at()
        self.shade.setGeometry(self._host.rect())
        self.shade.bright = bright
        self.shade.update()
        width = min(px(WIDTH), room.width())
        self.ensurePolished()
        layout = self.layout()
        assert layout is not None
        layout.activate()
        height = min(max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height()), room.height())
        self.setGeometry(beside(bright, room, width, height, px(GAP)))


class TourOffer(QFrame):
    """A line above everything, until it is answered once."""

    def __init__(self, presenter: TourPresenter, i18n: I18n) -> None:
        super().__init__()
        self._presenter = presenter
        self._texts = Texts(i18n)
        self.setObjectName("offer")
        text = label(wrap=True)
        self.start, self.decline = button("primary", presenter.start), button("quiet", presenter.decline)
        for setter, key in (
            (text.setText, Key.TOUR_OFFER),
            (self.start.setText, Key.TOUR_START),
            (self.decline.setText, Key.TOUR_DECLINE),
        ):
            self._texts.bind(setter, key)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 10, 6)
        row.setSpacing(10)
        row.addWidget(text, 1)
        row.addWidget(self.decline)
        row.addWidget(self.start)
        presenter.changes.subscribe(self._render)
        self._render()

    def _render(self) -> None:
        self.setVisible(self._presenter.offered)


def beside(bright: QRect, room: QRect, width: int, height: int, gap: int) -> QRect:
    """A place for the bubble: right of the part, left of it, below, above, else inside; in the middle without one."""
    if bright.isEmpty():
        return QRect(room.center().x() - width // 2, room.center().y() - height // 2, width, height)
    top = max(room.top(), min(bright.top() + gap, room.bottom() - height))
    left = max(room.left(), min(bright.left() + gap, room.right() - width))
    for place in (
        QRect(bright.right() + gap, top, width, height),
        QRect(bright.left() - gap - width, top, width, height),
        QRect(left, bright.bottom() + gap, width, height),
        QRect(left, bright.top() - gap - height, width, height),
    ):
        if room.contains(place):
            return place
    return QRect(left, max(room.top(), min(bright.bottom() - gap - height, room.bottom() - height)), width, height)
