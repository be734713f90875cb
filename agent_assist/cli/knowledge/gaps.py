"""`agent-assist knowledge gaps`: what customers ask and the knowledge does not answer."""

from typing import Any

import click

from agent_assist.cli.knowledge.group import knowledge
from agent_assist.cli.session import Session, pass_session
from agent_assist.domain.gaps import Gap, NearArticle
from agent_assist.knowledge.article_text import render
from agent_assist.services.gaps import DAYS

SINCE = click.option(
    "--since", "days", type=click.IntRange(1, 3650), default=DAYS, show_default=True, help="Days to look back."
)


@knowledge.group(invoke_without_command=True)
@SINCE
@pass_session
@click.pass_context
def gaps(context: click.Context, session: Session, days: int) -> None:
    """Show groups of questions that nothing answers, the most frequent first, and those answered since."""
    if context.invoked_subcommand is not None:
        return
    report = session.run(lambda app: app.gaps.report(days=days), engine=True)
    if session.output.as_json:
        for gap in (*report.open, *report.answered):
            session.output.record(as_record(gap))
        return
    rows = [
        (
            gap.id,
            gap.count,
            f"{gap.share:.0%}",
            f"{gap.week_before} → {gap.last_week}",
            gap.name,
            gap.question[:120],
            _near(gap),
        )
        for gap in (*report.open, *report.answered)
    ]
    session.output.table("", ("id", "asked", "tickets", "weeks", "about", "such as", "nearest article"), rows)
    if report.dismissed:
        session.output.say(f"{report.dismissed} more were dismissed.")
    if not rows:
        session.output.say(f"No question of the last {days} days was left without an answer.")


@gaps.command()
@click.argument("gap_id", metavar="ID")
@SINCE
@pass_session
def dismiss(session: Session, gap_id: str, days: int) -> None:
    """Say that nothing is to be written for a gap; it comes back when more ask for it than before."""
    session.run(lambda app: app.gaps.dismiss(gap_id, days=days), engine=True)
    if session.output.as_json:
        session.output.record({"id": gap_id, "dismissed": True})
    session.output.say(f"{gap_id} is dismissed.")


@gaps.command()
@click.argument("gap_id", metavar="ID")
@SINCE
@pass_session
def draft(session: Session, gap_id: str, days: int) -> None:
    """Print an article begun for a gap, with its questions and without an answer."""
    article = session.run(lambda app: app.gaps.draft(gap_id, days=days), engine=True)
    if session.output.as_json:
        session.output.record(
            {
                "doc_id": article.doc_id,
                "title": article.title,
                "language": article.language,
                "kind": article.kind,
                "status": article.status,
                "question": article.question,
                "variants": list(article.variants),
                "intents": list(article.intents),
            }
        )
    session.output.say(render(article))


def as_record(gap: Gap) -> dict[str, Any]:
    """A gap for programs."""
    return {
        "id": gap.id,
        "name": gap.name,
        "language": gap.language,
        "question": gap.question,
        "count": gap.count,
        "tickets": gap.tickets,
        "share": round(gap.share, 4),
        "last_week": gap.last_week,
        "week_before": gap.week_before,
        "newest": gap.newest.isoformat(),
        "examples": list(gap.examples),
        "intent": gap.intent,
        "nearest": _article(gap.nearest),
        "answered_by": _article(gap.answered_by),
    }


def _article(near: NearArticle | None) -> dict[str, Any] | None:
    return None if near is None else {"doc_id": near.doc_id, "title": near.title, "score": round(near.score, 4)}


def _near(gap: Gap) -> str:
    if gap.answered_by is not None:
        return f"answered since by {gap.answered_by.doc_id}"
    return f"{gap.nearest.doc_id} ({gap.nearest.score:.2f})" if gap.nearest else ""
