"""`agent-assist knowledge conflicts|dismiss`: articles that say the same twice, or contradict each other."""

import click

from agent_assist.cli.knowledge.group import knowledge
from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.conflicts import Conflict, ConflictSide
from agent_assist.errors import NotFoundError


@knowledge.command()
@click.option("--all", "everything", is_flag=True, help="Also those that were dismissed.")
@pass_session
def conflicts(session: Session, everything: bool) -> None:
    """Articles that answer one question with different facts, and near-equal ones."""
    output = session.output

    async def work(app: App) -> tuple[Conflict, ...]:
        with output.progress() as bar:
            task = bar.add_task("Comparing", total=None) if bar else None

            def progress(done: int, total: int) -> None:
                if bar and task is not None:
                    bar.update(task, completed=done, total=total or None)

            return await app.conflicts.conflicts(progress=progress, include_dismissed=everything)

    found = session.run(work)
    for one in found:
        if output.as_json:
            output.record(
                {
                    "kind": one.kind,
                    "one": one.one,
                    "other": one.other,
                    "facts": one.facts,
                    "dismissed": one.dismissed,
                    "likeness": one.likeness,
                }
            )
        else:
            _show(session, one)
    if not found:
        output.say("No two articles contradict each other or say the same.")


@knowledge.command()
@click.argument("one", metavar="DOC_ID")
@click.argument("other", metavar="DOC_ID")
@click.option("--note", default="", help="Why it is none.")
@click.option("--undo", is_flag=True, help="Point them out again.")
@pass_session
def dismiss(session: Session, one: str, other: str, note: str, undo: bool) -> None:
    """Say that two articles are no conflict; holds until one of them says something else."""

    async def work(app: App) -> bool:
        if undo:
            return await app.conflicts.recall(one, other)
        await app.conflicts.dismiss(one, other, note=note)
        return True

    if not session.run(work):
        raise NotFoundError(f"No conflict between {one!r} and {other!r} was dismissed.")
    if session.output.as_json:
        session.output.record({"recalled" if undo else "dismissed": sorted((one, other))})
    session.output.say(f"{one} and {other} are {'pointed out again' if undo else 'not pointed out any more'}.")


def _show(session: Session, found: Conflict) -> None:
    facts = "; ".join(f"{fact.one} / {fact.other}" for fact in found.facts)
    session.output.say(f"{found.kind}: {facts}" if facts else str(found.kind))
    for side in (found.one, found.other):
        session.output.say(f"  {side.doc_id} ({side.title}): {_short(side)}")


def _short(side: ConflictSide) -> str:
    return " ".join(side.passage.split())[:160]
