"""A part of the panel with a head that folds it up."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.i18n import I18n
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, clear_layout, rule


class SectionView(QFrame):
    """A head, which is a button, over a column of parts."""

    def __init__(self, title: Key, look: Look, i18n: I18n, toggle: Callable[[], None]) -> None:
        super().__init__()
        self._title, self._look, self._i18n = title, look, i18n
        self.head = button("", toggle)
        self.head.setObjectName("sectionHead")
        self.body = QWidget()
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(16, 2, 16, 12)
        self.column.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.body)
        layout.addWidget(rule())

    def clear(self) -> None:
        """Let all parts go."""
        clear_layout(self.column)

    def add(self, widget: QWidget) -> None:
        """One part more."""
        self.column.addWidget(widget)

    def render_head(self, *, folded: bool, count: int | None = None) -> None:
        """Say what is in it, how many, and whether it is folded up."""
        title = self._i18n(self._title)
        self.head.setText(title if not count else f"{title}  {count}")
        self.head.setIcon(self._look.icon("chevron-right" if folded else "chevron-down", "text_faint", 14))
        name = self._i18n(Key.SIDE_UNFOLD if folded else Key.SIDE_FOLD, title=title)
        self.head.setAccessibleName(name)
        self.head.setToolTip(name)
        self.body.setVisible(not folded)
