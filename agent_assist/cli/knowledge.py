"""`agent-assist knowledge add|list|search`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from agent_assist.cli.indexing_shown import shown, tell_report
from agent_assist.cli.knowledge_records import tell_rows
from agent_assist.cli.rejections import finish, tell
from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.article_versions import ArticleQuery
from agent_assist.domain.knowledge import ArticleKind, ArticleStatus, Hit
from agent_assist.domain.language import Language
from agent_assist.errors import InputError
from agent_assist.files.jsonl import read_json_rows
from agent_assist.files.rows import RejectedRow


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


class _Query(msgspec.Struct):
    id: str | int
    query: str | None = None
    text: str | None = None
    question: str | None = None


@knowledge.command()
@click.argument("query", required=False)
@click.option("--queries", type=click.Path(path_type=Path), help="JSONL rows: id and query (or text).")
@click.option("-k", "count", type=click.IntRange(1, 100), default=5, show_default=True, help="Hits a query.")
@click.option("--internal/--public-only", default=True, help="Whether internal notes are searched too.")
@pass_session
def search(session: Session, query: str | None, queries: Path | None, count: int, internal: bool) -> None:
    """Search for QUERY, or for each row of a file."""
    if (query is None) == (queries is None):
        raise click.UsageError("Give a QUERY or --queries FILE, one of them.")
    output = session.output

    async def work(app: App) -> int:
        rejected = 0
        for one in [_Query(id="1", query=query)] if queries is None else _read_queries(queries):
            if isinstance(one, RejectedRow):
                tell(output, one)
                rejected += 1
                continue
            hits = await app.knowledge.search(_words(one), k=count, include_internal=internal)
            if queries is None:  # a file is a measurement, not a question of somebody
                await app.gaps.searched(_words(one), hits)
            if output.as_json:
                output.record({"id": one.id, "hits": [as_record(hit) for hit in hits]})
            else:
                _show(session, _words(one), hits)
        return rejected

    finish(session.run(work, engine=True))


def as_record(hit: Hit) -> dict[str, Any]:
    """The contract's fields of a hit."""
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "doc_id": passage.doc_id,
        "title": passage.title,
        "passage": passage.text,
        "start": passage.start,
        "end": passage.end,
    }


def _words(query: _Query) -> str:
    return query.query or query.text or query.question or ""


def _read_queries(path: Path) -> list[_Query | RejectedRow]:
    if not path.is_file():
        raise InputError(f"{path} does not exist.")
    rows: list[_Query | RejectedRow] = []
    for row in read_json_rows(path):
        if isinstance(row, RejectedRow):
            rows.append(row)
            continue
        try:
            one = msgspec.convert(row.value, type=_Query)
        except msgspec.ValidationError as error:
            rows.append(RejectedRow(file=str(path), line=row.line, reason=str(error)))
            continue
        missing = RejectedRow(file=str(path), line=row.line, reason='The row has neither "query" nor "text".')
        rows.append(one if _words(one).strip() else missing)
    return rows


def _show(session: Session, query: str, hits: Sequence[Hit]) -> None:
    rows = [
        (hit.rank, f"{hit.score:.2f}", hit.passage.doc_id, hit.passage.title, " ".join(hit.passage.text.split())[:160])
        for hit in hits
    ]
    session.output.table(query, ("#", "score", "id", "title", "passage"), rows)
    if not rows:
        session.output.say("Nothing found. `agent-assist knowledge list` shows what is there.")
