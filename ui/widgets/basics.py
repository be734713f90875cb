"""Labels, chips, buttons and the empty state, made once so that all screens look and read alike."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.look import Look


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the stylesheet looks at, and let it look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def label(tone: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A plain-text label in a tone of the stylesheet."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if tone:
        made.setProperty("tone", tone)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def button(kind: str = "", clicked: Callable[[], object] | None = None) -> QPushButton:
    """A push button; `kind` is "primary", "quiet", "link", "tab", "warn" or none."""
    made = Tab() if kind == "tab" else QPushButton()
    if kind:
        made.setProperty("kind", kind)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


class Tab(QPushButton):
    """A tab's button: as wide as its text is when it is chosen, which makes it bold."""

    def sizeHint(self) -> QSize:
        """With room for bold letters."""
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        more = QFontMetrics(bold).horizontalAdvance(self.text()) - self.fontMetrics().horizontalAdvance(self.text())
        return super().sizeHint() + QSize(max(0, more), 0)


def chip(text: str, tone: str = "", *, tooltip: str = "") -> QLabel:
    """A small rounded label."""
    made = label(tone)
    made.setObjectName("chip")
    made.setText(text)
    made.setToolTip(tooltip)
    made.setAccessibleName(tooltip or text)
    return made


def rule() -> QFrame:
    """A hairline between two parts of a pane."""
    line = QFrame()
    line.setObjectName("rule")
    return line


def clear_layout(layout: QVBoxLayout | QHBoxLayout) -> None:
    """Take all widgets and stretches out of a layout and let them go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


# Room around an empty state.
SIDE = 24


class EmptyState(QWidget):
    """What a pane shows when it has nothing to show: an icon, what is so, and what to do."""

    def __init__(self, look: Look, icon: str) -> None:
        super().__init__()
        self._look, self._icon_name = look, icon
        self._icon, self._title, self._hint = label(), label("display", wrap=True), label("muted", wrap=True)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(8)
        self._buttons.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SIDE, SIDE, SIDE, SIDE)
        layout.setSpacing(8)
        layout.addStretch(2)
        for part in (self._icon, self._title, self._hint):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(part)
        layout.addSpacing(8)
        layout.addLayout(self._buttons)
        layout.addStretch(3)
        look.changed.connect(self._paint_icon)
        self._paint_icon()

    def set_texts(self, title: str, hint: str) -> None:
        """Say what is so, and what to do."""
        self._title.setText(title)
        self._hint.setText(hint)
        self._arrange()

    def add_button(self, made: QPushButton) -> None:
        """Offer a way out of the emptiness."""
        self._buttons.addWidget(made)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room for the buttons."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Buttons that do not fit beside each other stand below each other."""
        made = [item.widget() for place in range(self._buttons.count()) if (item := self._buttons.itemAt(place))]
        widths = [one.sizeHint().width() + self._buttons.spacing() for one in made if one and not one.isHidden()]
        room = self.contentsRect().width() - 2 * SIDE
        fits = sum(widths) - self._buttons.spacing() <= room
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        self._buttons.setDirection(direction)

    def _paint_icon(self) -> None:
        self._icon.setPixmap(self._look.pixmap(self._icon_name, "border_strong", 40))
