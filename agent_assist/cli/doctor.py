"""`agent-assist doctor`: whether this installation can do its work, and what to do where it cannot."""

import os
import platform
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec

import click

from agent_assist import __version__
from agent_assist.cli.display import display_problem
from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.events import OPTIONAL_MODELS, EngineState
from agent_assist.errors import AgentAssistError

LEAST_FREE_GB = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. `needed` ones make the command fail."""

    check: str
    ok: bool
    detail: str
    needed: bool = True


@click.command()
@pass_session
def doctor(session: Session) -> None:
    """Check program, profile, models, engine and display."""
    output = session.output

    async def work(app: App) -> bool:
        healthy = True
        async for finding in examine(app):
            healthy = healthy and (finding.ok or not finding.needed)
            if output.as_json:
                output.record({"check": finding.check, "ok": finding.ok, "detail": finding.detail})
            else:
                mark = "ok  " if finding.ok else ("BAD " if finding.needed else "note")
                output.say(f"{mark} {finding.check}: {finding.detail}")
        return healthy

    if not session.run(work, engine=True):
        raise click.exceptions.Exit(1)


async def examine(app: App) -> AsyncIterator[Finding]:
    """Run every check in an order in which the first failure explains the later ones."""
    yield Finding("program", True, f"{__version__}, Python {platform.python_version()} on {platform.platform()}")
    yield _packages()
    free = shutil.disk_usage(app.profile_dir).free / 1e9
    yield Finding("disk", free > LEAST_FREE_GB, f"{free:.1f} GB free at {app.profile_dir}")
    yield Finding("profile", True, f"{app.profile_dir}, {await app.count_tickets()} tickets, open and readable")
    yield Finding("samples", files("resources").joinpath("samples").is_dir(), "sample shop")
    verdicts = await app.models.verify()
    bad = [f"{one.name}: {'; '.join(one.problems)}" for one in verdicts if not one.ok]
    built = {one.kind for one in verdicts} >= {"encoder", "reply"}
    advice = "run `agent-assist models build`"
    detail = "; ".join(bad) or (f"{len(verdicts)} models, every file as pinned" if built else f"not built: {advice}")
    yield Finding("models", built and not bad, detail)
    try:
        await app.warm_up()
        for status in await app.models.status():
            optional = status.name in OPTIONAL_MODELS  # which load when something is searched for first
            well = status.state == EngineState.READY or (optional and status.state != EngineState.FAILED)
            told = f"{status.device}: {status.detail}" if status.device else status.detail
            # Another model writes than the chosen one: drafts go on, but it should be seen.
            yield Finding(f"engine {status.name}", well and not status.problem, told, needed=not (optional or well))
    except AgentAssistError as error:
        yield Finding("engine", False, str(error))
    problem = display_problem()
    yield Finding("display", problem is None, problem or "a window can be opened", needed=False)


def _packages() -> Finding:
    names = ("PySide6", "torch", "onnxruntime", "llama_cpp", "sqlcipher3", "sqlite_vec", "rjieba")
    missing = [name for name in names if find_spec(name) is None]
    detail = f"missing: {', '.join(missing)}; run `make setup`" if missing else f"all there in {sys.prefix}"
    return Finding("packages", not missing, detail + (" (network off)" if os.environ.get("HF_HUB_OFFLINE") else ""))
