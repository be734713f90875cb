"""The parts of the knowledge screen that are made when they are first entered."""

from typing import TYPE_CHECKING

from agent_assist.domain.conflicts import ConflictSide
from agent_assist.domain.knowledge import Hit
from ui.knowledge.article.presenter import Span
from ui.knowledge.conflicts.view import ConflictsView
from ui.knowledge.editor.view import EditorView
from ui.knowledge.gaps.view import GapsView
from ui.knowledge.sources.view import SourcesView
from ui.knowledge.trial.view import TrialView

if TYPE_CHECKING:
    from ui.knowledge.view import KnowledgeView


def editor(screen: "KnowledgeView") -> EditorView:
    """An article as it is written."""
    return EditorView(screen.presenter.editor, screen.look, screen.i18n, screen.table)


def conflicts(screen: "KnowledgeView") -> ConflictsView:
    """Articles that say different things."""
    presenter = screen.presenter

    def open_side(side: object) -> None:
        if isinstance(side, ConflictSide):
            presenter.open(side.doc_id, Span(side.start, side.end))

    view = ConflictsView(presenter.conflicts, screen.look, screen.i18n)
    view.opened.connect(open_side)
    return view


def gaps(screen: "KnowledgeView") -> GapsView:
    """Questions that nothing answers."""
    view = GapsView(screen.presenter.gaps, screen.look, screen.i18n)
    view.ticket_asked.connect(screen.ticket_asked)
    view.opened.connect(screen.presenter.open)
    return view


def sources(screen: "KnowledgeView") -> SourcesView:
    """Where articles come from."""
    return SourcesView(screen.presenter.sources, screen.look, screen.i18n, screen.table)


def trial(screen: "KnowledgeView") -> TrialView:
    """The search, tried."""
    presenter = screen.presenter

    def open_hit(hit: object) -> None:
        if isinstance(hit, Hit):
            presenter.open(hit.passage.doc_id, Span(hit.passage.start, hit.passage.end))

    view = TrialView(presenter.trial, screen.look, screen.i18n)
    view.opened.connect(open_hit)
    return view
