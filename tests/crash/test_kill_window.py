"""The window is killed again and again while it sends replies: nothing that it called stored is lost."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from agent_assist.composition import open_app
from agent_assist.domain.tickets import Role
from agent_assist.engine.testing import ScriptedEngine

ROUNDS = 8
MOST_ACTS = 8
pytestmark = pytest.mark.crash


def kill_a_window(profile: Path, acts: int) -> list[list[str]]:
    """Run a window until it has said `acts` lines, kill it, and return all that it said."""
    command = [sys.executable, "-m", "tests.crash.window_child", str(profile)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        said = [child.stdout.readline() for _ in range(acts)]
        child.kill()
        said += child.stdout.read().splitlines(keepends=True)
    return [line.strip().split(maxsplit=2) for line in said if line.endswith("\n")]


async def test_killed_windows_lose_nothing(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    rows = [{"id": f"t-{number:04}", "text": f"question {number}"} for number in range(400)]
    tickets = tmp_path / "tickets.jsonl"
    tickets.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    app = await open_app(profile, engine=ScriptedEngine())
    await app.tickets.import_paths([tickets])
    await app.close()
    seed = random.randrange(10**6)
    print("seed", seed)  # shown when the test fails
    dice = random.Random(seed)
    acknowledged: set[str] = set()
    for _ in range(ROUNDS):
        said = kill_a_window(profile, dice.randrange(2, 2 * MOST_ACTS))
        acknowledged |= {words[1] for words in said if words[0] == "act"}
        app = await open_app(profile, engine=ScriptedEngine())
        events = {event.id: event for event in await app.feedback.events(limit=100_000)}
        assert acknowledged <= set(events)
        for event in events.values():
            thread = (await app.tickets.get(event.ticket_id)).messages
            assert [message.text for message in thread if message.role is Role.AGENT] == [event.final_text]
        typed = [words for words in said if words[0] == "typed"]
        if typed and not any(event.ticket_id == typed[-1][1] for event in events.values()):
            assert (await app.tickets.open(typed[-1][1])).composer == typed[-1][2]
        await app.close()
    assert len(acknowledged) >= ROUNDS
