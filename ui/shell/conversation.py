"""The presenters of an open ticket, each made of the desk when it is first asked for. No Qt."""

from typing import TYPE_CHECKING

from ui.attachments.presenter import AttachmentPresenter
from ui.card.presenter import CardPresenter
from ui.composer.presenter import ComposerPresenter
from ui.drafting.presenter import DraftingPresenter
from ui.log.presenter import LogPresenter
from ui.notes.presenter import NotePresenter
from ui.side.presenter import SidePresenter
from ui.summary.presenter import SummaryPresenter
from ui.thread.presenter import ThreadPresenter
from ui.translation.presenter import TranslationPresenter

if TYPE_CHECKING:
    from ui.shell.presenter import DeskPresenter


def thread(desk: "DeskPresenter") -> ThreadPresenter:
    """The messages, and what was read in them."""
    return ThreadPresenter(desk.services.tickets, desk.services.feedback, desk.scope(), recorded=desk.recorded)


def composer(desk: "DeskPresenter") -> ComposerPresenter:
    """The suggestion and the reply."""
    services = desk.services
    return ComposerPresenter(
        tickets=services.tickets,
        suggestions=services.suggestions,
        feedback=services.feedback,
        reply_checks=services.reply_checks,
        canned=services.canned,
        knowledge=services.knowledge,
        scope=desk.scope(),
        recorded=desk.recorded,
        gone=desk.go_on,
        typing=services.prefetch.typing,
    )


def drafting(desk: "DeskPresenter") -> DraftingPresenter:
    """Candidates, hints and rewrites."""
    services = desk.services
    return DraftingPresenter(
        composer=desk.composer,
        suggestions=services.suggestions,
        rewriting=services.rewriting,
        scope=desk.scope(),
    )


def summary(desk: "DeskPresenter") -> SummaryPresenter:
    """The thread in short."""
    return SummaryPresenter(desk.services.summaries, desk.scope())


def card(desk: "DeskPresenter") -> CardPresenter:
    """An order or a product."""
    return CardPresenter(desk.services.lookup, desk.scope())


def side(desk: "DeskPresenter") -> SidePresenter:
    """Customer and similar tickets."""
    services = desk.services
    return SidePresenter(
        services.customers, services.similar, desk.scope(), open_ticket=desk.inbox.select, pause=desk.refresh_pause
    )


def notes(desk: "DeskPresenter") -> NotePresenter:
    """Notes among colleagues."""
    services = desk.services
    return NotePresenter(
        services.feedback, services.tickets, desk.scope(), recorded=desk.recorded, undone=desk.taken_back
    )


def translations(desk: "DeskPresenter") -> TranslationPresenter:
    """Messages in the agent's language."""
    return TranslationPresenter(desk.services.rewriting, desk.scope())


def attachments(desk: "DeskPresenter") -> AttachmentPresenter:
    """Files that came with messages."""
    return AttachmentPresenter(desk.services.attachments, desk.scope(), saved=desk.file_saved)


def log(desk: "DeskPresenter") -> LogPresenter:
    """What was done, and what the models learn from."""
    made = LogPresenter(desk.services.feedback, desk.scope())
    made.undone_changes.subscribe(desk.undone_in_log)
    return made
