"""The cards of the models screen: one a role, the self-test, and one a model on this machine."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from agent_assist.domain.events import EngineState
from agent_assist.domain.language import Language
from agent_assist.services.self_test import Outcome, Part, SelfTestStep
from ui.device_words import why
from ui.error_words import in_words
from ui.i18n import I18n
from ui.look import Look
from ui.models.presenter import ModelsPresenter
from ui.models.words import DEVICES, ROLES, card_line
from ui.ports.program import ModelCard, ModelState
from ui.state_looks import STATE_LOOKS
from ui.text_keys import Key
from ui.widgets.basics import button, chip, label, set_property
from ui.widgets.flow import FlowLayout

PARTS = {
    Part.FILES: Key.MODELS_TEST_FILES,
    Part.READING: Key.MODELS_TEST_READING,
    Part.SEARCHING: Key.MODELS_TEST_SEARCHING,
    Part.WRITING: Key.MODELS_TEST_WRITING,
}
OUTCOMES = {
    Outcome.RUNNING: ("ring", "warn"),
    Outcome.PASSED: ("check", "good"),
    Outcome.FAILED: ("alert", "bad"),
}
SPEEDS = {"encoder": Part.READING, "reply": Part.WRITING}


def frame() -> tuple[QFrame, QVBoxLayout]:
    """A card and its column."""
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(18, 14, 18, 14)
    column.setSpacing(6)
    return card, column


class RoleCard(QFrame):
    """What does a role now: its state, model, place, reason, memory and speed."""

    def __init__(self, role: str, presenter: ModelsPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("card")
        self._role, self._presenter, self._look, self._i18n = role, presenter, look, i18n
        self._mark, self._title, self._state = label(), label("heading"), label("muted")
        self._name, self._line = label("strong", wrap=True), label("muted", wrap=True)
        self._facts, self._why = label(wrap=True), label("muted", wrap=True)
        self._problem = label("warn", wrap=True)
        self.fall_back = button("", self._fall_back)
        head = QHBoxLayout()
        head.setSpacing(8)
        for part in (self._mark, self._title, self._state):
            head.addWidget(part)
        head.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(6)
        column.addLayout(head)
        for part in (self._name, self._line, self._facts, self._why, self._problem):
            column.addWidget(part)
        buttons = QWidget()
        FlowLayout(buttons).addWidget(self.fall_back)
        column.addWidget(buttons)

    def render_card(self) -> None:
        """Show the present state."""
        i18n, presenter = self._i18n, self._presenter
        status = next((one for one in presenter.states if one.name == self._role), None)
        card, event = presenter.card_of(self._role), presenter.event(self._role)
        state = status.state if status else event.state if event else EngineState.STARTING
        key, icon, token = STATE_LOOKS[state]
        self._mark.setPixmap(self._look.pixmap(icon, token, 14))
        self._title.setText(i18n(ROLES[self._role]))
        self._state.setText(i18n(key))
        self._name.setText(card.name if card else i18n(Key.MODELS_NOT_BUILT))
        self._line.setText(card_line(i18n, card) if card else "")
        self._line.setVisible(card is not None)
        self._facts.setText(self._facts_of(status))
        self._facts.setVisible(bool(self._facts.text()))
        reason = why(i18n, status.detail) if status else ""
        self._why.setText(reason)
        # The engine's own sentence is English, and has the figures.
        english = self._i18n.language is Language.EN
        self._why.setToolTip(status.detail if status and english else reason)
        self._why.setVisible(bool(reason))
        self._render_problem(status)

    def _render_problem(self, status: ModelState | None) -> None:
        failed = status is not None and status.state is EngineState.FAILED
        told = [self._i18n(Key.ENGINE_OTHER_MODEL), status.problem] if status and status.problem else []
        told += [status.detail] if failed and status else []
        self._problem.setText("\n".join(in_words(self._i18n, one) for one in told))
        self._problem.setVisible(bool(told))
        starter = self._presenter.starter if self._role == "reply" else None
        self.fall_back.setVisible(starter is not None)
        if starter is not None:
            self.fall_back.setText(self._i18n(Key.MODELS_FALL_BACK, name=starter.name))

    def _facts_of(self, status: ModelState | None) -> str:
        if status is None or status.state is not EngineState.READY:
            return ""
        i18n = self._i18n
        device = i18n(DEVICES[status.device]) if status.device in DEVICES else status.device.upper()
        facts = [i18n(Key.MODELS_RUNS_ON, device=device)]
        if status.memory_mb:
            facts.append(i18n(Key.MODELS_MEMORY, size=f"{status.memory_mb:,.0f} MB"))
        step = self._presenter.steps.get(SPEEDS.get(self._role, Part.FILES))
        if self._role in SPEEDS and step is not None and step.outcome is Outcome.PASSED:
            facts.append(speed(i18n, step))
        return " · ".join(facts)

    def _fall_back(self) -> None:
        if self._presenter.starter is not None:
            self._presenter.use(self._presenter.starter)


class TestCard(QFrame):
    """The self-test with its progress; a part that failed says why."""

    def __init__(self, presenter: ModelsPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("card")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._title, self._hint = label("heading"), label("muted", wrap=True)
        self.run = button("primary", presenter.test)
        self.cancel = button("", presenter.cancel_test)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.cancel)
        head.addWidget(self.run)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        self._lines = {}
        for row, part in enumerate(Part):
            mark, text = label(), label(wrap=True)
            grid.addWidget(mark, row, 0)
            grid.addWidget(text, row, 1)
            self._lines[part] = (mark, text)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._hint)
        column.addWidget(self.bar)
        column.addLayout(grid)

    def render_card(self) -> None:
        """Show how far it is."""
        i18n, presenter = self._i18n, self._presenter
        self._title.setText(i18n(Key.MODELS_TEST))
        self._hint.setText(i18n(Key.MODELS_TEST_HINT))
        self.run.setText(i18n(Key.MODELS_TEST_RUN))
        self.cancel.setText(i18n(Key.PICKER_CANCEL))
        testing = presenter.testing
        keyboard_here = self.run.hasFocus() or self.cancel.hasFocus()
        self.cancel.setVisible(testing)
        self.run.setVisible(not testing)
        if keyboard_here:  # it stays with whichever of the two is there
            (self.cancel if testing else self.run).setFocus()
        files = presenter.steps.get(Part.FILES)
        ended = sum(step.outcome is not Outcome.RUNNING for step in presenter.steps.values())
        share = files.done / files.total if files and files.total and files.outcome is Outcome.RUNNING else 0.0
        self.bar.setRange(0, 400)
        self.bar.setValue(int(100 * (ended + share)))
        self.bar.setAccessibleName(i18n(Key.MODELS_TEST))
        self.bar.setVisible(testing)
        for part, (mark, text) in self._lines.items():
            step = presenter.steps.get(part)
            icon, token = OUTCOMES[step.outcome] if step else ("ring", "text_faint")
            mark.setPixmap(self._look.pixmap(icon, token, 14))
            told = [i18n(PARTS[part])]
            if step is not None and step.outcome is Outcome.PASSED and (figure := speed(i18n, step)):
                told.append(figure)
            if step is not None and step.problem:
                told.append(in_words(i18n, step.problem))
            text.setText(" · ".join(told))
            set_property(text, "tone", "bad" if step and step.outcome is Outcome.FAILED else "")


class ModelRow(QWidget):
    """A model on this machine, with what can be done with it."""

    def __init__(
        self, card: ModelCard, presenter: ModelsPresenter, i18n: I18n, *, ask_removal: Callable[[ModelCard], object]
    ) -> None:
        super().__init__()
        self.card = card
        name, line = label("strong"), label("muted", wrap=True)
        name.setText(card.name)
        line.setText(card_line(i18n, card))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(name)
        if card.active:
            head.addWidget(chip(i18n(Key.MODELS_ACTIVE), "good"))
        head.addStretch()
        self.buttons = []
        for key, act, offered in (
            (Key.MODELS_USE, lambda: presenter.use(card), not card.active and not card.shipped),
            (Key.MODELS_LEAVE, lambda: presenter.leave(card), card.active and card.kind == "reranker"),
            (Key.MODELS_REMOVE, lambda: ask_removal(card), card.own),
        ):
            if offered and not (key is Key.MODELS_USE and card.kind == "adapter"):
                made = button("quiet", act)
                made.setText(i18n(key))
                made.setAccessibleName(f"{i18n(key)}: {card.name}")
                head.addWidget(made)
                self.buttons.append(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 6)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(line)


def speed(i18n: I18n, step: SelfTestStep) -> str:
    """How fast a part was; "" where nothing was measured."""
    told = []
    if step.milliseconds is not None:
        key = {
            Part.READING: Key.MODELS_SPEED_READING,
            Part.SEARCHING: Key.MODELS_SPEED_SEARCHING,
            Part.WRITING: Key.MODELS_SPEED_FIRST,
        }[step.part]
        told.append(i18n(key, ms=f"{step.milliseconds:,.0f}"))
    if step.tokens_per_second is not None:
        told.append(i18n(Key.MODELS_SPEED_WRITING, tokens=f"{step.tokens_per_second:,.1f}"))
    return " · ".join(told)
