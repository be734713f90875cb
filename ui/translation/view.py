"""The translation beneath a message: its text, how far it is, or why there is none."""

from PySide6.QtWidgets import QFrame, QVBoxLayout

from agent_assist.domain.language import Language
from ui.drafting.words import refusal_text
from ui.i18n import I18n
from ui.text_keys import Key
from ui.translation.presenter import Translation
from ui.widgets.basics import label
from ui.widgets.flat_text import FlatText

LANGUAGE_KEYS = {Language.ZH: Key.THREAD_LANGUAGE_ZH, Language.EN: Key.THREAD_LANGUAGE_EN}


class TranslationView(QFrame):
    """Shows a `Translation`; hidden without one."""

    def __init__(self, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("translation")
        self._i18n = i18n
        self._head, self._remark = label("faint", wrap=True), label("warn", wrap=True)
        self.text = FlatText()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(2)
        for part in (self._head, self.text, self._remark):
            layout.addWidget(part)

    def show_translation(self, translation: Translation | None) -> None:
        """Show it as far as it is."""
        self.setVisible(translation is not None)
        if translation is None:
            return
        head = self._i18n(Key.TRANSLATION_TITLE, language=self._i18n(LANGUAGE_KEYS[translation.language]))
        if translation.writing:
            head = self._i18n(Key.TRANSLATION_WRITING, percent=round(100 * translation.share))
        self._head.setText(head)
        self._head.setVisible(translation.writing or bool(translation.text))
        self.text.set_plain(translation.text)
        self.text.setAccessibleName(head)
        self.text.setVisible(bool(translation.text))
        remark = self._remark_of(translation)
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))

    def _remark_of(self, translation: Translation) -> str:
        if translation.refusal is not None:
            return refusal_text(self._i18n, translation.refusal)
        if translation.away:
            return self._i18n(Key.TRANSLATION_AWAY)
        if translation.doubts:
            return self._i18n(Key.TRANSLATION_DOUBT, figures=", ".join(translation.doubts))
        return ""
