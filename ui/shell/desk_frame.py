"""The frame of the main screen: the list in its pane, and places for what is about an open ticket."""

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from ui.actions import Actions
from ui.i18n import I18n
from ui.inbox.view import InboxView
from ui.look import Look
from ui.shell.presenter import DeskPresenter
from ui.triage.view import TriageBar

GROUPED = "inbox/grouped"
COLUMNS = (330, 800, 290)


class DeskFrame(QWidget):
    """The list of a `DeskPresenter`; `furnished` carries what was put beside it.

    `memory` keeps pane sizes and whether the list is grouped.
    """

    furnished = Signal(object)

    def __init__(self, presenter: DeskPresenter, look: Look, i18n: I18n, actions: Actions, memory: QSettings) -> None:
        super().__init__()
        self.memory, self.presenter = memory, presenter
        self.look, self.i18n, self.table = look, i18n, actions
        bar = TriageBar(presenter.triage, presenter.inbox, look, i18n, actions)
        self.inbox = InboxView(presenter.inbox, look, i18n, actions, bar=bar)
        self.columns = splitter(Qt.Orientation.Horizontal)
        self.columns.addWidget(self.inbox)
        self._blank = QWidget()  # until there is more to show
        self.columns.addWidget(self._blank)
        self._restore_columns()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.columns)
        look.changed.connect(self._set_minimum)
        self._set_minimum()
        actions.on("group_customers", self._toggle_groups)
        presenter.inbox.set_grouped(memory.value(GROUPED) == "1")

    def furnish(self, middle: QWidget, side: QWidget) -> None:
        """Take the other two panes in."""
        self.columns.replaceWidget(self.columns.indexOf(self._blank), middle)
        self._blank.deleteLater()
        middle.show()
        self.columns.addWidget(side)
        self._restore_columns()

    def _toggle_groups(self) -> None:
        """One row a customer, or one a ticket; kept for the next time."""
        on = not self.presenter.inbox.query.grouped
        self.presenter.inbox.set_grouped(on)
        self.memory.setValue(GROUPED, "1" if on else "")

    def _restore_columns(self) -> None:
        self.columns.setStretchFactor(1, 1)
        self.columns.setSizes(list(COLUMNS[: self.columns.count()]))
        restore(self.columns, self.memory, "desk/columns")

    def _set_minimum(self) -> None:
        """Panes narrower than this would cut their buttons. The window may be narrower than all three: the panel then
        floats."""
        px = self.look.scale.px
        self.inbox.setMinimumWidth(px(250))
        self.setMinimumWidth(px(250 + 430) + 2)


def splitter(direction: Qt.Orientation) -> QSplitter:
    """A splitter whose panes cannot be dragged away."""
    made = QSplitter(direction)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(1)
    return made


def restore(panes: QSplitter, memory: QSettings, name: str) -> None:
    """Give panes the sizes that were kept under `name`, where there are any."""
    state = memory.value(name)
    if state is not None:
        panes.restoreState(state)
