"""A program that indexes is killed at random while files change: nothing is damaged, and the end is the same."""

import random
from pathlib import Path

import pytest

from agent_assist.composition import open_app
from agent_assist.engine.testing import ScriptedEngine
from tests.crash.killed_indexing import PASSPHRASE, Files, compare_with_scratch, kill_after, open_killed

ROUNDS = 5
FILES = 60
pytestmark = pytest.mark.crash


# The first once left an article that named the file it came from as it was called before the kill.
@pytest.mark.parametrize("seed", [665217, random.randrange(10**6)], ids=["renamed", "by chance"])
async def test_killed_indexing_goes_on_and_ends_like_a_store_from_scratch(tmp_path: Path, seed: int) -> None:
    print("seed", seed)  # shown when the test fails
    dice = random.Random(seed)
    files = Files(tmp_path / "shelf", FILES, dice)
    profile = tmp_path / "profile"
    app = await open_app(profile, passphrase=PASSPHRASE, engine=ScriptedEngine())
    await app.indexing._room.sources.want([str(files.folder)], watched=True)
    await app.close()
    unfinished = 0
    for _ in range(ROUNDS):
        killed = kill_after(profile, dice.randrange(1, 12))
        unfinished += not killed.done
        app = await open_killed(profile)
        await app.close()
        files.change(6)
    assert unfinished
    app = await open_killed(profile)
    await app.start(background=False)
    await app.indexing.finish()
    assert await compare_with_scratch(app, files.folder, tmp_path / "scratch") > FILES
    assert (await app.indexing.finish()).passages == 0
    await app.close()
