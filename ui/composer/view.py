"""The composer's widgets: the suggestion card above the editor, and the line with the send button beneath it."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.composer.card import SuggestionCard
from ui.composer.comparison import ComparisonPanel
from ui.composer.doubts import doubt_lines, mark_editor
from ui.composer.insertion import Insertion
from ui.composer.presenter import ComposerPresenter, Confirm, Phase
from ui.composer.reasons import reason_of
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label, set_property
from ui.widgets.elided import ElidedLabel
from ui.widgets.inputs import TextInput

SAVE_PAUSE_MS = 400
# What stands below the editor beside sending: action, name, icon.
TOOLS = (
    ("canned", Key.ACTION_CANNED, "seal"),
    ("macros", Key.ACTION_MACROS, "tag"),
    ("compare", Key.ACTION_COMPARE, "copy"),
)


class ComposerView(QFrame):
    """Shows a `ComposerPresenter`; `hint` carries a passing remark, `undo_asked` comes from an empty editor."""

    hint = Signal(str)

    def __init__(self, presenter: ComposerPresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._look, self._i18n, self._actions = presenter, look, i18n, actions
        self._texts = Texts(i18n)
        self._taking = False
        self.card = SuggestionCard(presenter, look, i18n, actions)
        self.editor = self._make_editor()
        self.insertion = Insertion(presenter, self.editor, look, i18n)
        self.comparison = ComparisonPanel(presenter, look, i18n)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 10)
        layout.setSpacing(8)
        layout.addWidget(self.card, 20)  # as much as it needs; the editor takes the rest
        layout.addWidget(self.comparison, 20)
        layout.addWidget(self.editor, 1)
        self.doubt = label("warn", wrap=True)
        layout.addWidget(self.doubt)
        layout.addLayout(self._make_foot())
        self._connect()

    def focus_editor(self) -> None:
        """Put the keyboard into the editor."""
        self.editor.setFocus()

    def send_or_take(self, *, goes_on: bool = False) -> None:
        """Send what is in the editor; with an empty one, take the suggestion over. While a canned reply is sought,
        what stands there is no reply yet."""
        if self.insertion.offering:
            self.insertion.choose()
            return
        if not self._presenter.send(goes_on=goes_on) and not self._take():
            self.hint.emit(self._i18n(Key.COMPOSER_NOTHING_TO_SEND))

    def take(self) -> None:
        """Take the suggestion over for editing."""
        if not self._take() and self._presenter.text.strip():
            self.hint.emit(self._i18n(Key.SUGGESTION_KEEP_TYPING))

    def dismiss(self) -> None:
        """Put the suggestion away, or have it back. A digit says why: in the empty editor, else in the bar."""
        if self._presenter.dismissed:
            self._presenter.restore()
        elif self.editor.is_empty():
            self._presenter.dismiss()
            self.focus_editor()
        else:
            self.card.ask_reason()

    def compare(self) -> None:
        """Show what was changed in the draft, or put that away."""
        if not self._presenter.comparison.toggle():
            self.hint.emit(self._i18n(Key.COMPARISON_NOTHING))

    def _open_source(self) -> None:
        if not self.card.sources.whole():
            self.hint.emit(self._i18n(Key.SUGGESTION_NO_SOURCES))

    def _begin(self, sign: str) -> None:
        if self._presenter.view is not None:
            self.insertion.begin(sign)

    def _wants_tab(self) -> bool:
        """Tab takes what the agent sees, and only into an empty editor; in a text it goes to what is open."""
        if self.editor.is_empty():
            return self._presenter.can_take and self.card.shows_draft
        return self.insertion.offering or self.insertion.has_slots

    def _tab(self) -> None:
        if self.insertion.has_slots:
            self.insertion.next_slot()
        else:
            self.take()

    def _first_look(self, event: QKeyEvent) -> bool:
        return self.insertion.takes(event) or self._reason_by_digit(event)

    def _reason_by_digit(self, event: QKeyEvent) -> bool:
        reason = reason_of(event) if self._presenter.dismissed and self.editor.is_empty() else None
        if reason is not None:
            self._presenter.reject(reason)
        return reason is not None

    def _type(self, text: str) -> None:
        """What was typed at the bar that asks for a reason."""
        self.focus_editor()
        self.editor.insertPlainText(text)

    def _follow(self) -> None:
        """Do the next step; the text that it writes can be edited at once."""
        step = self.card.next_step
        self._taking = True
        followed = step.follow()
        self._taking = False
        if followed and self._presenter.text.strip():
            self.focus_editor()
        elif not followed and step.action is not None and self._presenter.text.strip():
            self.hint.emit(self._i18n(Key.SUGGESTION_KEEP_TYPING))

    def add_below_card(self, widget: QWidget) -> None:
        """Put something between the suggestion and the editor, which takes the room that it needs."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(1, widget, 20)

    def into_editor(self, take: Callable[[], bool]) -> bool:
        """Let `take` set the presenter's text so that the editor's own undo takes it out again; whether it did."""
        self._taking = True
        taken = take()
        self._taking = False
        if taken:
            self.focus_editor()
        return taken

    def _take(self) -> bool:
        return self.into_editor(self._presenter.take)

    def _connect(self) -> None:
        presenter, actions = self._presenter, self._actions
        presenter.changes.subscribe(self._render)
        presenter.replaced.subscribe(self._show_text)
        self.card.closed.connect(self.focus_editor)
        self.card.reasons.typed.connect(self._type)
        self._look.changed.connect(self._render)
        self._i18n.changes.subscribe(self._render)
        actions.on("accept", presenter.accept)
        actions.on("take", self.take)
        actions.on("send", self.send_or_take)
        actions.on("send_next", lambda: self.send_or_take(goes_on=True))
        for sending in ("accept", "send", "send_next"):
            actions[sending].setAutoRepeat(False)  # a key held down must not answer the next ticket unread
        actions.on("reject", self.dismiss)
        actions.on("canned", lambda: self._begin("/"))
        actions.on("macros", lambda: self._begin("#"))
        actions.on("compare", self.compare)
        actions.on("source", self.card.unfold_next)
        actions.on("source_article", self._open_source)
        actions.on("suggest", lambda: presenter.ask(again=True))
        actions.on("next_step", self._follow)
        actions.on("look_back", presenter.look_back)
        actions.on("focus_editor", self.focus_editor)
        self._show_text()
        self._render()

    def _make_editor(self) -> TextInput:
        editor = TextInput()
        editor.setObjectName("editor")
        editor.setMinimumHeight(58)
        self._texts.bind(editor.setAccessibleName, Key.COMPOSER_EDITOR)
        self._pause = QTimer(self, singleShot=True, interval=SAVE_PAUSE_MS)
        self._pause.timeout.connect(self._presenter.save)
        self._pause.timeout.connect(self._presenter.look_over)
        editor.textChanged.connect(self._typed)
        editor.wants_tab = self._wants_tab
        editor.first_look = self._first_look
        editor.tab_pressed.connect(self._tab)
        editor.escape_pressed.connect(lambda: self._actions.trigger("reject"))
        editor.undo_asked.connect(lambda: self._actions.trigger("undo"))
        return editor

    def _make_foot(self) -> QHBoxLayout:
        self._state = label("faint")
        self.send = button("", lambda: self._actions.trigger("send"))
        self._texts.bind(self.send.setText, Key.COMPOSER_SEND)
        self._texts.bind_call(lambda: self.send.setToolTip(self._actions.tooltip("send")))
        self.send_next = button("", lambda: self._actions.trigger("send_next"))
        self._texts.bind(self.send_next.setText, Key.COMPOSER_SEND_NEXT)
        self._texts.bind_call(lambda: self.send_next.setToolTip(self._actions.tooltip("send_next")))
        self._tools = [(self._tool(action, key), icon) for action, key, icon in TOOLS]
        self._keys = ElidedLabel(tone="faint", minimum=0)
        self._texts.bind_call(
            lambda: self._keys.set_line(self._i18n(Key.COMPOSER_SEND_HINT, keys=self._actions.keys("send")))
        )
        foot = QHBoxLayout()
        foot.setSpacing(6)
        for tool, _icon in self._tools:
            foot.addWidget(tool)
        foot.addWidget(self._state)
        foot.addWidget(self._keys, 1)
        foot.addWidget(self.send)
        foot.addWidget(self.send_next)
        return foot

    def _tool(self, action: str, key: Key) -> QPushButton:
        tool = button("quiet", lambda: self._actions.trigger(action))
        self._texts.bind(tool.setAccessibleName, key)
        self._texts.bind_call(lambda: tool.setToolTip(self._actions.tooltip(action)))
        return tool

    def _typed(self) -> None:
        text = self.editor.toPlainText()
        if text != self._presenter.text:
            self._presenter.typed(text)
            self._pause.start()
        self.insertion.look()
        self.card.render_card()
        self._render()

    def _show_text(self) -> None:
        """The presenter set the text: another ticket, a suggestion taken over, or a reply that went out."""
        self._pause.stop()
        if self._taking:
            self.editor.selectAll()
            self.editor.insertPlainText(self._presenter.text)  # the editor's own undo takes it out again
            return
        if self.editor.toPlainText() != self._presenter.text:
            self.editor.setPlainText(self._presenter.text)
            self.editor.moveCursor(self.editor.textCursor().MoveOperation.End)
        self.editor.document().clearUndoRedoStacks()

    def _render(self) -> None:
        open_ = self._presenter.view is not None
        ready = self._presenter.phase is Phase.READY and not self._presenter.dismissed
        text = self._presenter.text
        self.editor.setEnabled(open_)
        self.editor.setPlaceholderText(
            self._i18n(
                Key.COMPOSER_PLACEHOLDER
                if ready
                else Key.COMPOSER_PLACEHOLDER_QUESTION
                if self._presenter.can_take
                else Key.COMPOSER_PLACEHOLDER_PLAIN
            )
        )
        for sending in (self.send, self.send_next):
            sending.setEnabled(open_ and bool(text.strip()))
        asked = self._presenter.confirming is Confirm.EDITED
        set_property(self.send, "kind", "warn" if asked else "primary" if text.strip() else "")
        self.send.setIcon(self._look.icon("send", "warn" if asked else "on_accent" if text.strip() else "text_faint"))
        for tool, icon in self._tools:
            tool.setEnabled(open_)
            tool.setIcon(self._look.icon(icon))
        self.comparison.render_comparison()
        self._render_doubt(asked)
        self._state.setText(self._i18n(Key.COMPOSER_SAVED) if self._presenter.kept else "")

    def _render_doubt(self, asked: bool) -> None:
        """What of the agent's own text has no source or must not be said: marked there, named below."""
        check, tones = self._presenter.check, ("warn_soft", "warn", "bad_soft", "bad")
        ground, line, banned, banned_line = (self._look.colour(tone) for tone in tones)
        mark_editor(self.editor, check.unsupported, (ground, line, banned, banned_line))
        count = len(check.doubts)
        if check.blocking:
            head, shown = self._i18n(Key.COMPOSER_BLOCKED), check.blocking
        elif asked:
            head, shown = self._i18n(Key.COMPOSER_CONFIRM, n=count), check.doubts
        else:
            head, shown = self._i18n(Key.SUGGESTION_UNSUPPORTED, n=count), check.doubts
        text = f"{head}\n{doubt_lines(self._i18n, self._presenter.text, shown)}" if shown else ""
        self.doubt.setText(text)
        self.doubt.setVisible(bool(text))
