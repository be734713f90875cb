"""`agent-assist run`: the window; without a display the same job headless."""

import subprocess
import sys

import click

from agent_assist.cli.display import display_problem
from agent_assist.cli.session import Session, pass_session
from agent_assist.cli.tickets import triage_waiting
from agent_assist.composition import App, sample_profile_dir

HEADLESS_TICKETS = 12


@click.command()
@click.option("--samples", is_flag=True, help="Use the sample shop, in a profile of its own.")
@click.option("--headless", is_flag=True, help="Do the job without a window even where there is a display.")
@click.option("--limit", type=click.IntRange(min=1), default=HEADLESS_TICKETS, show_default=True)
@pass_session
def run(session: Session, samples: bool, headless: bool, limit: int) -> None:
    """Open the window; where there is no display, triage the waiting tickets on the terminal."""
    if samples and session.profile is None:
        session = Session(profile=sample_profile_dir(), passphrase=session.passphrase, output=session.output)
    problem = display_problem()
    if samples:
        session.run(lambda app: _load_samples(session, app), engine=True)
    if problem is None and not headless:
        arguments = ["--profile", str(session.profile)] if session.profile else []
        raise click.exceptions.Exit(subprocess.call([sys.executable, "-m", "ui.app", *arguments]))
    if problem is not None:
        session.output.note(f"{problem} Doing the same job on the terminal.")
    session.run(lambda app: triage_waiting(session, app, limit=limit), engine=True)


async def _load_samples(session: Session, app: App) -> None:
    if await app.samples.loaded():
        return
    session.output.note("Loading the sample shop: articles, orders, products and tickets.")
    with session.output.progress() as bar:
        task = bar.add_task("Indexing the sample articles", total=None) if bar else None

        def progress(done: int, total: int) -> None:
            if bar and task is not None:
                bar.update(task, completed=done, total=total or None)

        await app.samples.load(progress=progress)
