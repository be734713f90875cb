"""`agent-assist knowledge add|list`; the group that other modules add commands to."""

from pathlib import Path

import click
import msgspec

from agent_assist.cli.knowledge.indexing import shown, tell_report
from agent_assist.cli.knowledge.records import tell_rows
from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.article_versions import ArticleQuery
from agent_assist.domain.knowledge import ArticleKind, ArticleStatus
from agent_assist.domain.language import Language


@click.group()
def knowledge() -> None:
    """The shop's articles, FAQ and macros."""


@knowledge.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@pass_session
def add(session: Session, paths: tuple[Path, ...]) -> None:
    """Add Markdown, text, HTML, PDF, DOCX, CSV, XLSX or JSONL files, or folders; what is unchanged is skipped."""

    async def work(app: App) -> None:
        with shown(app, session.output):
            report = await app.knowledge.add_paths(paths)
        tell_report(session.output, report)

    session.run(work, engine=True)


@knowledge.command("list")
@click.option("--status", type=click.Choice([one.value for one in ArticleStatus]))
@click.option("--kind", type=click.Choice([one.value for one in ArticleKind]))
@click.option("--language", type=click.Choice([one.value for one in Language]))
@click.option("--tag", default="", help="Only those with this tag.")
@click.option("--product", default="", help="Only those about this SKU.")
@click.option("--owner", default="", help="Only those that this person looks after.")
@click.option("--text", default="", help="Only those with these characters in title, question or text.")
@pass_session
def list_articles(session: Session, /, **filters: str | None) -> None:
    """All articles, or those that the options leave."""
    query = msgspec.convert({name: value for name, value in filters.items() if value}, type=ArticleQuery)
    rows = session.run(lambda app: app.articles.page(query, offset=0, limit=-1))
    tell_rows(session.output, rows)
    if not rows and not any(filters.values()):
        session.output.say("There are no articles yet; add some with `agent-assist knowledge add PATH`.")
