"""`agent-assist knowledge preview|canned|draft-from`: reviewed texts with slots."""

from dataclasses import replace
from typing import Any

import click

from agent_assist.cli.knowledge.group import knowledge
from agent_assist.cli.knowledge.records import article_record
from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.knowledge import Article
from agent_assist.domain.slots import FilledText, Slot
from agent_assist.knowledge.article_text import render


@knowledge.command()
@click.argument("doc_id", metavar="DOC_ID")
@click.option("--ticket", "ticket_id", help="The ticket whose customer and order fill the slots.")
@click.option("--text", help="A text to try, in place of the article's.")
@pass_session
def preview(session: Session, doc_id: str, ticket_id: str | None, text: str | None) -> None:
    """An article as it would be sent for a ticket: which slots are filled, and which are open."""

    async def work(app: App) -> FilledText:
        article = (await app.articles.get(doc_id)).article
        return await app.previews.preview(article if text is None else replace(article, text=text), ticket_id=ticket_id)

    found = session.run(work)
    if session.output.as_json:
        slots = {
            "filled": [_slot(found, one) for one in found.filled],
            "open": [_slot(found, one) for one in found.open],
        }
        session.output.record({"doc_id": doc_id, "ticket_id": ticket_id, "text": found.text} | slots)
        return
    click.echo(found.text)
    if found.open:
        session.output.note(f"Open: {', '.join(found.open_words)}. It cannot be sent as it is.")


@knowledge.command()
@click.argument("ticket_id", metavar="TICKET_ID")
@click.argument("words", default="")
@click.option("--macros", is_flag=True, help="Macros alone.")
@click.option("--limit", type=click.IntRange(min=1), default=8, show_default=True)
@pass_session
def canned(session: Session, ticket_id: str, words: str, macros: bool, limit: int) -> None:
    """Texts that may be sent word for word to a ticket and hold WORDS, or are named by these letters in pinyin."""
    found = session.run(lambda app: app.canned.find(ticket_id, words, macros=macros, limit=limit))
    if session.output.as_json:
        for one in found:
            session.output.record(
                {
                    "doc_id": one.doc_id,
                    "title": one.title,
                    "kind": one.kind,
                    "language": one.language,
                    "text": one.filled.text,
                    "open": list(one.filled.open_words),
                }
            )
        return
    rows = [(one.doc_id, one.title, one.kind, one.filled.text, ", ".join(one.filled.open_words)) for one in found]
    session.output.table("", ("id", "title", "kind", "text", "open"), rows)
    if not rows:
        session.output.say("No approved text holds these words; `knowledge new` writes one.")


@knowledge.command("draft-from")
@click.argument("ticket_id", metavar="TICKET_ID")
@click.option("--dry-run", is_flag=True, help="Show it and keep nothing.")
@pass_session
def draft_from(session: Session, ticket_id: str, dry_run: bool) -> None:
    """Draft an article from an answered ticket: its question without personal data, its reply with slots."""

    async def work(app: App) -> Article:
        if dry_run:
            return await app.ticket_articles.compose(ticket_id)
        return (await app.ticket_articles.create(ticket_id)).article

    article = session.run(work)
    if session.output.as_json:
        session.output.record(article_record(article))
        return
    click.echo(render(article), nl=False)
    if not dry_run:
        session.output.note(
            f"Kept as draft {article.doc_id}; `knowledge review {article.doc_id} --approve` lets it be used."
        )


def _slot(found: FilledText, slot: Slot) -> dict[str, Any]:
    return {
        "slot": slot.name or slot.word,
        "known": bool(slot.name),
        "start": slot.start,
        "end": slot.end,
        "text": found.text[slot.start : slot.end],
    }
