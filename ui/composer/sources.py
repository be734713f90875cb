"""The passages under a suggestion: one line each, unfolded on a click to show the passage in its place."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from agent_assist.domain.suggestion import Source
from ui.composer.presenter import ComposerPresenter, Place
from ui.i18n import I18n
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, clear_layout, label

EXCERPT_CHARS = 90


class SourceList(QWidget):
    """Shows the presenter's sources and which of them are unfolded."""

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
        state = (sources, dict(places))
        if state == self._shown and not anew:
            return
        self._shown = state
        clear_layout(self._layout)
        for number, source in enumerate(sources):
            self._layout.addWidget(self._row(number, source, open_=number in places, place=places.get(number)))

    def _row(self, number: int, source: Source, *, open_: bool, place: Place | None) -> QFrame:
        row = QFrame()
        row.setObjectName("sourceRow")
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        head = button("", lambda: self._presenter.expand(number))
        head.setObjectName("sourceTitle")
        head.setIcon(self._look.icon("chevron-down" if open_ else "chevron-right", "text_faint", 14))
        excerpt = " ".join(source.passage.split())[:EXCERPT_CHARS]
        head.setText(source.title if open_ else f"{source.title}  —  {excerpt}")
        head.setAccessibleName(self._i18n(Key.SUGGESTION_SOURCE, n=number + 1, title=source.title))
        head.setToolTip(source.title)
        head.setMinimumWidth(40)
        layout.addWidget(head)
        if open_:
            self._add_passage(layout, source, place)
        return row

    def _add_passage(self, layout: QVBoxLayout, source: Source, place: Place | None) -> None:
        where, passage = label("faint"), label("", wrap=True, selectable=True)
        passage.setObjectName("passage")
        if place is None:
            where.setText(self._i18n(Key.SUGGESTION_PLACE_LOADING))
            passage.setText(source.passage)
        else:
            where.setText(self._i18n(Key.SUGGESTION_PLACE, start=source.start, end=source.end))
            before = f"…{place.before.lstrip()}" if place.before.strip() else ""
            after = f"{place.after.rstrip()}…" if place.after.strip() else ""
            passage.setText("\n".join(part for part in (before, f"▌{place.passage}", after) if part))
        layout.addWidget(passage)
        layout.addWidget(where)
