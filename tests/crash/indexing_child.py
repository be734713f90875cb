"""Indexes what is left to index as fast as it can, saying "w" after each transaction, until it is killed or done.

`python -m tests.crash.indexing_child PROFILE PASSPHRASE`; sources were added before. Says "done" at its
end.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from agent_assist.composition import open_app
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database

T = TypeVar("T")


def say_every_write() -> None:
    """Let the database tell of each transaction of the index, when it has been committed."""
    write = Database.write_rebuildable

    async def told(self: Database, fn: Callable[[Connection], T]) -> T:
        result = await write(self, fn)
        print("w", flush=True)
        return result

    Database.write_rebuildable = told  # type: ignore[method-assign]


async def index(profile: Path, passphrase: str | None) -> None:
    app = await open_app(profile, passphrase=passphrase, engine=ScriptedEngine())
    await app.start(background=False)
    say_every_write()
    print("ready", flush=True)
    await app.indexing.finish()
    await app.close()
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(index(Path(sys.argv[1]), sys.argv[2] or None))
