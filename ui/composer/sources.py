"""The passages under a suggestion: one line each, unfolded on a click to show the passage in its place."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from agent_assist.domain.suggestion import SentenceSource, Source, SourceKind
from ui.composer.presenter import ComposerPresenter, Phase, Place
from ui.i18n import I18n
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, clear_layout, label, set_property
from ui.widgets.elided import ElidedLabel
from ui.widgets.flat_text import FlatText

TITLE_CHARS = 32
_HEADINGS = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)


class SourceList(QWidget):
    """Shows the presenter's sources and which of them are unfolded; `article_asked` carries one to be read whole."""

    article_asked = Signal(object)

    def __init__(self, presenter: ComposerPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._shown: object = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    def render_sources(self, *, anew: bool = False) -> None:
        """Show the present sources; nothing is rebuilt while they stay the same."""
        sources, places = self._presenter.sources, self._presenter.places
        ready = self._presenter.phase is Phase.READY
        state = (sources, dict(places), self._presenter.phase, self._presenter.pointed)
        if state == self._shown and not anew:
            return
        self._shown = state
        clear_layout(self._layout)
        if sources or ready:
            count = label("section")
            key = Key.SUGGESTION_SOURCES if sources else Key.SUGGESTION_NO_SOURCES
            if self._presenter.phase is Phase.NONE:
                key = Key.SUGGESTION_LOOKED_AT
            count.setText(self._i18n(key, n=len(sources)))
            self._layout.addWidget(count)
        for number, source in enumerate(sources):
            self._layout.addWidget(self._row(number, source, unfolded=number in places, place=places.get(number)))

    def whole(self) -> bool:
        """Ask for the article of the source that is pointed at or folded out, or of the first one; False for none."""
        presenter = self._presenter
        pointed = presenter.pointed.source if presenter.pointed else None
        order = [
            number
            for number in (pointed, *sorted(presenter.places), *range(len(presenter.sources)))
            if number is not None
        ]
        article = next((one for one in order if presenter.sources[one].kind is not SourceKind.ORDER), None)
        if article is not None:
            self.article_asked.emit(presenter.sources[article])
        return article is not None

    def row(self, number: int) -> QWidget | None:
        """The widget of source `number`."""
        item = self._layout.itemAt(number + 1)  # below their count
        return item.widget() if item is not None else None

    def _row(self, number: int, source: Source, *, unfolded: bool, place: Place | None) -> QFrame:
        row = QFrame()
        row.setObjectName("sourceRow")
        pointed = self._presenter.pointed
        cited = pointed if pointed is not None and pointed.source == number else None
        set_property(row, "cited", cited is not None)
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 1, 0, 1)
        layout.setSpacing(4)
        head = button("", lambda: self._presenter.expand(number))
        head.setObjectName("sourceTitle")
        head.setIcon(self._look.icon("chevron-down" if unfolded else "chevron-right", "text_faint", 14))
        short = source.title if len(source.title) <= TITLE_CHARS else source.title[: TITLE_CHARS - 1] + "…"
        head.setText(short)
        head.setAccessibleName(self._i18n(Key.SUGGESTION_SOURCE, n=number + 1, title=source.title))
        head.setToolTip(source.title)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(head)
        line.addWidget(ElidedLabel("" if unfolded else _in_a_line(source.passage), tone="small"), 1)
        layout.addLayout(line)
        if unfolded:
            self._add_passage(layout, source, place, cited)
        return row

    def _add_passage(
        self, layout: QVBoxLayout, source: Source, place: Place | None, cited: SentenceSource | None
    ) -> None:
        shown = place or Place("", source.passage, "")
        text = FlatText()
        text.setObjectName("passage")
        text.setAccessibleName(source.title)
        before = f"…{shown.before.lstrip()}" if shown.before.strip() else ""
        after = f"{shown.after.rstrip()}…" if shown.after.strip() else ""
        cursor = QTextCursor(text.document())
        start, end = (cited.source_start - source.start, cited.source_end - source.start) if cited else (0, 0)
        pieces = (
            (before, "text_faint", False),
            (shown.passage[:start], "text", False),
            (shown.passage[start:end], "text", True),
            (shown.passage[end:], "text", False),
            (after, "text_faint", False),
        )
        for piece, token, told in pieces:
            tone = QTextCharFormat()
            tone.setForeground(self._look.colour(token))
            if told:
                tone.setBackground(self._look.colour("accent_soft"))
            cursor.insertText(piece, tone)
        text.fit()
        where = label("faint")
        where.setText(
            self._i18n(Key.SUGGESTION_PLACE, start=source.start, end=source.end)
            if place
            else self._i18n(Key.SUGGESTION_PLACE_LOADING)
        )
        layout.addWidget(text)
        layout.addWidget(where)
        if source.kind is not SourceKind.ORDER:
            whole = button("link", lambda: self.article_asked.emit(source))
            whole.setText(self._i18n(Key.KB_OPEN_ARTICLE))
            whole.setAccessibleName(f"{self._i18n(Key.KB_OPEN_ARTICLE)}: {source.title}")
            layout.addWidget(whole, alignment=Qt.AlignmentFlag.AlignLeft)


def _in_a_line(passage: str) -> str:
    """A passage without the marks of its headings, which mean nothing in a line."""
    return _HEADINGS.sub("", passage)
