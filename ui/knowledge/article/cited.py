"""The replies that rest on an article."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from agent_assist.domain.feedback import FeedbackKind
from ui.i18n import I18n, Texts
from ui.knowledge.article.presenter import ArticlePresenter
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import EmptyState
from ui.words import clock

ACT_KEYS = {
    FeedbackKind.ACCEPTED: Key.ACT_ACCEPTED,
    FeedbackKind.EDITED: Key.ACT_EDITED,
    FeedbackKind.REJECTED: Key.ACT_REJECTED,
}
TICKET = Qt.ItemDataRole.UserRole


class CitedView(QWidget):
    """`ticket_asked` carries the id of the ticket to show."""

    ticket_asked = Signal(str)

    def __init__(self, presenter: ArticlePresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self._presenter, self._i18n = presenter, i18n
        self._texts = Texts(i18n)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self._texts.bind(self.list.setAccessibleName, Key.KB_SIDE_CITED)
        self.list.itemActivated.connect(lambda item: self.ticket_asked.emit(item.data(TICKET)))
        self.list.itemClicked.connect(lambda item: self.ticket_asked.emit(item.data(TICKET)))
        self._empty = EmptyState(look, "chat")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def render_cited(self) -> None:
        """Show the presenter's citations."""
        citations = self._presenter.citations
        self._empty.set_texts(
            self._i18n(Key.KB_CITED_LOADING if citations is None else Key.KB_CITED_EMPTY_TITLE),
            "" if citations is None else self._i18n(Key.KB_CITED_EMPTY_HINT),
        )
        self.list.clear()
        for citation in citations or ():
            when = clock(self._i18n, citation.at, datetime.now(UTC))
            act = ACT_KEYS.get(citation.act)
            head = " · ".join(part for part in (citation.ticket_id, self._i18n(act) if act else "", when) if part)
            item = QListWidgetItem(f"{head}\n{' '.join(citation.passage.split())}")
            item.setData(TICKET, citation.ticket_id)
            self.list.addItem(item)
        self._stack.setCurrentIndex(1 if citations else 0)
