"""Programs of the neural half: their lines, their failures, their end."""

import sys
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest

from agent_assist.engine import children
from agent_assist.engine.children import child_lines
from agent_assist.errors import EngineError


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of a module is the text of a program."""
    monkeypatch.setattr(children, "neural_program", lambda text: [sys.executable, "-c", text])


@pytest.mark.usefixtures("program")
async def test_lines_are_streamed_however_long() -> None:
    lines = [line async for line in child_lines("print('a'); print('b' * 1_000_000)")]
    assert [len(line) for line in lines] == [2, 1_000_001]


@pytest.mark.usefixtures("program")
async def test_a_failure_is_told_by_its_last_words() -> None:
    got = []
    with pytest.raises(EngineError, match="no such thing"):
        async for line in child_lines("print('a'); import sys; sys.exit('first\\nno such thing')"):
            got.append(line)
    assert got == [b"a\n"]


@pytest.mark.usefixtures("program")
async def test_the_process_ends_with_its_reader() -> None:
    async with aclosing(child_lines("import os, time; print(os.getpid(), flush=True); time.sleep(600)")) as lines:
        pid = int(await anext(lines))
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)


async def test_a_real_program_of_the_neural_half_fails_with_a_sentence() -> None:
    with pytest.raises(EngineError, match="usage"):
        await anext(child_lines("models"))


async def test_a_folder_of_the_users_named_models_is_let_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path)
    lines = [line async for line in child_lines("models.training", "--show-config", "intent")]
    assert any(line.startswith(b"encoder = ") for line in lines)
