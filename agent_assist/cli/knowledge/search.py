"""`agent-assist knowledge search`: what an agent's question would find, and why."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten
from typing import Any

import click
import msgspec

from agent_assist.cli.knowledge.group import knowledge
from agent_assist.cli.rejections import finish, tell
from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.knowledge import Hit, SearchFilter
from agent_assist.domain.language import Language
from agent_assist.engine.protocol import Priority
from agent_assist.errors import InputError
from agent_assist.files.jsonl import read_json_rows
from agent_assist.files.rows import RejectedRow


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
@click.option("--language", type=click.Choice(list(Language)), help="Only articles in this language.")
@click.option("--tag", "tags", multiple=True, help="Only articles with this tag; several must all be there.")
@click.option("--product", "products", multiple=True, help="Only articles about this SKU, or one of several.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="As of this day (UTC) rather than now.")
@click.option("--relevant", is_flag=True, help="Only what is relevant enough to be shown as a source.")
@pass_session
def search(
    session: Session,
    query: str | None,
    queries: Path | None,
    count: int,
    internal: bool,
    language: Language | None,
    tags: tuple[str, ...],
    products: tuple[str, ...],
    day: datetime | None,
    relevant: bool,
) -> None:
    """Search for QUERY, or for each row of a file."""
    if (query is None) == (queries is None):
        raise click.UsageError("Give a QUERY or --queries FILE, one of them.")
    wanted = SearchFilter(
        language=language,
        tags=tags,
        products=products,
        valid_at=day.replace(tzinfo=UTC) if day else None,
        include_internal=internal,
    )

    async def work(app: App) -> int:
        rejected = 0
        least = app.settings.suggestion.minimum_relevance
        for one in [_Query(id="1", query=query)] if queries is None else _read_queries(queries):
            if isinstance(one, RejectedRow):
                tell(session.output, one)
                rejected += 1
                continue
            hits = await app.knowledge.search(_words(one), k=count, wanted=wanted, rerank=Priority.BATCH)
            if queries is None:  # a file is a measurement, not a question of somebody
                await app.gaps.searched(_words(one), hits)
            shown = [hit for hit in hits if hit.score >= least or not relevant]
            if session.output.as_json:
                session.output.record({"id": one.id, "hits": [as_record(hit, least=least) for hit in shown]})
            else:
                _show(session, _words(one), shown, least=least)
        return rejected

    finish(session.run(work, engine=True))


def as_record(hit: Hit, *, least: float) -> dict[str, Any]:
    """The contract's fields of a hit, whether it is relevant enough for a source (`least`), and why it was found."""
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "doc_id": passage.doc_id,
        "title": passage.title,
        "passage": passage.text,
        "start": passage.start,
        "end": passage.end,
        "relevant": hit.score >= least,
        "why": {
            "words": list(hit.matched),
            "slips": [{"typed": typed, "found": found} for typed, found in hit.slips],
            "question": hit.question,
            "question_match": round(hit.question_match, 4),
            "similarity": round(hit.similarity, 4),
            **({} if hit.reranked is None else {"reranked": round(hit.reranked, 4)}),
            **({} if hit.answers is None else {"answers": round(hit.answers, 4)}),
        },
    }


def reason(hit: Hit) -> str:
    """Why the passage was found, for people."""
    slips = dict(hit.slips)
    words = [f"{word} (as {slips[word]})" if word in slips else word for word in hit.matched]
    parts = [", ".join(words)] if words else []
    if hit.question:
        parts.append(f"asks like “{hit.question}”")
    if hit.similarity and not parts:
        parts.append("close in meaning")
    if hit.answers is not None:
        parts.append(f"read as an answer: {hit.answers:.0%}")
    return "; ".join(parts)


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


def _show(session: Session, query: str, hits: Sequence[Hit], *, least: float) -> None:
    say = session.output.say
    say(query)
    for hit in hits:
        score = f"{hit.score:.2f}" if hit.score >= least else f"({hit.score:.2f})"
        say(f"{hit.rank:3d}. {score}  {hit.passage.title}  [{hit.passage.doc_id}]")
        if why := reason(hit):
            say(f"     why: {why}")
        say(f"     {shorten(hit.passage.text, 160, placeholder=' …')}")
    if not hits:
        say("Nothing found. `agent-assist knowledge list` shows what is there.")
    elif hits[0].score < least:
        say(f"None of these is relevant enough ({least:.2f}) to be shown as a source.")
