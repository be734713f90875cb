"""`agent-assist knowledge sources|watch|unwatch|remove|reindex|status|pause|continue|cancel`: files behind articles."""

import asyncio
from pathlib import Path

import click

from agent_assist.cli.knowledge.group import knowledge
from agent_assist.cli.knowledge.indexing import describe, shown, tell_report
from agent_assist.cli.output import Output
from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.sources import IndexingState, KnowledgeSource

_PATH = click.Path(path_type=Path)


@knowledge.command()
@click.option("--files", is_flag=True, help="Every file with what became of it.")
@pass_session
def sources(session: Session, files: bool) -> None:
    """The files and folders that articles come from."""
    output = session.output

    async def work(app: App) -> None:
        found = await app.indexing.sources()
        if files:
            for source in found:
                await _show_files(app, output, source)
        elif output.as_json:
            for source in found:
                output.record(_source_record(source))
        else:
            rows = [(one.path, _manner(one), one.files, one.failed, one.articles, one.problem) for one in found]
            output.table("", ("path", "", "files", "failed", "articles", "problem"), rows)
        if not found:
            output.say("There are no sources yet; add some with `agent-assist knowledge add PATH`.")

    session.run(work)


@knowledge.command()
@click.argument("path", type=_PATH)
@click.option("--stay", is_flag=True, help="Stay and follow all watched folders until interrupted.")
@pass_session
def watch(session: Session, path: Path, stay: bool) -> None:
    """Index a folder and follow it: what changes, comes and goes there does so here, while a window is open."""

    async def work(app: App) -> None:
        with shown(app, session.output):
            tell_report(session.output, await app.indexing.watch(path))
        if stay:
            session.output.note("Following; press Ctrl+C to stop.")
            app.indexing.start()
            await asyncio.Event().wait()

    session.run(work, engine=True)


@knowledge.command()
@click.argument("path", type=_PATH)
@pass_session
def unwatch(session: Session, path: Path) -> None:
    """Follow a folder no longer; its articles stay."""
    session.run(lambda app: app.indexing.unwatch(path))
    session.output.say(f"{path} is not watched any more; its articles stay.")


@knowledge.command()
@click.argument("doc_ids", nargs=-1, metavar="DOC_ID...")
@click.option("--source", type=_PATH, help="Forget this source and take out its articles.")
@pass_session
def remove(session: Session, doc_ids: tuple[str, ...], source: Path | None) -> None:
    """Take articles out, by their ids or all of a source; `knowledge restore` brings one back."""
    if bool(doc_ids) == (source is not None):
        raise click.UsageError("Give DOC_IDs or --source PATH, one of them.")

    async def work(app: App) -> None:
        removed, kept = len(doc_ids), tuple[str, ...]()
        for doc_id in doc_ids:
            await app.articles.get(doc_id)  # all are there, or nothing is done
        for doc_id in doc_ids:
            await app.articles.delete(doc_id)
        if source is not None:
            gone = await app.indexing.remove(source)
            removed, kept = gone.removed, gone.edited
        if session.output.as_json:
            session.output.record({"removed": removed, "kept": list(kept)})
        session.output.say(f"{removed} articles removed.")
        for doc_id in kept:
            session.output.note(f"{doc_id} was edited here and is kept; `knowledge remove {doc_id}` takes it out.")

    session.run(work)


@knowledge.command()
@click.argument("paths", nargs=-1, type=_PATH)
@click.option("--all", "anew", is_flag=True, help="Read, cut and embed also what is unchanged.")
@pass_session
def reindex(session: Session, paths: tuple[Path, ...], anew: bool) -> None:
    """Go through the sources again (all, or those at PATHS): what changed, failed or was left out."""

    async def work(app: App) -> None:
        with shown(app, session.output):
            report = await app.indexing.reindex(paths, anew=anew)
        await app.indexing.embed_outdated()
        tell_report(session.output, report)

    session.run(work, engine=True)


@knowledge.command()
@pass_session
def status(session: Session) -> None:
    """How far indexing is, also when another program does it."""

    async def work(app: App) -> None:
        progress, found = await app.indexing.status(), await app.indexing.sources()
        articles, passages = await app.indexing.counts()
        record = {
            "state": progress.state,
            "files_done": progress.files_done,
            "files_total": progress.files_total,
            "files_failed": progress.files_failed,
            "passages": progress.passages,
            "passages_per_second": round(progress.passages_per_second, 1),
            "seconds_left": None if progress.seconds_left is None else round(progress.seconds_left, 1),
            "pid": progress.pid,
            "articles_stored": articles,
            "passages_stored": passages,
            "sources": len(found),
            "watched": sum(one.watched for one in found),
            "problems": [{"path": one.path, "problem": one.problem} for one in found if one.problem],
        }
        if session.output.as_json:
            session.output.record(record)
            return
        session.output.say(f"{_STATES[progress.state]} {articles} articles, {passages} passages.")
        if progress.state in {IndexingState.RUNNING, IndexingState.PAUSED}:
            session.output.say(describe(progress))
        for one in found:
            if one.problem:
                session.output.note(f"{one.path}: {one.problem}")

    session.run(work)


@knowledge.command()
@pass_session
def pause(session: Session) -> None:
    """Let indexing rest, also in the window, until `knowledge continue`."""
    session.run(lambda app: app.indexing.pause())
    session.output.say("Indexing rests; `agent-assist knowledge continue` goes on.")


@knowledge.command("continue")
@pass_session
def go_on(session: Session) -> None:
    """Go on with indexing: in the program that paused, or here with what an ended one left."""

    async def work(app: App) -> None:
        await app.indexing.go_on()
        if app.indexing.busy_elsewhere():
            session.output.say("The other program goes on.")
            return
        with shown(app, session.output):
            tell_report(session.output, await app.indexing.finish())

    session.run(work, engine=True)


@knowledge.command()
@pass_session
def cancel(session: Session) -> None:
    """Give up indexing what is not indexed yet; `knowledge reindex` takes it in later."""
    session.run(lambda app: app.indexing.cancel())
    session.output.say("What is stored stays; the other files are left out until they change or you reindex.")


_STATES = {
    IndexingState.IDLE: "Everything is indexed.",
    IndexingState.RUNNING: "Indexing.",
    IndexingState.PAUSED: "Indexing rests; `agent-assist knowledge continue` goes on.",
    IndexingState.STOPPED: "Indexing was interrupted; `agent-assist knowledge continue` goes on.",
}


def _manner(source: KnowledgeSource) -> str:
    words = ["watched"] if source.watched else []
    return ", ".join([*words, *(["unfinished"] if source.wanted else [])])


def _source_record(source: KnowledgeSource) -> dict[str, object]:
    return {
        "path": source.path,
        "watched": source.watched,
        "finished": not source.wanted,
        "files": source.files,
        "failed": source.failed,
        "articles": source.articles,
        "problem": source.problem,
        "checked_at": source.checked_at,
    }


async def _show_files(app: App, output: Output, source: KnowledgeSource) -> None:
    found = await app.indexing.files(Path(source.path))
    if output.as_json:
        for file in found:
            output.record({"path": file.path, "state": file.state, "size": file.size, "error": file.error})
        return
    output.table(source.path, ("file", "state", "error"), [(file.path, file.state, file.error) for file in found])
