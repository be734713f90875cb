"""Gaps of the knowledge: what customers ask and no article answers, the most frequent first."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from agent_assist.domain.gaps import Gap
from ui.i18n import I18n, Texts
from ui.knowledge.gaps.presenter import GapsPresenter
from ui.knowledge.waiting import WaitingLine
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import EmptyState, button, chip, clear_layout, label
from ui.widgets.flow import FlowLayout
from ui.widgets.scroll_column import ScrollColumn
from ui.words import percent

SHOWN = 80


class GapsView(QFrame):
    """Shows a `GapsPresenter`; `opened` carries the id of an article, `ticket_asked` that of a ticket."""

    opened = Signal(str)
    ticket_asked = Signal(str)

    def __init__(self, presenter: GapsPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self._shown: object = None
        self.line = WaitingLine(look, i18n, again=presenter.load, cancel=presenter.cancel)
        self._empty = EmptyState(look, "chat")
        self._scroll = ScrollColumn(margins=(18, 12, 18, 12), spacing=10)
        self._column = self._scroll.column
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.line)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._scroll, 1)
        presenter.changes.subscribe(self.render_gaps)
        i18n.changes.subscribe(self._anew)
        look.changed.connect(self._anew)
        self._anew()

    def render_gaps(self) -> None:
        """Show the report."""
        presenter, report = self._presenter, self._presenter.report
        text = self._i18n(Key.KB_GAPS_COUNT, n=len(report.open), questions=report.questions) if report else ""
        self.line.show_state(text, busy=presenter.loading, progress=None)
        some = report is not None and bool(report.open or report.answered)
        self._scroll.setVisible(some)
        self._empty.setVisible(not some)
        self._empty.set_texts(
            self._i18n(Key.KB_GAPS_NONE_TITLE if report else Key.KB_GAPS_LOOKING),
            self._i18n(Key.KB_GAPS_NONE_HINT) if report else "",
        )
        if report is not self._shown:
            self._shown = report
            self._fill()

    def _fill(self) -> None:
        clear_layout(self._column)
        report = self._presenter.report
        if report is None:
            return
        for gap in report.open[:SHOWN]:
            self._column.addWidget(self._card(gap))
        if report.answered:
            head = label("section")
            head.setText(self._i18n(Key.KB_GAPS_ANSWERED, n=len(report.answered)))
            self._column.addWidget(head)
        for gap in report.answered[:SHOWN]:
            self._column.addWidget(self._card(gap))
        self._column.addStretch(1)

    def _card(self, gap: Gap) -> QFrame:
        box = QFrame()
        box.setObjectName("suggestionCard")
        column = QVBoxLayout(box)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(4)
        for text, tone in ((gap.name, "heading"), (gap.question, ""), (self._numbers(gap), "small")):
            line = label(tone, wrap=True, selectable=True)
            line.setText(text)
            column.addWidget(line)
        column.addWidget(self._links(gap))
        column.addWidget(self._buttons(gap))
        return box

    def _numbers(self, gap: Gap) -> str:
        parts = [
            self._i18n(Key.KB_GAP_ASKED, n=gap.count),
            self._i18n(Key.KB_GAP_TICKETS, n=gap.tickets, share=percent(gap.share)),
            self._i18n(Key.KB_GAP_WEEK, n=gap.last_week, before=gap.week_before),
        ]
        if gap.intent:
            parts.append(self._i18n.intent(gap.intent))
        return " · ".join(parts)

    def _links(self, gap: Gap) -> QWidget:
        holder = QWidget()
        row = FlowLayout(holder, spacing=10)
        if gap.examples:
            name = label("small")
            name.setText(self._i18n(Key.KB_GAP_EXAMPLES))
            row.addWidget(name)
        for ticket_id in gap.examples:
            made = button("link", partial(self.ticket_asked.emit, ticket_id))
            made.setText(ticket_id)
            row.addWidget(made)
        return holder

    def _buttons(self, gap: Gap) -> QWidget:
        holder = QWidget()
        row = FlowLayout(holder, spacing=8)
        if gap.answered_by is not None:
            row.addWidget(chip(self._i18n(Key.KB_GAP_NOW_ANSWERED), "good"))
        else:
            write = button("primary", partial(self._presenter.write, gap))
            write.setText(self._i18n(Key.KB_GAP_WRITE))
            row.addWidget(write)
            dismiss = button("", partial(self._presenter.dismiss, gap))
            dismiss.setText(self._i18n(Key.KB_GAP_DISMISS))
            row.addWidget(dismiss)
        near = gap.answered_by or gap.nearest
        if near is not None:
            title = near.title if len(near.title) <= 40 else near.title[:39] + "…"
            made = button("link", partial(self.opened.emit, near.doc_id))
            made.setText(self._i18n(Key.KB_GAP_NEAREST, title=title, score=percent(near.score)))
            made.setToolTip(near.title)
            row.addWidget(made)
        return holder

    def _anew(self) -> None:
        self._shown = None
        self.render_gaps()
