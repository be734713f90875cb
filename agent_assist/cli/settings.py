"""`agent-assist settings list|set|reset`."""

import click

from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.settings import SETTINGS, find_setting


@click.group()
def settings() -> None:
    """How this profile behaves."""


@settings.command("list")
@pass_session
def list_settings(session: Session) -> None:
    """Every setting, its value and what it does."""

    async def work(app: App) -> dict[str, object]:
        return dict(app.settings.values())

    values = session.run(work)
    if session.output.as_json:
        for name, value in values.items():
            session.output.record({"name": name, "value": value, "default": SETTINGS[name].default})
        return
    rows = [(name, value, SETTINGS[name].help_en) for name, value in values.items()]
    session.output.table("", ("setting", "value", "what it does"), rows)


@settings.command("set")
@click.argument("name")
@click.argument("value")
@pass_session
def set_setting(session: Session, name: str, value: str) -> None:
    """Give the setting NAME another VALUE."""

    async def work(app: App) -> object:
        app.settings.set_text(name, value)
        return app.settings.get(name)

    _tell(session, name, session.run(work))


@settings.command()
@click.argument("name")
@pass_session
def reset(session: Session, name: str) -> None:
    """Give the setting NAME its default back."""

    async def work(app: App) -> object:
        app.settings.reset(find_setting(name).name)
        return app.settings.get(name)

    _tell(session, name, session.run(work))


def _tell(session: Session, name: str, value: object) -> None:
    if session.output.as_json:
        session.output.record({"name": name, "value": value})
    else:
        session.output.say(f"{name} = {value}")
