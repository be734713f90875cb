"""One picture over the whole window: looked at from near, moved through with the arrows, saved."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, QStandardPaths, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from agent_assist.domain.attachments import Picture, PictureFault
from ui.attachments.pixels import to_pixmap
from ui.attachments.presenter import AttachmentPresenter
from ui.attachments.strip import ask_where
from ui.attachments.words import picture_fault
from ui.i18n import I18n
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.elided import ElidedLabel
from ui.widgets.keyboard import Keyboard
from ui.words import file_size

STEP = 1.25
LARGEST = 8.0


class Canvas(QWidget):
    """A picture at a zoom; dragged about where it is larger than its room."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmap: QPixmap | None = None
        self._dragged: QPoint | None = None

    def set_pixmap(self, pixmap: QPixmap | None, size: QSize) -> None:
        """Show a picture this large."""
        self._pixmap = pixmap
        self.setFixedSize(size)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Smoothly, also when it is blown up."""
        if self._pixmap is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(self.rect(), self._pixmap)
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        self._dragged = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it under the mouse."""
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport is not None else None
        if self._dragged is not None and isinstance(area, QScrollArea):
            moved = event.globalPosition().toPoint() - self._dragged
            self._dragged = event.globalPosition().toPoint()
            for bar, step in ((area.horizontalScrollBar(), moved.x()), (area.verticalScrollBar(), moved.y())):
                bar.setValue(bar.value() - step)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._dragged = None


