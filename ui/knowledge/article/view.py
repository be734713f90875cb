"""The reading pane: what an article is, what it says, its versions, and the replies that rest on it."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from agent_assist.domain.knowledge import ArticleStatus
from ui.actions import Actions
from ui.i18n import I18n, Texts
from ui.knowledge.article.cited import CitedView
from ui.knowledge.article.facts import FactsView
from ui.knowledge.article.presenter import ArticlePresenter, Side
from ui.knowledge.article.rich import RichArticle
from ui.knowledge.article.versions import VersionsView
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import EmptyState, button, label
from ui.widgets.flow import FlowLayout
from ui.widgets.safe_text import SafeText

SIDES = {Side.TEXT: Key.KB_SIDE_TEXT, Side.VERSIONS: Key.KB_SIDE_VERSIONS, Side.CITED: Key.KB_SIDE_CITED}
REVIEWS = {
    ArticleStatus.APPROVED: ("approve_article", Key.KB_APPROVE, "check"),
    ArticleStatus.BLOCKED: ("block_article", Key.KB_BLOCK, "close"),
    ArticleStatus.DRAFT: ("draft_article", Key.KB_TO_DRAFT, "undo"),
}


class ArticleView(QFrame):
    """Shows an `ArticlePresenter`; `restored` and `ticket_asked` pass on what its sides ask for."""

    restored = Signal(int)
    ticket_asked = Signal(str)

    def __init__(self, presenter: ArticlePresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._look, self._i18n, self._actions = presenter, look, i18n, actions
        self._texts = Texts(i18n)
        self._shown: object = None
        self.text = SafeText()
        self.text.setObjectName("padded")
        self._texts.bind(self.text.setAccessibleName, Key.KB_FIELD_TEXT)
        self._rich = RichArticle(self.text, look)
        self.facts = FactsView(look, i18n)
        self.versions = VersionsView(presenter, look, i18n)
        self.versions.restored.connect(self.restored)
        self.cited = CitedView(presenter, look, i18n)
        self.cited.ticket_asked.connect(self.ticket_asked)
        self._empty = EmptyState(look, "book")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._empty)
        layout.addWidget(self._make_body())
        presenter.changes.subscribe(self.render_article)
        i18n.changes.subscribe(self._anew)
        look.changed.connect(self._anew)
        self._anew()

    def render_article(self) -> None:
        """Show the presenter's state."""
        version = self._presenter.version
        self._body.setVisible(version is not None)
        self._empty.setVisible(version is None)
        if version is None:
            self._shown = None
            missing = self._presenter.missing
            self._empty.set_texts(
                self._i18n(Key.KB_GONE_TITLE if missing else Key.KB_NONE_TITLE),
                self._i18n(Key.KB_GONE_HINT if missing else Key.KB_NONE_HINT),
            )
            return
        article = version.article
        self.title.setText(article.title)
        self.facts.show_version(version)
        for status, made in self.reviews.items():
            made.setVisible(not version.deleted and status is not article.status)
        for made in (self.edit, self.delete):
            made.setVisible(not version.deleted)
        self._render_text()
        side = self._presenter.side
        self._tabs[side].setChecked(True)
        self._sides.setCurrentIndex(list(SIDES).index(side))
        if side is Side.VERSIONS:
            self.versions.render_versions()
        elif side is Side.CITED:
            self.cited.render_cited()

    def _make_body(self) -> QWidget:
        self.title = label("display", wrap=True, selectable=True)
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(18, 14, 18, 10)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.facts)
        column.addWidget(self._make_buttons())
        column.addWidget(self._make_tabs())
        self._sides = QStackedWidget()
        for side in (self.text, self.versions, self.cited):
            self._sides.addWidget(side)
        column.addWidget(self._sides, 1)
        return self._body

    def _make_buttons(self) -> QWidget:
        box = QWidget()
        row = FlowLayout(box, spacing=8)
        self.edit = button("primary", lambda: self._actions.trigger("edit_article"))
        self.delete = button("quiet", lambda: self._actions.trigger("delete_article"))
        self.reviews: dict[ArticleStatus, QPushButton] = {}
        self._named: list[tuple[QPushButton, str]] = [(self.edit, "edit_article"), (self.delete, "delete_article")]
        self._texts.bind(self.edit.setText, Key.KB_EDIT)
        self._texts.bind(self.delete.setText, Key.KB_DELETE)
        row.addWidget(self.edit)
        for status, (action, key, _icon) in REVIEWS.items():
            made = button("", partial(self._actions.trigger, action))
            self._texts.bind(made.setText, key)
            self.reviews[status] = made
            self._named.append((made, action))
            row.addWidget(made)
        row.addWidget(self.delete)
        return box

    def _make_tabs(self) -> QWidget:
        group = QButtonGroup(self)
        self._tabs: dict[Side, QPushButton] = {}
        box = QFrame()
        box.setObjectName("paneHeader")
        row = FlowLayout(box, spacing=14)
        for side, key in SIDES.items():
            tab = button("tab", partial(self._presenter.show, side))
            tab.setCheckable(True)
            self._texts.bind(tab.setText, key)
            group.addButton(tab)
            self._tabs[side] = tab
            row.addWidget(tab)
        return box

    def _render_text(self) -> None:
        version, span = self._presenter.version, self._presenter.span
        state = (version, span)
        if state == self._shown or version is None:
            return
        self._shown = state
        self._rich.show(version.article)
        if span is not None:
            self._rich.mark(span.start, span.end)

    def _anew(self) -> None:
        self._shown = None
        self.edit.setIcon(self._look.icon("edit", "on_accent"))
        for status, made in self.reviews.items():
            _action, _key, icon = REVIEWS[status]
            made.setIcon(self._look.icon(icon))
        for made, action in self._named:
            made.setToolTip(self._actions.tooltip(action))
        self.render_article()
        if self._presenter.version is not None:
            self.versions.render_versions(anew=True)
