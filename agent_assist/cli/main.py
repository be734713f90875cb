"""Entry point of `agent-assist`: global options, then a command."""

import logging
import os
import sys
from pathlib import Path

import click

from agent_assist import __version__
from agent_assist.cli.attachments import attachments, customer
from agent_assist.cli.data import data
from agent_assist.cli.doctor import doctor
from agent_assist.cli.evaluate import evaluate_command
from agent_assist.cli.feedback import feedback
from agent_assist.cli.inbox import tickets
from agent_assist.cli.knowledge import articles, conflicts, gaps, history, macros, search, sources  # noqa: F401  (add commands)
from agent_assist.cli.knowledge.group import knowledge
from agent_assist.cli.models import models
from agent_assist.cli.output import Output
from agent_assist.cli.recommend import recommend
from agent_assist.cli.rewrite import rewrite, summarise
from agent_assist.cli.run import run
from agent_assist.cli.session import Session
from agent_assist.cli.settings import settings
from agent_assist.cli.similar import similar
from agent_assist.cli.suggest import suggest
from agent_assist.cli.tickets import import_tickets, triage
from agent_assist.cli.train import train_command
from agent_assist.cli.understand import understand
from agent_assist.errors import AgentAssistError


class Program(click.Group):
    """Turns the errors that a person can act upon into one sentence on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except AgentAssistError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            # The reader (head, less) has seen enough; nothing may be written at exit either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(1)
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'A file'}: {error.strerror or error}.") from error


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--profile", type=click.Path(file_okay=False, path_type=Path), help="Folder of the profile.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option(
    "--passphrase", envvar="AGENT_ASSIST_PASSPHRASE", help="Opens an encrypted profile; better set in the environment."
)
@click.option("-v", "--verbose", is_flag=True, help="Say more on standard error.")
@click.version_option(__version__, prog_name="agent-assist")
@click.pass_context
def main(context: click.Context, profile: Path | None, as_json: bool, passphrase: str | None, verbose: bool) -> None:
    """Answer customer tickets with suggestions from your own knowledge, offline."""
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.WARNING,
        stream=sys.stderr,
        format="%(levelname)s %(name)s: %(message)s",
    )
    context.obj = Session(profile=profile, passphrase=passphrase, output=Output(as_json=as_json))


for command in (
    import_tickets,
    triage,
    tickets,
    understand,
    knowledge,
    suggest,
    rewrite,
    summarise,
    recommend,
    similar,
    customer,
    attachments,
    feedback,
    data,
    models,
    train_command,
    evaluate_command,
    settings,
    doctor,
    run,
):
    main.add_command(command)
