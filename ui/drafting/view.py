"""Candidates as numbers in the head of the suggestion card; below it the line for a hint, and a text worded anew."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from agent_assist.domain.wording import Rewording, Tone
from ui.actions import Actions
from ui.composer.presenter import ComposerPresenter, Phase
from ui.drafting.presenter import CANDIDATES, DraftingPresenter
from ui.drafting.rewrite_panel import RewritePanel
from ui.drafting.words import MANNER_KEYS, TONE_KEYS
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, set_property
from ui.widgets.elided import ElidedLabel
from ui.widgets.inputs import LineInput
from ui.widgets.picker import Choice, Picker, PickerTexts


class HintLine(LineInput):
    """One line; Enter asks, Esc leaves."""

    asked = Signal(str)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Sort out the two keys, unless an input method is composing."""
        if not self.preedit and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit(self.text())
        elif not self.preedit and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class DraftingView(QFrame):
    """Shows a `DraftingPresenter`. `hint` carries a passing remark, `left` gives the keyboard back to the editor, into
    which `into_editor` lets a rewrite be taken."""

    hint = Signal(str)
    left = Signal()

    def __init__(
        self,
        presenter: DraftingPresenter,
        composer: ComposerPresenter,
        look: Look,
        i18n: I18n,
        actions: Actions,
        *,
        into_editor: Callable[[Callable[[], bool]], bool],
    ) -> None:
        super().__init__()
        self._presenter, self._composer = presenter, composer
        self._look, self._i18n, self._actions = look, i18n, actions
        self._into_editor = into_editor
        self._texts = Texts(i18n)
        self._picker: Picker | None = None
        self.row = self._make_row()
        self.line = HintLine()
        self._texts.bind(self.line.setAccessibleName, Key.DRAFTING_HINT)
        self._texts.bind(self.line.setPlaceholderText, Key.DRAFTING_HINT_PLACEHOLDER)
        self.line.asked.connect(self._ask)
        self.line.left.connect(self._leave)
        self.panel = RewritePanel(presenter, look, i18n)
        self.panel.take_asked.connect(self.take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (self.line, self.panel):
            layout.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        presenter.changes.subscribe(self.render_drafting)
        composer.changes.subscribe(self.render_drafting)
        i18n.changes.subscribe(self.render_drafting)
        look.changed.connect(self.render_drafting)
        for number in range(1, CANDIDATES + 1):
            actions.on(f"candidate_{number}", partial(self._choose, number))
        actions.on("take_rewrite", self.take)
        actions.on("hint", self._open_hint)
        actions.on("wording", self.open_menu)
        actions.on("translate", lambda: self._reword(Rewording.TRANSLATE))
        self.render_drafting()

    def take(self) -> None:
        """Put the text worded anew into the editor, from where the editor's undo takes it out again."""
        waits = self._presenter.rewrite is not None and self._presenter.rewrite.done is not None
        if not self._into_editor(self._presenter.take):
            key = Key.DRAFTING_NOT_TAKEN if waits else Key.DRAFTING_NOTHING_TO_REWORD
            self.hint.emit(self._i18n(key))

    def open_menu(self) -> None:
        """Open the choice of tones and rewrites."""
        if self._composer.view is None:
            return
        if self._picker is not None:
            self._picker.dismiss()
        tones = [
            Choice(f"tone.{tone}", self._i18n(Key.DRAFTING_AGAIN_IN, tone=self._i18n(key)), tone.value)
            for tone, key in TONE_KEYS.items()
        ]
        manners = [
            Choice(f"rewrite.{manner}", self._i18n(Key.DRAFTING_REWORD_AS, manner=self._i18n(key)), manner.value)
            for manner, key in MANNER_KEYS.items()
        ]
        texts = PickerTexts(
            title=self._i18n(Key.DRAFTING_MENU),
            search=self._i18n(Key.DRAFTING_MENU_SEARCH),
            hint=self._i18n(Key.DRAFTING_MENU_HINT),
            apply=self._i18n(Key.DRAFTING_CHOOSE),
            cancel=self._i18n(Key.PICKER_CANCEL),
        )
        # With a text of the agent's own rewrites are what is wanted.
        choices = [*manners, *tones] if self._composer.text.strip() else [*tones, *manners]
        window = self.window()
        self._picker = Picker(window, choices, texts, several=False)
        self._picker.destroyed.connect(self._picker_gone)
        self._picker.picked.connect(self._picked)
        self._picker.open_at(self.mapTo(window, QPoint(0, -160)))

    def render_drafting(self) -> None:
        """Show the presenters' state."""
        self._render_row()
        self.line.setVisible(self._presenter.hinting)
        self.panel.render_panel()
        self.setVisible(any(not part.isHidden() for part in (self.line, self.panel)))

    def _make_row(self) -> QWidget:
        """Small enough to stand in the head of the suggestion card."""
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        self.state = ElidedLabel(tone="faint", minimum=0)
        line.addWidget(self.state, 1)
        self.numbers: list[QPushButton] = []
        for number in range(1, CANDIDATES + 1):
            made = button("quiet", partial(self._actions.trigger, f"candidate_{number}"))
            made.setObjectName("candidate")
            self._texts.bind_call(partial(self._name, made, number))
            line.addWidget(made)
            self.numbers.append(made)
        self.say_what = button("quiet", partial(self._actions.trigger, "hint"))
        self.wording = button("quiet", partial(self._actions.trigger, "wording"))
        self.stop = button("quiet", partial(self._actions.trigger, "stop"))
        for made, key, action in (
            (self.say_what, Key.ACTION_HINT, "hint"),
            (self.wording, Key.ACTION_WORDING, "wording"),
            (self.stop, Key.DRAFTING_STOP, "stop"),
        ):
            self._texts.bind(made.setAccessibleName, key)
            self._texts.bind_call(partial(self._explain, made, action))
            line.addWidget(made)
        self._texts.bind(row.setAccessibleName, Key.DRAFTING_CANDIDATES)
        return row

    def _name(self, made: QPushButton, number: int) -> None:
        made.setAccessibleName(self._i18n(Key.DRAFTING_CANDIDATE, number=number))
        self._explain(made, f"candidate_{number}")

    def _explain(self, made: QPushButton, action: str) -> None:
        made.setToolTip(self._actions.tooltip(action))

    def _render_row(self) -> None:
        presenter, phase = self._presenter, self._composer.phase
        ready = phase is Phase.READY
        busy = presenter.writing or phase in (Phase.SEARCHING, Phase.WRITING)
        count = len(presenter.candidates) or CANDIDATES
        for number, made in enumerate(self.numbers, start=1):
            made.setVisible(ready and not busy and 1 < count >= number)
            made.setText(str(number))
            set_property(made, "kind", "primary" if number == (presenter.shown or 1) else "quiet")
        hint = self._composer.suggestion.wish.hint if ready and self._composer.suggestion else ""
        if presenter.writing:
            state = self._i18n(Key.DRAFTING_WRITING_MORE, found=presenter.found, wanted=CANDIDATES)
        elif ready and presenter.candidates and presenter.exhausted:
            state = self._i18n(Key.DRAFTING_NO_OTHER)
        else:
            state = self._i18n(Key.DRAFTING_HINT_SHOWN, hint=hint) if hint else ""
        self.state.set_line(state)
        for made, icon, shown in (
            (self.say_what, "chat", not busy),
            (self.wording, "pen", not busy),
            (self.stop, "close", busy),
        ):
            made.setIcon(self._look.icon(icon))
            made.setVisible(shown and phase is not Phase.AWAY)

    def _choose(self, number: int) -> None:
        if not self._presenter.choose(number):
            exhausted = self._presenter.exhausted
            self.hint.emit(self._i18n(Key.DRAFTING_NO_OTHER if exhausted else Key.DRAFTING_NOT_THERE))

    def _open_hint(self) -> None:
        if self._presenter.open_hint():
            shown = self._composer.suggestion
            self.line.setText(shown.wish.hint if shown else "")
            self.line.selectAll()
            self.line.setFocus()

    def _ask(self, text: str) -> None:
        if text.strip():
            self._presenter.wish(hint=text)
        else:
            self._presenter.close_hint()
        self.left.emit()

    def _leave(self) -> None:
        self._presenter.close_hint()
        self.left.emit()

    def _picked(self, ids: list[str]) -> None:
        kind, name = ids[0].split(".", 1)
        if kind == "tone":
            self._presenter.wish(tone=Tone(name))
        else:
            self._reword(Rewording(name))

    def _reword(self, manner: Rewording) -> None:
        if not self._presenter.reword(manner):
            self.hint.emit(self._i18n(Key.DRAFTING_NOTHING_TO_REWORD))

    def _picker_gone(self) -> None:
        self._picker = None
