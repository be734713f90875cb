"""The list of articles with its filters, what is unsaved, and what can be done with several at once."""

from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.i18n import I18n, Texts
from ui.knowledge.acts import Acts
from ui.knowledge.catalogue.filters import CatalogueFilters
from ui.knowledge.catalogue.presenter import CataloguePresenter, Shelf
from ui.knowledge.catalogue.table import ArticleTable
from ui.knowledge.editor.presenter import EditorPresenter
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import EmptyState, button, clear_layout, label
from ui.widgets.elided import ElidedLabel
from ui.widgets.flow import padded_flow

UNSAVED_SHOWN = 3
# What is said of an empty shelf, and what to do.
EMPTY = {
    Shelf.REVIEW: (Key.KB_EMPTY_REVIEW_TITLE, Key.KB_EMPTY_REVIEW_HINT),
    Shelf.EXPIRING: (Key.KB_EMPTY_EXPIRING_TITLE, Key.KB_EMPTY_EXPIRING_HINT),
    Shelf.EXPIRED: (Key.KB_EMPTY_EXPIRED_TITLE, Key.KB_EMPTY_EXPIRED_HINT),
    Shelf.BLOCKED: (Key.KB_EMPTY_BLOCKED_TITLE, Key.KB_EMPTY_BLOCKED_HINT),
}


class CatalogueView(QFrame):
    """The left half of the articles."""

    def __init__(
        self,
        presenter: CataloguePresenter,
        acts: Acts,
        editor: EditorPresenter,
        look: Look,
        i18n: I18n,
        actions: Actions,
    ) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._acts, self._editor = presenter, acts, editor
        self._look, self._i18n, self._actions = look, i18n, actions
        self._texts = Texts(i18n)
        self.filters = CatalogueFilters(self._presenter, look, i18n)
        self.table = ArticleTable(self._presenter, look, i18n, self._actions.keymap)
        self._texts.bind(self.table.setAccessibleName, Key.KB_LIST)
        self.empty = self._make_empty()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self._unsaved = QWidget()
        self._unsaved_row = QVBoxLayout(self._unsaved)
        self._unsaved_row.setContentsMargins(14, 6, 14, 6)
        self._unsaved_row.setSpacing(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.filters, self._unsaved):
            layout.addWidget(part)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._make_bulk())
        self._connect()
        self._anew()

    def focus_list(self) -> None:
        """Put the keyboard onto the list, on its first row where none is chosen."""
        self.table.setFocus()
        self.table.choose_first()

    def _connect(self) -> None:
        self.table.acted.connect(self._actions.trigger)
        self.table.selectionModel().selectionChanged.connect(self._render_bulk)
        self.filters.leave.connect(self.focus_list)
        self._presenter.counted.subscribe(self._render)
        self._presenter.tallied.subscribe(self._render)
        self._acts.moved.subscribe(self._render_bulk)
        self._editor.changes.subscribe(self._render_unsaved)
        self._i18n.changes.subscribe(self._anew)
        self._look.changed.connect(self._anew)

    def _make_empty(self) -> EmptyState:
        empty = EmptyState(self._look, "book")
        self._add = button("primary", lambda: self._actions.trigger("add_knowledge"))
        self._write = button("", lambda: self._actions.trigger("new_article"))
        self._clear = button("", self.filters.clear)
        for made, key in (
            (self._add, Key.ACTION_ADD_KNOWLEDGE),
            (self._write, Key.ACTION_NEW_ARTICLE),
            (self._clear, Key.INBOX_CLEAR),
        ):
            self._texts.bind(made.setText, key)
            empty.add_button(made)
        return empty

    def _make_bulk(self) -> QFrame:
        self._bulk = QFrame()
        self._bulk.setObjectName("sunken")
        self._chosen = label("strong")
        self._cancel = button("", self._acts.cancel)
        self._texts.bind(self._cancel.setText, Key.KB_CANCEL)
        row = padded_flow(self._bulk, 8, side=14)
        row.addWidget(self._chosen)
        self._bulk_buttons = []
        for action, key in (
            ("approve_article", Key.KB_APPROVE),
            ("block_article", Key.KB_BLOCK),
            ("draft_article", Key.KB_TO_DRAFT),
            ("delete_article", Key.KB_DELETE),
        ):
            made = button("", partial(self._actions.trigger, action))
            self._texts.bind(made.setText, key)
            self._texts.bind_call(partial(self._name, made, action))
            self._bulk_buttons.append(made)
            row.addWidget(made)
        row.addWidget(self._cancel)
        return self._bulk

    def _name(self, made: QWidget, action: str) -> None:
        made.setToolTip(self._actions.tooltip(action))

    def _anew(self) -> None:
        self.table.horizontalHeader().viewport().update()
        self.table.viewport().update()
        self._render()
        self._render_bulk()
        self._render_unsaved()

    def _render(self) -> None:
        some = self._presenter.total > 0 or not self._presenter.counts
        self._stack.setCurrentWidget(self.table if some else self.empty)
        if some:
            return
        nothing = self._presenter.empty
        self._add.setVisible(nothing)
        self._write.setVisible(nothing)
        self._clear.setVisible(self._presenter.filtered and not nothing)
        title, hint = Key.KB_EMPTY_TITLE, Key.KB_EMPTY_HINT
        if not nothing:
            title, hint = Key.KB_EMPTY_FILTER_TITLE, Key.KB_EMPTY_FILTER_HINT
            if not self._presenter.filtered:
                title, hint = EMPTY.get(self._presenter.shelf, (Key.KB_EMPTY_SHELF_TITLE, Key.KB_EMPTY_SHELF_HINT))
        self.empty.set_texts(self._i18n(title), self._i18n(hint))

    def _render_bulk(self) -> None:
        progress = self._acts.progress
        count = len(self.table.selected_rows())
        self._bulk.setVisible(count > 1 or progress is not None)
        for made in self._bulk_buttons:
            made.setVisible(progress is None)
        self._cancel.setVisible(progress is not None)
        if progress is not None:
            self._chosen.setText(self._i18n(Key.KB_DOING, n=progress[1], done=progress[0]))
        else:
            self._chosen.setText(self._i18n(Key.KB_CHOSEN, n=count))

    def _render_unsaved(self) -> None:
        editor = self._editor
        drafts = [draft for draft in editor.drafts if not editor.open or draft.key != editor.key]
        self._unsaved.setVisible(bool(drafts))
        clear_layout(self._unsaved_row)
        for draft in drafts[:UNSAVED_SHOWN]:
            title = draft.article.title or self._i18n(Key.KB_UNTITLED)
            made = button("link", partial(self._editor.resume, draft))
            made.setText(self._i18n(Key.KB_GO_ON))
            made.setAccessibleName(self._i18n(Key.KB_GO_ON_WITH, title=title))
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(ElidedLabel(self._i18n(Key.KB_UNSAVED, title=title), tone="warn"), 1)
            row.addWidget(made)
            self._unsaved_row.addWidget(line)
