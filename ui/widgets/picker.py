"""A search-as-you-type choice that floats over the window; it never blocks and takes no window of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from ui.widgets.basics import button, label
from ui.widgets.inputs import LineInput
from ui.widgets.keyboard import Keyboard

ID_ROLE = Qt.ItemDataRole.UserRole + 1
WORDS_ROLE = Qt.ItemDataRole.UserRole + 2
_NARROWEST = 320
_LINES = 8
# Frames and paddings that no size hint counts.
_SPARE = 16


@dataclass(frozen=True, slots=True)
class Choice:
    """One line; `words` are what a search may also find it by."""

    id: str
    text: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class PickerTexts:
    """What the picker says."""

    title: str
    search: str
    hint: str
    apply: str
    cancel: str


class Picker(QFrame):
    """Emits `picked` with the ids chosen. `several` allows more than one; `numbered` lines are picked by digits."""

    picked = Signal(list)

    def __init__(
        self, parent: QWidget, choices: Sequence[Choice], texts: PickerTexts, *, several: bool, numbered: bool = False
    ) -> None:
        super().__init__(parent)
        self._host = parent
        self.setObjectName("popup")
        self._several, self._numbered = several, numbered
        self._keyboard = Keyboard()
        self._keyboard.remember()
        self.search = LineInput()
        self.search.setPlaceholderText(texts.search)
        self.search.setAccessibleName(texts.title)
        self.search.installEventFilter(self)
        self.list = self._make_list(choices, texts)
        self.search.textChanged.connect(self._filter)
        self._apply = button("primary", self.apply)
        self._apply.setText(texts.apply)
        cancel = button("quiet", self.dismiss)
        cancel.setText(texts.cancel)
        title, hint = label("strong", wrap=True), label("faint", wrap=True)
        title.setText(texts.title)
        hint.setText(texts.hint)
        buttons = QHBoxLayout()
        buttons.addWidget(cancel)
        buttons.addStretch()
        buttons.addWidget(self._apply)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        for part in (title, self.search, self.list):
            layout.addWidget(part)
        if several:
            layout.addWidget(hint)
        layout.addLayout(buttons)

    def point_at(self, choice_id: str) -> None:
        """Highlight a line: what holds now."""
        found = self._model.match(self._model.index(0, 0), ID_ROLE, choice_id, 1, Qt.MatchFlag.MatchExactly)
        for index in found:
            self.list.setCurrentIndex(self._proxy.mapFromSource(index))

    def open_at(self, place: QPoint) -> None:
        """Show the picker near `place` (in the parent's coordinates), wholly inside the parent.

        It is as wide as its longest line in the font of the day, and high enough for `_LINES` of them.
        """
        room = self._host.rect().adjusted(8, 8, -8, -8)
        self.ensurePolished()
        layout = self.layout()
        assert layout is not None
        margins = layout.contentsMargins()
        bar = self.list.verticalScrollBar().sizeHint().width()
        line = self.list.sizeHintForColumn(0) + bar + margins.left() + margins.right() + _SPARE
        width = min(max(_NARROWEST, line), room.width())
        self.list.setMinimumHeight(min(self._model.rowCount(), _LINES) * self.list.sizeHintForRow(0) + _SPARE)
        height = min(max(layout.totalHeightForWidth(width), layout.totalSizeHint().height()), room.height())
        left = max(room.left(), min(place.x(), room.right() - width))
        top = max(room.top(), min(place.y(), room.bottom() - height))
        self.setGeometry(left, top, width, height)
        self.show()
        self.raise_()
        self.search.setFocus()

    def apply(self) -> None:
        """Take what is ticked, or else the line that is highlighted."""
        chosen = self._ticked()
        current = self.list.currentIndex()
        if not chosen and current.isValid():
            chosen = [current.data(ID_ROLE)]
        self.dismiss()
        if chosen:
            self.picked.emit(chosen)

    def dismiss(self) -> None:
        """Close without choosing; the keyboard goes back to where it was."""
        self.hide()
        self._keyboard.give_back()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The search field's keys that mean the list."""
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return not self.search.preedit and self._key(event)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The same keys while the list has the keyboard."""
        if not self._key(event):
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        number = event.key() - Qt.Key.Key_1
        if self._numbered and 0 <= number < min(9, self._model.rowCount()) and not self.search.text():
            self.list.setCurrentIndex(self._proxy.mapFromSource(self._model.index(number, 0)))
            self.apply()
            return True
        match event.key():
            case Qt.Key.Key_Escape:
                self.dismiss()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._toggle_current()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.apply()
            case Qt.Key.Key_Down:
                self._move(1)
            case Qt.Key.Key_Up:
                self._move(-1)
            case _:
                return False
        return True

    def _make_list(self, choices: Sequence[Choice], texts: PickerTexts) -> QListView:
        self._model = QStandardItemModel(self)
        for number, choice in enumerate(choices, start=1):
            item = QStandardItem(f"{number}  {choice.text}" if self._numbered else choice.text)
            item.setData(choice.id, ID_ROLE)
            item.setData(f"{choice.text} {choice.words}", WORDS_ROLE)
            item.setEditable(False)
            item.setCheckable(self._several)
            self._model.appendRow(item)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._proxy.setFilterRole(WORDS_ROLE)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        view = QListView()
        view.setObjectName("picker")
        view.setAccessibleName(texts.title)
        view.setModel(self._proxy)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        view.setCurrentIndex(self._proxy.index(0, 0))
        view.clicked.connect(lambda _index: None if self._several else self.apply())
        view.doubleClicked.connect(lambda _index: self.apply())
        return view

    def _filter(self, text: str) -> None:
        self._proxy.setFilterFixedString(text.strip())
        self.list.setCurrentIndex(self._proxy.index(0, 0))

    def _move(self, step: int) -> None:
        row = self.list.currentIndex().row() + step
        if 0 <= row < self._proxy.rowCount():
            self.list.setCurrentIndex(self._proxy.index(row, 0))

    def _toggle_current(self) -> None:
        index = self._proxy.mapToSource(self.list.currentIndex())
        item = self._model.itemFromIndex(index) if index.isValid() else None
        if item is not None and self._several:
            ticked = item.checkState() is Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)
            self.search.clear()

    def _ticked(self) -> list[str]:
        items = (self._model.item(row) for row in range(self._model.rowCount()))
        return [item.data(ID_ROLE) for item in items if item.checkState() is Qt.CheckState.Checked]