class LightBox(QFrame):
    """Shows the presenter's opened picture; covers `host`, and gives the keyboard back where it was."""

    def __init__(self, host: QWidget, presenter: AttachmentPresenter, look: Look, i18n: I18n) -> None:
        super().__init__(host)
        self.setObjectName("lightBox")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._host, self._presenter, self._look, self._i18n = host, presenter, look, i18n
        self._keyboard = Keyboard()
        self._pixmap: QPixmap | None = None
        self._shown: Picture | None = None
        self.zoom: float | None = None  # None: as large as the window allows
        self._title, self._facts = ElidedLabel(tone="heading"), label("muted")
        self._said = label("", wrap=True)
        self._said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._canvas = Canvas()
        self._area = QScrollArea()
        self._area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._canvas)
        self._area.viewport().installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 16)
        layout.setSpacing(10)
        layout.addLayout(self._make_head())
        layout.addWidget(self._said, 1)
        layout.addWidget(self._area, 1)
        host.installEventFilter(self)
        presenter.changes.subscribe(self.render_picture)
        i18n.changes.subscribe(self.render_picture)
        look.changed.connect(self._paint)
        self._paint()
        self.hide()

    def render_picture(self) -> None:
        """Show what the presenter has opened, or go away."""
        opened = self._presenter.opened
        if opened is None:
            self._leave()
            return
        if not self.isVisible():
            self._keyboard.remember()
            self.setGeometry(self._host.rect())
            self.show()
            self.raise_()
            self.setFocus()
        count, place = len(self._presenter.pictures), self._presenter.place
        title = self._i18n(Key.LIGHT_TITLE, n=place + 1, count=count, name=opened.name)
        self._title.set_line(title)
        self.setAccessibleName(title)
        self.previous.setEnabled(place > 0)
        self.following.setEnabled(place < count - 1)
        self._render_large()

    def step_zoom(self, factor: float) -> None:
        """Look from nearer or farther; 0 fits the window."""
        if self._pixmap is None:
            return
        now = self.zoom if self.zoom is not None else self._fitting()
        self.zoom = min(LARGEST, max(self._fitting() / 2, now * factor)) if factor else None
        self._resize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size; the wheel with Ctrl looks from nearer or farther."""
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._host.rect())
            self._resize()
        if isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(STEP if event.angleDelta().y() > 0 else 1 / STEP)
            return True
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """No key of the window acts beneath the picture."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, plus and minus, 0, S, Esc."""
        acts: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Escape: self._presenter.close,
            Qt.Key.Key_Left: lambda: self._presenter.move(-1),
            Qt.Key.Key_Right: lambda: self._presenter.move(1),
            Qt.Key.Key_Plus: lambda: self.step_zoom(STEP),
            Qt.Key.Key_Equal: lambda: self.step_zoom(STEP),
            Qt.Key.Key_Minus: lambda: self.step_zoom(1 / STEP),
            Qt.Key.Key_0: lambda: self.step_zoom(0),
            Qt.Key.Key_S: self._save,
        }
        act = acts.get(event.key())
        if act is not None:
            act()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays among the light box's own buttons."""
        buttons = [one for one in self._buttons if one.isEnabled()]
        focused = QApplication.focusWidget()
        place = next((number for number, one in enumerate(buttons) if one is focused), -1 if forward else 0)
        buttons[(place + (1 if forward else -1)) % len(buttons)].setFocus()
        return True

    def _make_head(self) -> QHBoxLayout:
        self.previous = button("quiet", lambda: self._presenter.move(-1))
        self.following = button("quiet", lambda: self._presenter.move(1))
        self.smaller = button("quiet", lambda: self.step_zoom(1 / STEP))
        self.larger = button("quiet", lambda: self.step_zoom(STEP))
        self.fit = button("quiet", lambda: self.step_zoom(0))
        self.save = button("", self._save)
        self.closing = button("quiet", self._presenter.close)
        self._buttons = (
            self.previous,
            self.following,
            self.smaller,
            self.larger,
            self.fit,
            self.save,
            self.closing,
        )
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._title, 1)
        head.addWidget(self._facts)
        for made in self._buttons:
            head.addWidget(made)
        return head

    def _paint(self) -> None:
        names = ("chevron-left", "chevron-right", "minus", "plus", "picture", "download", "close")
        keys = (
            Key.LIGHT_PREVIOUS,
            Key.LIGHT_NEXT,
            Key.LIGHT_SMALLER,
            Key.LIGHT_LARGER,
            Key.LIGHT_FIT,
            Key.FILES_SAVE,
            Key.LIGHT_CLOSE,
        )
        for made, name, key in zip(self._buttons, names, keys, strict=True):
            made.setIcon(self._look.icon(name))
            made.setToolTip(self._i18n(key))
            made.setAccessibleName(self._i18n(key))
        self.save.setText(self._i18n(Key.FILES_SAVE))

    def _render_large(self) -> None:
        large, opened = self._presenter.large, self._presenter.opened
        if isinstance(large, Picture):
            if large is not self._shown:
                self._shown, self._pixmap, self.zoom = large, to_pixmap(large), None
            size = file_size(opened.size) if opened else ""
            self._facts.setText(
                self._i18n(Key.LIGHT_FACTS, width=large.full_width, height=large.full_height, size=size)
            )
        else:
            self._shown = self._pixmap = None
            self._facts.clear()
            self._said.setText(
                picture_fault(self._i18n, large) if isinstance(large, PictureFault) else self._i18n(Key.FILES_LOADING)
            )
        self._said.setVisible(self._pixmap is None)
        self._area.setVisible(self._pixmap is not None)
        self._paint()
        self._resize()

    def _fitting(self) -> float:
        if self._pixmap is None:
            return 1.0
        room = self.rect().adjusted(24, 64, -24, -24)
        return min(1.0, room.width() / self._pixmap.width(), room.height() / self._pixmap.height())

    def _resize(self) -> None:
        if self._pixmap is not None:
            zoom = self.zoom if self.zoom is not None else self._fitting()
            size = QSize(max(1, round(self._pixmap.width() * zoom)), max(1, round(self._pixmap.height() * zoom)))
            self._canvas.set_pixmap(self._pixmap, size)

    def _save(self) -> None:
        opened = self._presenter.opened
        if opened is not None:
            folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
            ask_where(self, self._presenter, opened, self._i18n(Key.FILES_SAVE), Path(folder))

    def _leave(self) -> None:
        if self.isVisible():
            self.hide()
            self._shown = self._pixmap = None
            self._keyboard.give_back()
