"""`agent-assist models build|list|verify|status|test|add|use|remove|ensemble|compress`."""

from pathlib import Path

import click
import msgspec

from agent_assist.cli.making import compress_command, ensemble_command
from agent_assist.cli.output import Output
from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.engine.protocol import ModelStatus
from agent_assist.engine.registry import ModelInfo
from agent_assist.services.self_test import Outcome


@click.group()
def models() -> None:
    """The models on this machine."""


models.add_command(ensemble_command)
models.add_command(compress_command)


@models.command()
@pass_session
def build(session: Session) -> None:
    """Build the starter models from the installed packages; skips what is there and whole."""
    output = session.output

    async def work(app: App) -> None:
        with output.progress() as bar:
            tasks: dict[str, object] = {}
            told = ""
            async for step in app.models.build():
                if output.as_json:
                    output.record({"task": step.task, "done": step.done, "total": step.total})
                elif bar is None and step.task != told:
                    told = step.task
                    output.note(f"building: {told}")
                elif bar is not None:
                    if step.task not in tasks:
                        tasks[step.task] = bar.add_task(step.task, total=step.total or None)
                    bar.update(tasks[step.task], completed=step.done, total=step.total or None)  # type: ignore[arg-type]
        output.say(f"The starter models are ready in {app.models.models_dir}.")

    session.run(work)


@models.command("list")
@pass_session
def list_models(session: Session) -> None:
    """Every model, its licence and place."""
    found = session.run(lambda app: app.models.list())
    output = session.output
    if output.as_json:
        for one in found:
            output.record(one)
        return
    output.table("", ("kind", "name", "version", "size", "licence", "active", "folder"), map(_cells, found))
    if not any(one.kind in {"encoder", "reply"} for one in found):
        output.say("The starter models are not built yet: run `agent-assist models build`.")


@models.command()
@pass_session
def verify(session: Session) -> None:
    """Compare every model file with its pinned SHA-256."""
    verdicts = session.run(lambda app: app.models.verify())
    output = session.output
    for one in verdicts:
        if output.as_json:
            output.record(one)
        else:
            output.say(f"{'ok ' if one.ok else 'BAD'} {one.kind} {one.name} {'; '.join(one.problems)}")
    if not all(one.ok for one in verdicts):
        raise click.exceptions.Exit(1)


@models.command()
@click.argument("source", metavar="PATH|URL")
@click.option("--name", default="", help="What it is called here; by default as it calls itself.")
@click.option("--for", "base", default="", metavar="NAME", help="The reply model that an adapter is for.")
@click.option("--model", default="", metavar="ID", help="Which model of a server, where it serves several.")
@click.option("--key", "with_key", is_flag=True, help="Ask for the server's key, and keep it in the system's keyring.")
@click.option("--allow-public", is_flag=True, help="The server may lie outside the local network; texts leave it then.")
@pass_session
def add(session: Session, source: str, name: str, base: str, model: str, with_key: bool, allow_public: bool) -> None:
    """Add your own reply model (GGUF), adapter (GGUF LoRA), encoder or reranker (Hugging Face folders).

    Or a model on a server of the local network that speaks OpenAI's protocol: http://HOST:PORT/v1. It is tried first,
    and an adapter is checked against what it is for; one that cannot be used here changes nothing.
    """
    output = session.output
    notes: tuple[str, ...] = ()
    if source.startswith(("http://", "https://")):
        key = click.prompt("Key", hide_input=True, err=True) if with_key else ""
        added = session.run(
            lambda app: app.models.add_server(source, name=name, model=model, key=key, allow_public=allow_public)
        )
    else:
        added, notes = session.run(lambda app: _copied(app, output, Path(source), name, base))
    if output.as_json:
        output.record(added)
        return
    use = "it is used from the next start on" if added.active else "it is used once heads are trained for it"
    output.say(f"Added the {added.kind} {added.name}; {use}.")
    for note in notes:
        output.note(f"Note: {note}.")


async def _copied(app: App, output: Output, path: Path, name: str, base: str) -> tuple[ModelInfo, tuple[str, ...]]:
    with output.progress() as bar:
        task = bar.add_task("copying", total=None) if bar else None

        def report(done: int, total: int) -> None:
            if bar is not None and task is not None:
                bar.update(task, completed=done, total=total)

        return await app.models.add(path, name=name, base=base, progress=report)


@models.command()
@click.argument("name")
@pass_session
def remove(session: Session, name: str) -> None:
    """Delete a model that you added; one that was in use makes room for the starter."""
    removed = session.run(lambda app: app.models.remove(name))
    if session.output.as_json:
        session.output.record(removed)
    else:
        then = "; the starter is used from the next start on" if removed.active else ""
        session.output.say(f"Removed the {removed.kind} {removed.name}{then}.")


@models.command()
@pass_session
def status(session: Session) -> None:
    """What the engine has loaded, where, with how much context, and why; starts an engine to see."""
    output = session.output

    async def work(app: App) -> tuple[ModelStatus, ...]:
        await app.warm_up()
        return await app.models.status()

    for one in session.run(work, engine=True):
        if output.as_json:
            output.record(one)
        else:
            output.say(f"{one.name}: {one.state} {one.version} {one.device}: {one.detail}")


@models.command("test")
@pass_session
def self_test(session: Session) -> None:
    """Try what the models do: whole files, reading, searching, writing, with how fast each is here."""
    output = session.output

    async def work(app: App) -> bool:
        well = True
        await app.warm_up()
        async for step in app.self_test.run():
            if output.as_json:
                output.record(msgspec.to_builtins(step))
            elif step.outcome is not Outcome.RUNNING:
                mark = "ok " if step.outcome is Outcome.PASSED else "BAD"
                figures = [f"{step.milliseconds:.0f} ms"] if step.milliseconds is not None else []
                figures += [f"{step.tokens_per_second:.1f} tokens/s"] if step.tokens_per_second is not None else []
                output.say(" ".join([mark, step.part.value, *figures, step.problem]).rstrip())
            well = well and step.outcome is not Outcome.FAILED
        return well

    if not session.run(work, engine=True):
        raise click.exceptions.Exit(1)


@models.command()
@click.argument("name")
@click.option("--off", is_flag=True, help="Use the reranker NAME no longer; search goes on without one.")
@pass_session
def use(session: Session, name: str, off: bool) -> None:
    """Make NAME the active model of its kind."""
    chosen = session.run(lambda app: app.models.leave(name) if off else app.models.use(name))
    if session.output.as_json:
        session.output.record(chosen)
    else:
        used = "is not used" if off else "is used"
        session.output.say(f"{chosen.name} {used} from the next start on.")


def _cells(model: ModelInfo) -> tuple[str, ...]:
    size = f"{model.size / 1e6:.1f} MB"
    return (
        model.kind,
        model.name,
        model.version,
        size,
        model.license,
        "yes" if model.active else "",
        model.path,
    )
