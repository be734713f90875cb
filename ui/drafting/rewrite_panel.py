"""A text worded anew, beside the one it came from."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from agent_assist.domain.suggestion import Source, SourceKind
from agent_assist.domain.wording import Way, WayKind
from ui.composer.doubts import doubt_lines
from ui.drafting.presenter import DraftingPresenter, Rewrite
from ui.drafting.words import MANNER_KEYS, refusal_text, way_text
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, clear_layout, label
from ui.widgets.fit_scroll import FitScroll
from ui.widgets.flat_text import FlatText
from ui.widgets.flow import FlowLayout


class RewritePanel(QFrame):
    """Hidden until there is one. `take_asked` wants it in the editor, `article_asked` carries one to be read whole."""

    take_asked = Signal()
    article_asked = Signal(object)

    def __init__(self, presenter: DraftingPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("rewritePanel")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self._ways: tuple[Way, ...] = ()
        self._texts.bind(self.setAccessibleName, Key.DRAFTING_MENU)
        self.title, self.original_title = label("section", wrap=True), label("section")
        self._texts.bind(self.original_title.setText, Key.DRAFTING_ORIGINAL)
        self.text, self.original = FlatText(), FlatText()
        self._texts.bind(self.original.setAccessibleName, Key.DRAFTING_ORIGINAL)
        self.warning = label("warn", wrap=True)
        ways = QWidget()
        self._links = QVBoxLayout(ways)
        self._links.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.text, self.warning, ways, self.original_title, self.original):
            column.addWidget(part)
        self.room = FitScroll(inner)
        buttons = QWidget()
        row = FlowLayout(buttons, spacing=8)
        self.take = button("primary", self.take_asked.emit)
        self.close_it = button("quiet", presenter.close)
        self._texts.bind(self.take.setText, Key.DRAFTING_TAKE)
        row.addWidget(self.take)
        row.addWidget(self.close_it)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self.room, 1)
        layout.addWidget(buttons)

    def render_panel(self) -> None:
        """Show the rewrite there is."""
        rewrite = self._presenter.rewrite
        self.setVisible(rewrite is not None)
        if rewrite is None:
            return
        self.title.setText(self._title(rewrite))
        self.text.setAccessibleName(self.title.text())
        self.text.setVisible(bool(rewrite.text))
        self.text.set_plain(rewrite.text)
        self.original.set_plain(rewrite.original)
        for part in (self.original_title, self.original):
            part.setVisible(rewrite.refusal is None)
        warning = self._warning(rewrite)
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        self._render_ways(rewrite.refusal.ways if rewrite.refusal else ())
        self.take.setVisible(rewrite.done is not None)
        self.close_it.setText(self._i18n(Key.DRAFTING_STOP if rewrite.writing else Key.DRAFTING_CLOSE))

    def _title(self, rewrite: Rewrite) -> str:
        manner = self._i18n(MANNER_KEYS[rewrite.manner])
        if rewrite.writing:
            return self._i18n(Key.DRAFTING_REWRITING, manner=manner, percent=round(100 * rewrite.share))
        return self._i18n(Key.DRAFTING_REWRITE, manner=manner)

    def _warning(self, rewrite: Rewrite) -> str:
        if rewrite.refusal is not None:
            return refusal_text(self._i18n, rewrite.refusal)
        if rewrite.done is None:
            return ""
        done, lines = rewrite.done, []
        if done.lost:
            lines.append(self._i18n(Key.DRAFTING_LOST, figures=", ".join(done.lost)))
        if done.added:
            lines.append(self._i18n(Key.DRAFTING_ADDED, figures=", ".join(done.added)))
        if rewrite.check.unsupported:
            lines.append(doubt_lines(self._i18n, done.text, rewrite.check.unsupported))
        return "\n".join(lines)

    def _render_ways(self, ways: tuple[Way, ...]) -> None:
        """A link for each article that helps; nothing is rebuilt while they stay the same."""
        if ways == self._ways:
            return
        self._ways = ways
        clear_layout(self._links)
        for way in ways:
            if way.doc_id:
                link = button("link", partial(self.article_asked.emit, _source(way)))
                link.setText(way_text(self._i18n, way))
                self._links.addWidget(link, alignment=Qt.AlignmentFlag.AlignLeft)


def _source(way: Way) -> Source:
    kind = SourceKind.ARTICLE
    assert way.kind in (WayKind.APPROVED_TEXT, WayKind.MACRO, WayKind.ARTICLE)
    return Source(doc_id=way.doc_id, title=way.title, passage=way.text, start=0, end=len(way.text), kind=kind)
