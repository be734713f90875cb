"""`agent-assist rewrite` and `agent-assist summarise`: texts worded anew, and threads in four lines."""

from contextlib import aclosing
from typing import Any

import click

from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.language import Language
from agent_assist.domain.suggestion import Suggestion
from agent_assist.domain.summary import Summary
from agent_assist.domain.wording import Refusal, RefusalReason, Rewording, WayKind
from agent_assist.errors import EngineError, InputError, ModelTooSmallError
from agent_assist.services.rewriting import RewriteReady, RewriteRefused
from agent_assist.services.summaries import SummaryReady, SummaryRefused

LANGUAGES = click.Choice([language.value for language in Language])
_FAULTS = {
    RefusalReason.TOO_LONG: "the text has {tokens} tokens and it manages {limit}",
    RefusalReason.NOT_AT_ALL: "it cannot do this in that language",
    RefusalReason.FIGURES: "figures got lost or were made up ({figures})",
    RefusalReason.LANGUAGE: "its text was in the wrong language",
    RefusalReason.REPEATS: "its text repeated itself",
    RefusalReason.UNFINISHED: "its text came to no end",
    RefusalReason.MEANING: "its text said something else",
}
_WAYS = {
    WayKind.APPROVED_TEXT: "the reviewed text “{title}” ({doc_id})",
    WayKind.MACRO: "the macro “{title}” ({doc_id})",
    WayKind.ARTICLE: "the article “{title}” ({doc_id})",
    WayKind.SHORTER: "a shorter text",
    WayKind.LARGER_MODEL: "a larger model (`agent-assist models add FILE.gguf`)",
}


@click.command()
@click.option("--text", help="The text.")
@click.option(
    "--ticket", "ticket_id", metavar="ID", help="The reply to a ticket: your unsent text, else the suggestion."
)
@click.option("--manner", type=click.Choice([manner.value for manner in Rewording]), required=True, help="What to do.")
@click.option("--to", type=LANGUAGES, help="Language of a translation; the other one if left out.")
@pass_session
def rewrite(session: Session, text: str | None, ticket_id: str | None, manner: str, to: str | None) -> None:
    """Word a text anew: warmer, more formal, shorter, fuller, simpler, corrected, or translated."""
    if (text is None) == (ticket_id is None):
        raise click.UsageError("Give --text or --ticket, one of them.")

    async def work(app: App) -> RewriteReady:
        original, suggestion = (text, None) if text is not None else await _reply_to(app, ticket_id or "")
        steps = app.rewriting.rewrite(
            original or "",
            Rewording(manner),
            to=Language(to) if to else None,
            ticket_id=ticket_id or "",
            suggestion=suggestion,
        )
        async with aclosing(steps):
            async for step in steps:
                if isinstance(step, RewriteRefused):
                    raise too_small(step.refusal)
                if isinstance(step, RewriteReady):
                    return step
        raise EngineError("The text was not finished. Ask again.")

    _show_rewritten(session, session.run(work, engine=True))


@click.command()
@click.argument("ticket_id", metavar="TICKET")
@click.option("--language", type=LANGUAGES, help="Language of the summary; the customer's if left out.")
@click.option("--again", is_flag=True, help="Write it anew even where one is kept.")
@pass_session
def summarise(session: Session, ticket_id: str, language: str | None, again: bool) -> None:
    """Sum up TICKET: the customer's problem, what was done, what is open, the next step."""

    async def work(app: App) -> Summary:
        steps = app.summaries.summarise(ticket_id, language=Language(language) if language else None, again=again)
        async with aclosing(steps):
            async for step in steps:
                if isinstance(step, SummaryRefused):
                    raise too_small(step.refusal)
                if isinstance(step, SummaryReady):
                    return step.summary
        raise EngineError("The summary was not finished. Ask again.")

    summary = session.run(work, engine=True)
    if session.output.as_json:
        session.output.record(_summary_record(summary))
        return
    for name, line in summary.lines:
        session.output.say(f"{name:>8}  {line or '-'}")
    if summary.doubts:
        session.output.say(f"  ! in no message: {', '.join(summary.doubts)}")
    if summary.cut:
        session.output.say("  ! it was cut for want of room")


def too_small(refusal: Refusal) -> ModelTooSmallError:
    """The refusal as a sentence."""
    figures = ", ".join([*(f"lost {one}" for one in refusal.lost), *(f"added {one}" for one in refusal.added)])
    fault = _FAULTS[refusal.reason].format(tokens=refusal.tokens, limit=refusal.limit, figures=figures)
    ways = "; ".join(_WAYS[way.kind].format(title=way.title, doc_id=way.doc_id) for way in refusal.ways)
    message = f"This model is too small for that: {fault}. What works: {ways}."
    return ModelTooSmallError(message, tokens=refusal.tokens, limit=refusal.limit)


async def _reply_to(app: App, ticket_id: str) -> tuple[str, Suggestion | None]:
    """The text that would be sent now, and the suggestion it goes with."""
    view = await app.tickets.open(ticket_id)
    suggestion = view.suggestion
    if view.composer.strip():
        return view.composer, suggestion
    if suggestion is None or not suggestion.draft:
        raise InputError(f"Ticket {ticket_id} has no reply yet; run `agent-assist suggest --ticket {ticket_id}` first.")
    return suggestion.draft, suggestion


def _show_rewritten(session: Session, ready: RewriteReady) -> None:
    rewritten = ready.rewritten
    if session.output.as_json:
        session.output.record(
            {
                "manner": rewritten.manner,
                "language": rewritten.language,
                "original": rewritten.original,
                "text": rewritten.text,
                "lost": list(rewritten.lost),
                "added": list(rewritten.added),
                "unsupported": [
                    {"start": one.start, "end": one.end, "reason": one.reason} for one in ready.check.unsupported
                ],
                "total_ms": round(rewritten.total_ms, 1),
            }
        )
        return
    session.output.say(rewritten.text)
    for word, figures in (("lost", rewritten.lost), ("added", rewritten.added)):
        if figures:
            session.output.say(f"  ! {word}: {', '.join(figures)}")
    for one in ready.check.unsupported:
        session.output.say(f"  ! not in the sources: {rewritten.text[one.start : one.end]} ({one.reason})")


def _summary_record(summary: Summary) -> dict[str, Any]:
    return {
        "ticket_id": summary.ticket_id,
        "ticket_version": summary.ticket_version,
        "language": summary.language,
        **dict(summary.lines),
        "doubts": list(summary.doubts),
        "cut": summary.cut,
        "total_ms": round(summary.total_ms, 1),
    }
