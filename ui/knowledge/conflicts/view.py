"""Conflicts between articles: both passages side by side, what differs marked in each."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from agent_assist.domain.conflicts import Conflict, ConflictKind, ConflictSide
from ui.i18n import I18n, Texts
from ui.knowledge.conflicts.presenter import ConflictsPresenter, fact_places
from ui.knowledge.waiting import WaitingLine
from ui.look import Look
from ui.text_keys import Key
from ui.textpos import to_qt
from ui.widgets.basics import EmptyState, button, chip, clear_layout, label
from ui.widgets.elided import ElidedLabel
from ui.widgets.flat_text import FlatText
from ui.widgets.scroll_column import ScrollColumn

# More at a time would be slow to lay out, and nobody reads them in one go.
SHOWN = 60


class ConflictsView(QFrame):
    """Shows a `ConflictsPresenter`; `opened` carries the side that is to be shown as an article."""

    opened = Signal(object)

    def __init__(self, presenter: ConflictsPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self._shown: object = None
        self.line = WaitingLine(look, i18n, again=presenter.load, cancel=presenter.cancel)
        self._empty = EmptyState(look, "check")
        self._scroll = ScrollColumn(margins=(18, 12, 18, 12), spacing=12)
        self._column = self._scroll.column
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.line)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._scroll, 1)
        presenter.changes.subscribe(self.render_conflicts)
        i18n.changes.subscribe(self._anew)
        look.changed.connect(self._anew)
        self._anew()

    def render_conflicts(self) -> None:
        """Show what was found."""
        presenter, found = self._presenter, self._presenter.found
        self.line.show_state(
            self._i18n(Key.KB_CONFLICTS_COUNT, n=len(found)) if found is not None else "",
            busy=presenter.looking,
            progress=presenter.progress,
        )
        self._scroll.setVisible(bool(found))
        self._empty.setVisible(not found)
        looking = found is None
        self._empty.set_texts(
            self._i18n(Key.KB_CONFLICTS_LOOKING if looking else Key.KB_CONFLICTS_NONE_TITLE),
            self._i18n(Key.KB_CONFLICTS_LOOKING_HINT if looking else Key.KB_CONFLICTS_NONE_HINT),
        )
        if found is not self._shown:
            self._shown = found
            self._fill(found or ())

    def _fill(self, found: Sequence[Conflict]) -> None:
        clear_layout(self._column)
        for conflict in found[:SHOWN]:
            self._column.addWidget(self._card(conflict))
        if len(found) > SHOWN:
            more = label("muted", wrap=True)
            more.setText(self._i18n(Key.KB_CONFLICTS_MORE, n=len(found) - SHOWN))
            self._column.addWidget(more)
        self._column.addStretch(1)

    def _card(self, conflict: Conflict) -> QFrame:
        box = QFrame()
        box.setObjectName("suggestionCard")
        column = QVBoxLayout(box)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(6)
        head = QHBoxLayout()
        contradiction = conflict.kind is ConflictKind.CONTRADICTION
        kind = Key.KB_CONTRADICTION if contradiction else Key.KB_DUPLICATE
        head.addWidget(chip(self._i18n(kind), "bad" if contradiction else "warn"))
        facts = ElidedLabel(" · ".join(f"{fact.one} ≠ {fact.other}" for fact in conflict.facts), tone="strong")
        head.addWidget(facts, 1)
        dismiss = button("", partial(self._presenter.dismiss, conflict))
        dismiss.setText(self._i18n(Key.KB_DISMISS_CONFLICT))
        head.addWidget(dismiss)
        column.addLayout(head)
        sides = QHBoxLayout()
        sides.setSpacing(16)
        sides.addWidget(self._side(conflict.one, [fact.one for fact in conflict.facts]), 1)
        sides.addWidget(self._side(conflict.other, [fact.other for fact in conflict.facts]), 1)
        column.addLayout(sides)
        return box

    def _side(self, side: ConflictSide, facts: Sequence[str]) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        text = FlatText()
        text.setObjectName("passage")
        text.setAccessibleName(side.title)
        text.set_plain(side.passage)
        self._mark(text, side.passage, facts)
        open_ = button("link", partial(self.opened.emit, side))
        open_.setText(self._i18n(Key.KB_OPEN_ARTICLE))
        open_.setAccessibleName(f"{self._i18n(Key.KB_OPEN_ARTICLE)}: {side.title}")
        for part in (ElidedLabel(side.title, tone="strong"), text):
            column.addWidget(part)
        column.addWidget(open_, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return box

    def _mark(self, text: FlatText, passage: str, facts: Sequence[str]) -> None:
        tone = QTextCharFormat()
        tone.setBackground(self._look.colour("entity_money"))
        tone.setFontWeight(QFont.Weight.DemiBold)
        tone.setFontUnderline(True)
        cursor = QTextCursor(text.document())
        for start, end in fact_places(passage, facts):
            cursor.setPosition(to_qt(passage, start))
            cursor.setPosition(to_qt(passage, end), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(tone)

    def _anew(self) -> None:
        self._shown = ()
        self.render_conflicts()
