"""What every command gets: the global options, and a way to run work over an open application."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from agent_assist.cli.output import Output
from agent_assist.composition import App, open_app

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Session:
    """The global options."""

    profile: Path | None
    passphrase: str | None
    output: Output

    def run(self, work: Callable[[App], Awaitable[T]], *, engine: bool = False) -> T:
        """Open the profile (and start the engine where `engine`), do the work, close both whatever happens."""

        async def whole() -> T:
            app = await open_app(self.profile, passphrase=self.passphrase)
            try:
                if engine:
                    await app.start(background=False)
                return await work(app)
            finally:
                await app.close()

        return asyncio.run(whole())


pass_session = click.make_pass_decorator(Session)
