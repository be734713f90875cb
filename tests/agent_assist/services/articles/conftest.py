"""An open app over a real profile, plain or encrypted, and a scripted engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent_assist.composition import App, open_app
from agent_assist.engine.testing import ScriptedEngine


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
async def app(tmp_path: Path, engine: ScriptedEngine) -> AsyncIterator[App]:
    opened = await open_app(tmp_path / "profile", engine=engine)
    opened.settings.set("agent.name", "Ann")
    opened.settings.set("suggestion.minimum_relevance", 0.1)
    await opened.start(background=False)
    yield opened
    await opened.close()
