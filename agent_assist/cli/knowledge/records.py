"""How articles and their versions are told: as JSON records and as lines for people."""

from typing import Any

import msgspec

from agent_assist.cli.output import Output
from agent_assist.domain.article_versions import ArticleRow, ArticleVersion, Problem
from agent_assist.domain.knowledge import Article, Visibility


def article_record(article: Article) -> dict[str, Any]:
    """Every field, times as ISO 8601."""
    record: dict[str, Any] = msgspec.to_builtins(article)
    return record


def version_record(version: ArticleVersion, *, whole: bool = False) -> dict[str, Any]:
    """What a version says of the change, and all of the article where `whole`."""
    record: dict[str, Any] = {
        "doc_id": version.doc_id,
        "version": version.number,
        "at": version.at,
        "author": version.author,
        "cause": version.cause,
        "note": version.note,
    }
    return article_record(version.article) | record if whole else record | {"title": version.article.title}


def tell_version(output: Output, version: ArticleVersion, problems: tuple[Problem, ...] = ()) -> None:
    """What was done; unknown slots beside it, on standard error."""
    if output.as_json:
        output.record(version_record(version) | {"unknown_slots": [one.detail for one in problems if one.detail]})
    else:
        output.say(f"{version.doc_id}: version {version.number}, {version.cause} by {version.author or 'an import'}.")
    for problem in problems:
        output.note(problem.sentence)


def tell_rows(output: Output, rows: list[ArticleRow]) -> None:
    """A list of articles."""
    if output.as_json:
        for row in rows:
            one = article_record(row.article)
            del one["text"], one["question"], one["variants"]
            output.record(one | {"version": row.version, "changed_at": row.changed_at, "changed_by": row.changed_by})
        return
    lines = [_line(row) for row in rows]
    output.table("", ("id", "title", "lang", "kind", "status", "until", "owner", "v."), lines)


def _line(row: ArticleRow) -> tuple[object, ...]:
    one = row.article
    until = f"{one.valid_until.astimezone():%Y-%m-%d %H:%M}" if one.valid_until else ""
    kind = f"{one.kind}, internal" if one.visibility is Visibility.INTERNAL else str(one.kind)
    return one.doc_id, one.title, one.language, kind, one.status, until, one.owner, row.version
