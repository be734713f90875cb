"""Where the panel beside the conversation stands: a pane where there is room, over the conversation where there is not.

On a narrow screen or with large letters three panes do not fit; the panel then comes up when it is asked for.
"""

from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSplitter, QWidget

from ui.actions import Actions
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.shell.presenter import DeskPresenter
from ui.side.view import SideView
from ui.text_keys import Key
from ui.thread.view import ThreadView
from ui.widgets.basics import button, set_property
from ui.widgets.keyboard import Keyboard

# What the three panes need at least, in the design's pixels: list, conversation, panel.
ROOM = 250 + 430 + 210
FLOATING_WIDTH = 320


class SidePlace(QObject):
    """Shows and hides `side`, which is the last pane of `columns` or floats over `desk`."""

    def __init__(
        self,
        desk: QWidget,
        side: SideView,
        columns: QSplitter,
        conversation: ThreadView,
        presenter: DeskPresenter,
        look: Look,
        i18n: I18n,
        actions: Actions,
        memory: QSettings,
    ) -> None:
        super().__init__(desk)
        self._desk, self._side, self._columns, self._look, self._memory = desk, side, columns, look, memory
        self._presenter, self._i18n, self._actions = presenter, i18n, actions
        self._open = False
        self._keyboard = Keyboard()
        self.wanted = str(memory.value("side/wanted", "true")) == "true"
        self.floating = self._floats = False
        self.button = button("quiet", self.toggle)
        self.button.setCheckable(True)
        self._texts = Texts(i18n)
        self._texts.bind_call(lambda: self.button.setToolTip(actions.tooltip("side")))
        self._texts.bind(self.button.setAccessibleName, Key.ACTION_SIDE)
        conversation.add_to_head(self.button)
        folded = str(memory.value("side/folded", "") or "")
        presenter.side.fold_all(filter(None, folded.split(",")))
        actions.on("side", self.go)
        actions.on("back", presenter.side.go_back)
        side.closed.connect(self.hide)
        side.installEventFilter(self)
        desk.installEventFilter(self)
        look.changed.connect(self._arrange)
        self._arrange()

    def remember(self) -> None:
        """Keep what is wanted and what is folded up; a panel that floats goes back to its pane, whose width is kept."""
        self._memory.setValue("side/wanted", "true" if self.wanted else "false")
        self._memory.setValue("side/folded", ",".join(sorted(self._presenter.side.folded)))
        if self.floating:
            self._dock()

    def show_open(self, open_: bool) -> None:
        """Without a ticket there is nothing to show."""
        if open_ != self._open:
            self._open = open_
            self._arrange()

    def toggle(self) -> None:
        """Show the panel, or hide it."""
        if self._side.isVisible():
            self.hide()
        else:
            self._show()

    def go(self) -> None:
        """The key: into the panel, shown where it is hidden; from within it, back to where the keyboard was."""
        if self._side.holds_focus():
            self._return_keyboard()
            if self.floating:
                self.hide()
        elif self._open:
            self._keyboard.remember()
            self._show()
            self._side.focus_first()

    def reveal(self) -> None:
        """Something in it was asked for."""
        if not self._side.isVisible():
            self._show()

    def hide(self) -> None:
        """Put it away; where three panes fit, until it is asked for again."""
        if self._side.holds_focus():
            self._return_keyboard()
        if self.floating:
            self._floats = False
        else:
            self.wanted = False
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another width, another place; Esc leaves the panel."""
        if watched is self._desk and event.type() == QEvent.Type.Resize:
            self._arrange()
        if (
            watched is self._side
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self._return_keyboard()
            if self.floating:
                self.hide()
            return True
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        if self.floating:
            self._floats = True
        else:
            self.wanted = True
        self._arrange()

    def _arrange(self) -> None:
        narrow = self._desk.width() < self._look.scale.px(ROOM) + 8
        if narrow and not self.floating:
            self._float()
        elif not narrow and self.floating:
            self._dock()
        visible = self._open and (self._floats if self.floating else self.wanted)
        self._side.setVisible(visible)
        self.button.setVisible(self._open)
        self.button.setChecked(visible)
        self.button.setIcon(self._look.icon("panel", "accent_text" if visible else "text_muted"))
        if self.floating and visible:
            width = min(self._look.scale.px(FLOATING_WIDTH), self._desk.width() - 40)
            self._side.setGeometry(self._desk.width() - width, 0, width, self._desk.height())
            self._side.raise_()

    def _float(self) -> None:
        self.floating, self._floats = True, False
        self._side.setParent(self._desk)
        set_property(self._side, "floating", True)

    def _dock(self) -> None:
        self.floating = False
        self._columns.addWidget(self._side)
        set_property(self._side, "floating", False)

    def _return_keyboard(self) -> None:
        if not self._keyboard.give_back():
            self._actions.trigger("focus_editor")
