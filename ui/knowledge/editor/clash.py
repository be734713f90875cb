"""Somebody else saved first: what they saved beside what is being written, and what can be done."""

from datetime import UTC, datetime

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.i18n import I18n, Texts
from ui.knowledge.article.differences import show_differences
from ui.knowledge.editor.presenter import EditorPresenter
from ui.knowledge.words import CAUSE_KEYS
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.flow import FlowLayout
from ui.widgets.safe_text import SafeText
from ui.words import clock


class ClashPanel(QFrame):
    """Shows `theirs` of an `EditorPresenter`; hidden while there is no clash."""

    def __init__(self, presenter: EditorPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("reasons")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self._sentence = label("warn", wrap=True)
        self._theirs_name, self._between = label("section"), label("section")
        self._texts.bind(self._theirs_name.setText, Key.KB_CLASH_THEIRS)
        self._texts.bind(self._between.setText, Key.KB_CLASH_BETWEEN)
        self.theirs, self.differences = SafeText(), SafeText()
        self._texts.bind(self.theirs.setAccessibleName, Key.KB_CLASH_THEIRS)
        self._texts.bind(self.differences.setAccessibleName, Key.KB_CLASH_BETWEEN)
        self.over = button("", presenter.save_over)
        self._texts.bind(self.over.setText, Key.KB_CLASH_OVER)
        self.mine = button("", presenter.discard)
        self._texts.bind(self.mine.setText, Key.KB_DISCARD)
        buttons = QWidget()
        row = FlowLayout(buttons, spacing=8)
        row.addWidget(self.over)
        row.addWidget(self.mine)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        for part in (self._sentence, self._theirs_name, self.theirs, self._between, self.differences, buttons):
            column.addWidget(part)
        self.hide()

    def render_clash(self) -> None:
        """Show or hide the clash."""
        theirs = self._presenter.theirs
        self.setVisible(theirs is not None)
        for text in (self.theirs, self.differences):
            text.setFixedHeight(self._look.scale.px(110))
        if theirs is None:
            return
        who = theirs.author or self._i18n(CAUSE_KEYS[theirs.cause])
        time = clock(self._i18n, theirs.at, datetime.now(UTC))
        key = Key.KB_CLASH_DELETED if theirs.deleted else Key.KB_CLASH
        self._sentence.setText(self._i18n(key, who=who, time=time, number=theirs.number))
        self.theirs.setPlainText(theirs.article.text)
        show_differences(self.differences, self._presenter.differences, self._look, self._i18n)
        self.over.setVisible(not theirs.deleted)
