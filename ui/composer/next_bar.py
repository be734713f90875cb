"""The line under the suggestion that says what to do beside the reply, and why; a form unfolds beneath it."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from agent_assist.domain.next_action import NOTES, action_fields, action_name, action_reason
from ui.actions import Actions
from ui.composer.next_step import NextStep
from ui.i18n import I18n
from ui.text_keys import Key
from ui.widgets.basics import button, label


class NextBar(QWidget):
    """Shows a `NextStep`; hidden where there is nothing to do."""

    def __init__(self, step: NextStep, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self._step, self._i18n, self._actions = step, i18n, actions
        self.said = label("", wrap=True)
        self.do = button("", lambda: actions.trigger("next_step"))
        self.cancel = button("quiet", step.leave)
        self.form = label("muted", wrap=True, selectable=True)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.said, 1)
        line.addWidget(self.do)
        line.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.form)

    def render_bar(self) -> None:
        """Show the present state."""
        action, i18n = self._step.action, self._i18n
        self.setVisible(action is not None)
        if action is None:
            return
        name, reason = action_name(action.kind, i18n.language), action_reason(action, i18n.language)
        done, looking = self._step.done, self._step.looking
        self.said.setText(i18n(Key.NEXT_DONE if done else Key.NEXT_SAID, action=name, reason=reason))
        key = Key.NEXT_KEEP if looking else Key.NEXT_FORM if action.kind in NOTES else Key.NEXT_WRITE
        self.do.setText(i18n(key))
        self.do.setAccessibleName(f"{self.do.text()}: {name}")
        self.do.setToolTip(self._actions.tooltip("next_step"))
        self.do.setVisible(not done)
        self.cancel.setText(i18n(Key.NEXT_CANCEL))
        self.cancel.setVisible(looking)
        lines = [f"{name_}: {value}" for name_, value in action_fields(action, i18n.language)]
        self.form.setText("\n".join([i18n(Key.NEXT_PREFILLED), *lines]) if looking else "")
        self.form.setVisible(looking)
