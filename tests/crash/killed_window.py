"""Fills a profile and kills windows that work on it; shared by the tests."""

import json
import subprocess
import sys
from pathlib import Path

from agent_assist.composition import open_app
from agent_assist.engine.testing import ScriptedEngine


async def fill(profile: Path, count: int, *, undo_seconds: int | None = None) -> None:
    """A profile with `count` waiting tickets; its window holds replies back for `undo_seconds`."""
    rows = [{"id": f"t-{number:04}", "text": f"question {number}"} for number in range(count)]
    tickets = profile.parent / "tickets.jsonl"
    tickets.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    app = await open_app(profile, engine=ScriptedEngine())
    await app.tickets.import_paths([tickets])
    if undo_seconds is not None:
        app.settings.set_text("sending.undo_seconds", str(undo_seconds))
    await app.close()


def kill_a_window(profile: Path, lines: int, work: str = "answer") -> list[list[str]]:
    """Run a window until it has said `lines` lines, kill it, and return the words of all that it said."""
    command = [sys.executable, "-m", "tests.crash.window_child", str(profile), work]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        said = [child.stdout.readline() for _ in range(lines)]
        child.kill()
        said += child.stdout.read().splitlines(keepends=True)
    return [line.strip().split(maxsplit=2) for line in said if line.endswith("\n")]


def said(lines: list[list[str]], what: str) -> list[str]:
    """The first word behind `what` in each line that begins with it."""
    return [words[1] for words in lines if words[0] == what]
