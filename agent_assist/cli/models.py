"""`agent-assist models build|list|verify|add|use|ensemble|compress`."""

from pathlib import Path

import click

from agent_assist.cli.making import compress_command, ensemble_command
from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.engine.registry import ModelInfo


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
@click.argument("path", type=click.Path(path_type=Path))
@pass_session
def add(session: Session, path: Path) -> None:
    """Add your own reply model (GGUF), adapter (GGUF LoRA), encoder or reranker (Hugging Face folders)."""
    added = session.run(lambda app: app.models.add(path))
    if session.output.as_json:
        session.output.record(added)
    else:
        use = "it is used from the next start on" if added.active else "it is used once heads are trained for it"
        session.output.say(f"Added the {added.kind} {added.name}; {use}.")


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
