"""The strip in which an internal note is written, above the reply, and a kept note as it stands in the conversation."""

from datetime import UTC, datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from agent_assist.domain.feedback import FeedbackEvent
from ui.actions import Actions
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.notes.presenter import NotePresenter
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.flat_text import FlatText
from ui.widgets.inputs import TextInput
from ui.words import clock

SAVE_PAUSE_MS = 400
KEEP_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NoteInput(TextInput):
    """Where a note is typed. Ctrl+Enter keeps it: nothing that is pressed in here may ever send a reply."""

    keep_asked = Signal()

    def event(self, event: QEvent) -> bool:
        """Take the keys that send replies before they become the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _sends(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter, and everything else as in the reply's editor."""
        if _sends(event) and not self.preedit:
            if event.key() in KEEP_KEYS:
                self.keep_asked.emit()
            return
        super().keyPressEvent(event)


def _sends(event: QKeyEvent) -> bool:
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    control = bool(held & Qt.KeyboardModifier.ControlModifier)
    accepts = event.key() == Qt.Key.Key_A and (
        held == Qt.KeyboardModifier.AltModifier
        or held == Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    return (control and event.key() in KEEP_KEYS) or accepts


class NoteStrip(QFrame):
    """Shows a `NotePresenter`; hidden while no note is written. `left` asks to put the keyboard back."""

    left = Signal()

    def __init__(self, presenter: NotePresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("noteStrip")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self._icon, title = label(), label("strong")
        self._texts.bind(title.setText, Key.NOTE_TITLE)
        self.editor = self._make_editor()
        self.keep = button("primary", self._keep)
        self._texts.bind(self.keep.setText, Key.NOTE_KEEP)
        self.later = button("quiet", self._leave)
        self._texts.bind(self.later.setText, Key.NOTE_LATER)
        head = QHBoxLayout()
        head.addWidget(self._icon)
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.later)
        head.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.editor)
        actions.on("note", self.begin)
        presenter.changes.subscribe(self._render)
        presenter.replaced.subscribe(self._show_text)
        look.changed.connect(self._paint)
        self._paint()
        self._show_text()
        self._render()

    def begin(self) -> None:
        """Open the editor with the keyboard in it."""
        self._presenter.begin()
        if self._presenter.open:
            self.editor.setFocus()

    def _make_editor(self) -> NoteInput:
        editor = NoteInput()
        editor.setObjectName("editor")
        self._texts.bind(editor.setAccessibleName, Key.NOTE_TITLE)
        self._texts.bind(editor.setPlaceholderText, Key.NOTE_PLACEHOLDER)
        self._pause = QTimer(self, singleShot=True, interval=SAVE_PAUSE_MS)
        self._pause.timeout.connect(self._presenter.save)
        editor.textChanged.connect(self._typed)
        editor.escape_pressed.connect(self._leave)
        editor.keep_asked.connect(self._keep)
        return editor

    def _typed(self) -> None:
        text = self.editor.toPlainText()
        if text != self._presenter.text:
            self._presenter.typed(text)
            self._pause.start()

    def _keep(self) -> None:
        self._pause.stop()
        if self._presenter.keep():
            self.left.emit()

    def _leave(self) -> None:
        self._pause.stop()
        self._presenter.leave()
        self.left.emit()

    def _show_text(self) -> None:
        self._pause.stop()
        if self.editor.toPlainText() != self._presenter.text:
            self.editor.setPlainText(self._presenter.text)
            self.editor.moveCursor(self.editor.textCursor().MoveOperation.End)

    def _render(self) -> None:
        self.setVisible(self._presenter.open)
        self.keep.setEnabled(bool(self._presenter.text.strip()) and not self._presenter.keeping)

    def _paint(self) -> None:
        self._icon.setPixmap(self._look.pixmap("note", "warn"))
        self.keep.setIcon(self._look.icon("check", "on_accent"))
        self.editor.setFixedHeight(self._look.scale.px(52))


class NoteView(QFrame):
    """A kept note between the messages, in a colour of its own. `remove_asked` carries its event."""

    remove_asked = Signal(object)

    def __init__(self, event: FeedbackEvent, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.event_shown = event
        who = event.actor or i18n(Key.THREAD_AGENT)
        head = label("warn", wrap=True)
        head.setText(i18n(Key.NOTE_HEAD, who=who, time=clock(i18n, event.at, datetime.now(UTC))))
        self.remove = button("quiet", lambda: self.remove_asked.emit(event))
        self.remove.setObjectName("noteRemove")
        self.remove.setIcon(look.icon("undo", "warn", 14))
        self.remove.setToolTip(i18n(Key.NOTE_REMOVE))
        self.remove.setAccessibleName(f"{i18n(Key.NOTE_REMOVE)}: {event.note[:60]}")
        self.text = FlatText()
        self.text.set_plain(event.note)
        self.text.setAccessibleName(head.text())
        top = QHBoxLayout()
        top.addWidget(head, 1)
        top.addWidget(self.remove, alignment=Qt.AlignmentFlag.AlignTop)
        body = QWidget()
        body.setObjectName("note")
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 4, 6, 8)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(28, 0, 28, 0)
        layout.addWidget(body)
