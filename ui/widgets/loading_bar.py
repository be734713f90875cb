"""The bar that offers to load the models anew, where a setting or a model takes effect only then."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.i18n import I18n, Texts
from ui.text_keys import Key
from ui.widgets.basics import button, label


class LoadingBar(QFrame):
    """A sentence, and the button `load` that does it."""

    def __init__(self, i18n: I18n, load: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("offer")
        self._texts = Texts(i18n)
        text = label(wrap=True)
        self._texts.bind(text.setText, Key.SETTINGS_NEEDS_LOADING)
        self.load = button("primary", load)
        self._texts.bind(self.load.setText, Key.MODELS_LOAD)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 24, 8)
        row.addWidget(text, 1)
        row.addWidget(self.load)
