"""Canned replies in the editor: offered while they are typed, put in place of what was typed, their open slots one
after the other by Tab."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor

from ui.composer.canned import open_slot
from ui.composer.canned_popup import CannedPopup
from ui.composer.presenter import ComposerPresenter
from ui.i18n import I18n
from ui.look import Look
from ui.textpos import from_qt, to_qt
from ui.widgets.inputs import TextInput

_CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class Insertion(QObject):
    """Ties a `CannedPresenter` to the editor of a composer."""

    def __init__(self, presenter: ComposerPresenter, editor: TextInput, look: Look, i18n: I18n) -> None:
        super().__init__(editor)
        self._presenter, self._editor = presenter, editor
        self._look, self._i18n = look, i18n
        self._popup: CannedPopup | None = None
        presenter.canned.changes.subscribe(self._show)
        editor.cursorPositionChanged.connect(self.look)
        i18n.changes.subscribe(presenter.canned.leave)

    @property
    def popup(self) -> CannedPopup:
        """What floats over the window; made when it is first wanted, since the editor has no window before."""
        if self._popup is None:
            self._popup = CannedPopup(self._editor.window(), self._presenter.canned, self._look, self._i18n)
            self._popup.list.clicked.connect(lambda index: self.choose(index.row()))
        return self._popup

    @property
    def offering(self) -> bool:
        """Whether there is something to choose from."""
        return self._popup is not None and self._popup.number >= 0

    def begin(self, sign: str) -> None:
        """Write a sign where it opens the list: at the beginning of a line."""
        cursor = self._editor.textCursor()
        self._editor.setFocus()
        cursor.insertText(sign if cursor.atBlockStart() else f"\n{sign}")

    def look(self) -> None:
        """The text or the cursor changed."""
        view = self._presenter.view
        if view is not None and not self._editor.preedit:
            text = self._editor.toPlainText()
            self._presenter.canned.look(view.ticket.id, text, from_qt(text, self._editor.textCursor().position()))

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key chooses, moves in, or leaves the list."""
        if self._popup is None or not self._popup.isVisible():
            return False
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() == Qt.Key.Key_Escape:
            self._presenter.canned.leave()
            return True
        if plain and self.offering and Qt.Key(event.key()) in _CHOOSING:
            return self.choose()
        return self._popup.takes(event)

    def choose(self, number: int = -1) -> bool:
        """Put the highlighted text, or text `number`, in place of what is typed; its first open slot is selected."""
        used = self._presenter.canned.use(number if number >= 0 else self.popup.number)
        if used is None:
            return False
        begun, chosen = used
        text = self._editor.toPlainText()
        cursor = self._editor.textCursor()
        cursor.setPosition(to_qt(text, begun.start), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(chosen.filled.text)
        self._editor.setTextCursor(cursor)
        self._editor.setFocus()
        if chosen.filled.open:
            self.next_slot(behind=begun.start)
        return True

    @property
    def has_slots(self) -> bool:
        """Whether something in the text is still to be filled in."""
        return open_slot(self._editor.toPlainText()) is not None

    def next_slot(self, *, behind: int | None = None) -> None:
        """Select the next slot that is still open, so that typing fills it."""
        text, cursor = self._editor.toPlainText(), self._editor.textCursor()
        slot = open_slot(text, from_qt(text, cursor.selectionEnd()) if behind is None else behind)
        if slot is not None:
            cursor.setPosition(to_qt(text, slot.start))
            cursor.setPosition(to_qt(text, slot.end), QTextCursor.MoveMode.KeepAnchor)
            self._editor.setTextCursor(cursor)

    def _show(self) -> None:
        if self._presenter.canned.begun is None:
            if self._popup is not None:
                self._popup.hide()
            return
        popup, editor = self.popup, self._editor
        place = editor.cursorRect()
        popup.show_at(editor.viewport().mapTo(editor.window(), place.bottomLeft()), place.height())
