"""Two versions of an article side by side."""

from agent_assist.domain.article_versions import ArticleDiff, ArticleVersion, FieldDiff
from agent_assist.domain.knowledge import Article
from agent_assist.knowledge.article_text import FIELDS, field_text, render
from agent_assist.text.word_diff import line_diff, word_diff


def compare(older: ArticleVersion, newer: ArticleVersion) -> ArticleDiff:
    """The fields that differ, in their order, and the whole as unified text."""
    return ArticleDiff(
        older=older,
        newer=newer,
        fields=compare_fields(older.article, newer.article),
        unified=line_diff(render(older.article), render(newer.article), names=(_name(older), _name(newer))),
    )


def compare_fields(older: Article, newer: Article) -> tuple[FieldDiff, ...]:
    """The fields that differ, in their order."""
    fields = ((name, field_text(older, name), field_text(newer, name)) for name in (*FIELDS, "text"))
    return tuple(
        FieldDiff(field=name, pieces=word_diff(before, after)) for name, before, after in fields if before != after
    )


def _name(version: ArticleVersion) -> str:
    return f"{version.doc_id} version {version.number} ({version.at.astimezone():%Y-%m-%d %H:%M}, {version.cause})"
