"""The draft beside what the agent made of it: what was added, what was taken out."""

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from agent_assist.domain.article_versions import DiffKind
from ui.composer.presenter import ComposerPresenter
from ui.difference_text import insert_pieces
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.fit_scroll import FitScroll
from ui.widgets.flat_text import FlatText


class ComparisonPanel(QFrame):
    """Hidden unless the presenter compares; shows its `differences` as they stand."""

    def __init__(self, presenter: ComposerPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("rewritePanel")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self._shown: object = None
        self._texts.bind(self.setAccessibleName, Key.COMPARISON_TITLE)
        self.title, self.counts = label("section"), label("faint")
        self._texts.bind(self.title.setText, Key.COMPARISON_TITLE)
        self.text = FlatText()
        self._texts.bind(self.text.setAccessibleName, Key.COMPARISON_TITLE)
        self.close_it = button("quiet", presenter.comparison.stop)
        self._texts.bind(self.close_it.setText, Key.DRAFTING_CLOSE)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addWidget(self.counts, 1)
        head.addWidget(self.close_it)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(FitScroll(self.text), 1)
        look.changed.connect(self._anew)
        self.hide()

    def render_comparison(self) -> None:
        """Show the present state; nothing is laid out again while it stays the same."""
        pieces = self._presenter.comparison.differences()
        self.setVisible(pieces is not None)
        if pieces is None or pieces == self._shown:
            return
        self._shown = pieces
        added = sum(len(one.text) for one in pieces if one.kind is DiffKind.ADDED)
        removed = sum(len(one.text) for one in pieces if one.kind is DiffKind.REMOVED)
        same = added == removed == 0
        key = Key.COMPARISON_SAME if same else Key.COMPARISON_COUNTS
        self.counts.setText(self._i18n(key, added=added, removed=removed))
        self.text.clear()
        insert_pieces(QTextCursor(self.text.document()), pieces, self._look, whole=True)
        self.text.fit()

    def _anew(self) -> None:
        self._shown = None
        self.render_comparison()
