"""`agent-assist knowledge show|new|edit|delete|restore|review`: articles in people's hands."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from tempfile import NamedTemporaryFile
from typing import Any, TypeVar

import click

from agent_assist.cli.knowledge.group import knowledge
from agent_assist.cli.knowledge.records import tell_version, version_record
from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.article_versions import ArticleVersion
from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus, Visibility
from agent_assist.domain.language import Language, detect_language
from agent_assist.errors import AgentAssistError, InputError
from agent_assist.knowledge.article_text import LISTS, edited, render, with_fields

F = TypeVar("F", bound=Callable[..., Any])

DOC_ID = click.argument("doc_id", metavar="DOC_ID")
NOTE = click.option("--note", default="", help="A word for those who read the history.")
BASE = click.option("--base", type=click.IntRange(min=1), help="Refuse unless this is the newest version.")
# option, its field, what it says
_OPTIONS = (
    ("--title", "title", "The title."),
    ("--text", "text", "The text."),
    ("--question", "question", "The question that a FAQ or macro answers."),
    ("--variant", "variants", "Another way to ask; may be given several times."),
    ("--tag", "tags", "A tag; may be given several times."),
    ("--product", "products", "An SKU that it is about; may be given several times."),
    ("--intent", "intents", "An intent that it answers; may be given several times."),
    ("--owner", "owner", "Who looks after it."),
    ("--from", "valid_from", "From when it holds, such as 2026-11-01."),
    ("--until", "valid_until", "Until when it holds; a date holds through that day."),
)
_CHOICES = (
    ("--language", Language),
    ("--kind", ArticleKind),
    ("--status", ArticleStatus),
    ("--visibility", Visibility),
)


def field_options(command: F) -> F:
    """One option a field of an article."""
    for name, choices in reversed(_CHOICES):
        command = click.option(name, type=click.Choice([one.value for one in choices]))(command)
    for name, field, text in reversed(_OPTIONS):
        command = click.option(name, field, multiple=field in LISTS, help=text)(command)
    return command


@knowledge.command()
@DOC_ID
@click.option("--version", "number", type=click.IntRange(min=1), help="An older version.")
@pass_session
def show(session: Session, doc_id: str, number: int | None) -> None:
    """An article with all its fields, as it can be edited."""

    async def work(app: App) -> ArticleVersion:
        return await (app.articles.get(doc_id) if number is None else app.articles.version(doc_id, number))

    version = session.run(work)
    if session.output.as_json:
        session.output.record(version_record(version, whole=True))
        return
    click.echo(render(version.article), nl=False)
    session.output.note(f"Version {version.number}: {version.cause} by {version.author or 'an import'}, {version.at}.")


@knowledge.command()
@click.option("--id", "doc_id", default="", help="Its id; one is made where none is given.")
@click.option(
    "--file", "source", type=click.File(encoding="utf-8"), help="The article as `show` prints it; - reads it."
)
@field_options
@NOTE
@pass_session
def new(session: Session, /, doc_id: str, source: Any, note: str, **fields: Any) -> None:
    """Write an article, from options, a file, or standard input (`--file -`)."""
    article = Article(doc_id=doc_id, title="", text="", language=Language.EN)
    article = _changed(article, source.read() if source else None, fields)
    if not article.title:
        article = replace(article, title=article.question or article.text.strip().partition("\n")[0][:60])
    if not fields["language"]:
        article = replace(article, language=detect_language(f"{article.title} {article.text}"))
    if article.question and not fields["kind"] and not source:
        article = replace(article, kind=ArticleKind.FAQ)
    _do(session, lambda app: app.articles.create(article, note=note))


@knowledge.command()
@DOC_ID
@click.option(
    "--file", "source", type=click.File(encoding="utf-8"), help="The article as `show` prints it; - reads it."
)
@click.option("--editor", is_flag=True, help="Open it in your editor ($EDITOR).")
@field_options
@BASE
@NOTE
@pass_session
def edit(
    session: Session, /, doc_id: str, source: Any, editor: bool, base: int | None, note: str, **fields: Any
) -> None:
    """Change an article, by options, a file, standard input (`--file -`) or in your editor; the rest stays."""
    given = source.read() if source else None

    async def work(app: App) -> ArticleVersion:
        newest = await app.articles.get(doc_id)
        article = _changed(newest.article, given, fields)
        written = click.edit(render(article), extension=".md") if editor else None
        with _kept_on_failure(written):
            article = article if written is None else edited(article, written)
            return await app.articles.save(article, base=base or newest.number, note=note)

    if given is None and not editor and all(value in (None, ()) for value in fields.values()):
        raise click.UsageError("Say what to change: with options, --file or --editor.")
    _do(session, work)


@knowledge.command()
@DOC_ID
@BASE
@NOTE
@pass_session
def delete(session: Session, doc_id: str, base: int | None, note: str) -> None:
    """Take an article out of list and search; `restore` brings it back."""
    _do(session, lambda app: app.articles.delete(doc_id, base=base, note=note))


@knowledge.command()
@DOC_ID
@click.option("--version", "number", type=click.IntRange(min=1), required=True, help="The version to go back to.")
@BASE
@NOTE
@pass_session
def restore(session: Session, doc_id: str, number: int, base: int | None, note: str) -> None:
    """Make an older version the newest again, also of a deleted article."""
    _do(session, lambda app: app.articles.restore(doc_id, number, base=base, note=note))


@knowledge.command()
@DOC_ID
@click.option("--approve", "status", flag_value="approved", help="It may be searched, cited and sent.")
@click.option("--block", "status", flag_value="blocked", help="It may not be used.")
@click.option("--draft", "status", flag_value="draft", help="It is to be reviewed first.")
@BASE
@NOTE
@pass_session
def review(session: Session, doc_id: str, status: str | None, base: int | None, note: str) -> None:
    """Allow or block an article or macro; who did it and when stays in its history."""
    if status is None:
        raise click.UsageError("Give --approve, --block or --draft, one of them.")
    _do(session, lambda app: app.articles.review(doc_id, ArticleStatus(status), base=base, note=note))


@contextmanager
def _kept_on_failure(written: str | None) -> Iterator[None]:
    """What a person wrote in the editor is not lost when it cannot be stored."""
    try:
        yield
    except AgentAssistError as error:
        if written is None:
            raise
        with NamedTemporaryFile("w", suffix=".md", delete=False, encoding="utf-8") as file:
            file.write(written)
        raise InputError(f"{error} What you wrote is in {file.name}.") from error


def _changed(article: Article, given: str | None, fields: dict[str, Any]) -> Article:
    if given is not None:
        article = edited(article, given)
    values = {name: value for name, value in fields.items() if value not in (None, ())}
    values |= {name: () for name, value in values.items() if value == ("",)}
    return with_fields(article, values)


def _do(session: Session, act: Callable[[App], Awaitable[ArticleVersion]]) -> None:
    """Do it, say what was done, then make the vectors that it lacks, which needs the engine."""

    async def work(app: App) -> None:
        version = await act(app)
        problems = () if version.deleted else app.articles.problems(version.article)
        tell_version(session.output, version, problems)
        if version.article.status is ArticleStatus.APPROVED and not version.deleted:
            await app.start(background=False)
            await app.knowledge.embed_outdated()

    session.run(work)
