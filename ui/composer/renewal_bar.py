"""The line over the card that says that a draft was withdrawn, and why; the withdrawn one unfolds beneath it."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.composer.presenter import ComposerPresenter, Phase
from ui.composer.renewal import Why
from ui.i18n import I18n
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.flat_text import FlatText

UNDER_WAY = {
    Why.MESSAGE: Key.RENEWAL_MESSAGE,
    Why.KNOWLEDGE: Key.RENEWAL_KNOWLEDGE,
    Why.ORDER: Key.RENEWAL_ORDER,
}
DONE = {
    Why.MESSAGE: Key.RENEWED_MESSAGE,
    Why.KNOWLEDGE: Key.RENEWED_KNOWLEDGE,
    Why.ORDER: Key.RENEWED_ORDER,
}


class RenewalBar(QWidget):
    """Shows the presenter's `renewal`; hidden where nothing was withdrawn."""

    def __init__(self, presenter: ComposerPresenter, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self._presenter, self._i18n, self._actions = presenter, i18n, actions
        self.said = label("warn", wrap=True)
        self.look = button("link", lambda: actions.trigger("look_back"))
        self.earlier = FlatText()
        self.earlier.setObjectName("passage")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.said, 1)
        line.addWidget(self.look)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.earlier)

    def render_bar(self) -> None:
        """Show the present state."""
        renewal = self._presenter.renewal
        self.setVisible(renewal.why is not None)
        if renewal.why is None:
            return
        busy = self._presenter.phase in (Phase.SEARCHING, Phase.WRITING, Phase.AWAY)
        self.said.setText(self._i18n((UNDER_WAY if busy else DONE)[renewal.why]))
        self.look.setText(self._i18n(Key.RENEWAL_HIDE if renewal.looking else Key.RENEWAL_LOOK))
        self.look.setAccessibleName(self.look.text())
        self.look.setToolTip(self._actions.tooltip("look_back"))
        self.earlier.setAccessibleName(self._i18n(Key.RENEWAL_EARLIER))
        self.earlier.setVisible(renewal.looking)
        if renewal.looking:
            self.earlier.set_plain(renewal.earlier)
