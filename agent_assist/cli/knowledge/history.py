"""`agent-assist knowledge history|diff|expiring`: what became of articles, and what ends."""

from typing import Any

import click

from agent_assist.cli.knowledge.articles import DOC_ID
from agent_assist.cli.knowledge.group import knowledge
from agent_assist.cli.knowledge.records import tell_rows, version_record
from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.article_versions import ArticleVersion


@knowledge.command()
@click.argument("doc_id", metavar="[DOC_ID]", required=False)
@click.option("--deleted", is_flag=True, help="The articles that were deleted, instead of one article's versions.")
@pass_session
def history(session: Session, doc_id: str | None, deleted: bool) -> None:
    """The versions of an article, newest first, or the articles that are deleted."""
    if (doc_id is None) != deleted:
        raise click.UsageError("Give a DOC_ID or --deleted, one of them.")

    async def work(app: App) -> list[ArticleVersion]:
        return await (app.articles.deleted() if doc_id is None else app.articles.history(doc_id))

    versions = session.run(work)
    if session.output.as_json:
        for one in versions:
            session.output.record(version_record(one))
        return
    rows = [
        (one.doc_id, one.number, f"{one.at.astimezone():%Y-%m-%d %H:%M:%S}", one.author, one.cause, one.note)
        for one in versions
    ]
    session.output.table("", ("id", "version", "at", "by", "what", "note"), rows)


@knowledge.command()
@DOC_ID
@click.argument("older", type=click.IntRange(min=1), required=False)
@click.argument("newer", type=click.IntRange(min=1), required=False)
@pass_session
def diff(session: Session, doc_id: str, older: int | None, newer: int | None) -> None:
    """What differs between versions OLDER and NEWER; the last two where none is given."""

    async def work(app: App) -> Any:
        last = newer or (await app.articles.get(doc_id)).number
        return await app.articles.diff(doc_id, older or max(1, last - 1), last)

    found = session.run(work)
    if not session.output.as_json:
        click.echo(found.unified or "The two versions are the same.")
        return
    fields = [
        {"field": one.field, "pieces": [{"kind": piece.kind, "text": piece.text} for piece in one.pieces]}
        for one in found.fields
    ]
    record = {"doc_id": doc_id, "older": found.older.number, "newer": found.newer.number, "fields": fields}
    session.output.record(record | {"unified": found.unified})


@knowledge.command()
@click.option(
    "--days", type=click.IntRange(min=0), help="How far ahead; the setting knowledge.expiry_days if left out."
)
@click.option("--over", is_flag=True, help="Those whose time is over, instead.")
@pass_session
def expiring(session: Session, days: int | None, over: bool) -> None:
    """Approved articles whose time ends soon, or is over."""
    rows = session.run(lambda app: app.expiry.expired() if over else app.expiry.expiring(days=days))
    tell_rows(session.output, rows)
