"""The list of keys over the window (F1): found by typing, changed by pressing other ones."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.actions import Actions, native
from ui.i18n import I18n
from ui.keymap.keymap import Refused
from ui.keymap.spec import DESK, Binding, screen_of
from ui.keys.presenter import KeysPresenter
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label, set_property
from ui.widgets.flow import FlowLayout
from ui.widgets.inputs import LineInput
from ui.widgets.keyboard import pressed

SIZE = (720, 620)
ID_ROLE = Qt.ItemDataRole.UserRole + 1
_ALONE = {Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr, Qt.Key.Key_unknown}


class KeyCatcher(QFrame):
    """Takes the next keys for itself, whatever they do elsewhere, and tells the presenter."""

    def __init__(self, presenter: KeysPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self.setObjectName("keyCatcher")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.text = label("strong", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addWidget(self.text)

    def event(self, event: QEvent) -> bool:
        """No key is a shortcut here, Tab moves nowhere."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves all as it was; modifiers alone are not yet keys."""
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Escape and not modifiers:
            self._presenter.cancel()
        elif key not in _ALONE:
            self._presenter.pressed(pressed(event))


class KeysDialog(QDialog):
    """All actions with their keys."""

    def __init__(self, parent: QWidget, presenter: KeysPresenter, actions: Actions, look: Look, i18n: I18n) -> None:
        super().__init__(parent)
        self._presenter, self._actions, self._i18n = presenter, actions, i18n
        self.setWindowTitle(i18n(Key.KEYS_TITLE))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search = LineInput()
        self.search.setPlaceholderText(i18n(Key.KEYS_SEARCH))
        self.search.setAccessibleName(i18n(Key.KEYS_SEARCH))
        self.search.textChanged.connect(presenter.search)
        self.table = self._make_table()
        self.nothing = label("muted", wrap=True)
        self.nothing.setText(i18n(Key.KEYS_NOTHING))
        self.catcher = KeyCatcher(presenter)
        hint = label("faint", wrap=True)
        hint.setText(i18n(Key.KEYS_HINT))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        for part in (self.search, self.table, self.nothing, self.catcher, hint, self._make_buttons()):
            layout.addWidget(part, 1 if part is self.table else 0)
        self._unsubscribe = presenter.changes.subscribe(self._render)
        self.finished.connect(lambda _result: self._leave())
        self.resize(min(look.scale.px(SIZE[0]), parent.width()), min(look.scale.px(SIZE[1]), parent.height()))
        presenter.search("")
        self.table.selectRow(0)
        self.search.setFocus()

    def current(self) -> str:
        """The id of the chosen line, "" for none."""
        item = self.table.item(self.table.currentRow(), 0)
        return str(item.data(ID_ROLE)) if item is not None else ""

    def choose(self, action_id: str) -> None:
        """Choose a line by its id, which an action's own one shares."""
        for row in range(self.table.rowCount()):
            item = self.table.item(row, 0)
            if item is not None and item.data(ID_ROLE) == action_id:
                self.table.selectRow(row)

    def _leave(self) -> None:
        self._unsubscribe()
        self._presenter.cancel()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setAccessibleName(self._i18n(Key.KEYS_TITLE))
        columns = (Key.KEYS_COLUMN_ACTION, Key.KEYS_COLUMN_PLACE, Key.KEYS_COLUMN_KEYS)
        table.setHorizontalHeaderLabels([self._i18n(key) for key in columns])
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        table.doubleClicked.connect(lambda _index: self._begin())
        table.itemSelectionChanged.connect(self._enable)
        return table

    def _make_buttons(self) -> QWidget:
        self.change = button("primary", self._begin)
        self.clear = button("", lambda: self._presenter.take_away(self.current()))
        self.reset = button("", lambda: self._presenter.reset(self.current()))
        self.reset_all = button("quiet", self._presenter.reset_all)
        self.close_button = button("", self.accept)
        texts = (
            (self.change, Key.KEYS_CHANGE),
            (self.clear, Key.KEYS_CLEAR),
            (self.reset, Key.KEYS_RESET),
            (self.reset_all, Key.KEYS_RESET_ALL),
            (self.close_button, Key.IMPORT_CLOSE),
        )
        holder = QWidget()
        flow = FlowLayout(holder, spacing=8)
        for made, key in texts:
            made.setText(self._i18n(key))
            made.setAutoDefault(False)
            flow.addWidget(made)
        self.change.setDefault(True)  # Enter, in the field as in the list
        return holder

    def _begin(self) -> None:
        if self.current():
            self._presenter.begin(self.current())
            self.catcher.setFocus()

    def _render(self) -> None:
        chosen, lines = self.current(), self._presenter.lines
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            keys = self._actions.bound(line) or self._i18n(Key.KEYS_NONE)
            if self._presenter.keymap.own(line.id):
                keys = self._i18n(Key.KEYS_OWN, keys=keys)
            for column, text in enumerate((self._actions.title(line.spec.id), self._place(line), keys)):
                item = QTableWidgetItem(text)
                item.setData(ID_ROLE, line.id)
                self.table.setItem(row, column, item)
        self.choose(chosen)
        if lines and not self.current():
            self.table.selectRow(0)
        self.nothing.setVisible(not lines)
        self.table.setVisible(bool(lines))
        self._render_catcher()
        self._enable()

    def _place(self, line: Binding) -> str:
        """The menu of an action, or the list in which its keys act."""
        if line.in_list:
            return self._i18n(Key.KEYS_IN_TICKETS if screen_of(line.spec) == DESK else Key.KEYS_IN_ARTICLES)
        return self._i18n(line.spec.menu).replace("&", "").split("(")[0] if line.spec.menu else ""

    def _press_text(self, line_id: str) -> str:
        """What to press now; a list takes letters."""
        line = next(one for one in self._presenter.lines if one.id == line_id)
        key = Key.KEYS_PRESS_IN_LIST if line.in_list else Key.KEYS_PRESS
        return self._i18n(key, action=self._actions.title(line.spec.id), place=self._place(line))

    def _render_catcher(self) -> None:
        waiting, refusal = self._presenter.waiting_for, self._presenter.refusal
        was_waiting = self.catcher.isVisible() and self.catcher.hasFocus()
        self.catcher.setVisible(bool(waiting or refusal))
        set_property(self.catcher, "wrong", refusal is not None)
        lines = []
        if refusal is not None:
            keys = native(self._presenter.refused_keys)
            other = self._i18n(refusal.other).replace("&", "").split("(")[0].rstrip("…") if refusal.other else ""
            key = {
                Refused.TAKEN: Key.KEYS_REFUSED_TAKEN if keys else Key.KEYS_REFUSED_RESET,
                Refused.MENU: Key.KEYS_REFUSED_MENU,
                Refused.TYPING: Key.KEYS_REFUSED_TYPING,
                Refused.LIST: Key.KEYS_REFUSED_LIST,
            }[refusal.why]
            lines.append(self._i18n(key, keys=keys, other=other))
        if waiting:
            lines.append(self._press_text(waiting))
        self.catcher.text.setText("\n".join(lines))
        self.catcher.setAccessibleName(self.catcher.text.text())
        if was_waiting and not waiting:
            self.table.setFocus()

    def _enable(self) -> None:
        chosen = self.current()
        self.change.setEnabled(bool(chosen))
        self.clear.setEnabled(bool(chosen and self._presenter.keymap.keys(chosen)))
        self.reset.setEnabled(bool(chosen and self._presenter.keymap.own(chosen)))
        self.reset_all.setEnabled(self._presenter.keymap.any_own)
