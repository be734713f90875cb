"""The guarded helper: no second start, no lost error, an end to everything."""

import asyncio

import pytest

from agent_assist.errors import CancelledByNewerError, InputError
from ui.tasks import Tasks


async def test_a_second_start_is_dropped_while_the_first_runs() -> None:
    tasks = Tasks(lambda error: None)
    scope = tasks.scope()
    gate, ran = asyncio.Event(), []

    async def work() -> None:
        ran.append(1)
        await gate.wait()

    assert scope.start("send", work)
    await asyncio.sleep(0)
    assert not scope.start("send", work)
    assert scope.busy("send")
    gate.set()
    await tasks.idle()
    assert ran == [1]
    assert not scope.busy("send")


async def test_restart_cancels_the_first() -> None:
    tasks = Tasks(lambda error: None)
    scope = tasks.scope()
    done: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)

    scope.restart("open", lambda: work(1))
    scope.restart("open", lambda: work(2))
    await tasks.idle()
    assert done == [2]


async def test_errors_reach_the_reporter_and_old_answers_do_not() -> None:
    told: list[Exception] = []
    tasks = Tasks(told.append)
    scope = tasks.scope()

    async def fail(error: Exception) -> None:
        raise error

    scope.start("a", lambda: fail(InputError("The file is empty.")))
    scope.start("b", lambda: fail(CancelledByNewerError("The ticket changed.")))
    scope.start("c", lambda: fail(ZeroDivisionError()))
    await tasks.idle()
    assert [type(error) for error in told] == [InputError, ZeroDivisionError]


async def test_close_cancels_and_waits_for_the_cleaning_up() -> None:
    tasks = Tasks(lambda error: None)
    scope = tasks.scope()
    cleaned: list[bool] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    scope.start("stream", work)
    await asyncio.sleep(0)
    await tasks.close()
    assert cleaned == [True]


async def test_busy_changes_are_told() -> None:
    tasks = Tasks(lambda error: None)
    scope = tasks.scope()
    states: list[bool] = []
    scope.changes.subscribe(lambda: states.append(scope.busy("x")))

    async def work() -> None:
        pass

    scope.start("x", work)
    await tasks.idle()
    await asyncio.sleep(0)
    assert states == [True, False]


async def test_join_waits_for_a_family_of_keys() -> None:
    scope = Tasks(lambda error: None).scope()
    saved: list[str] = []

    async def save(name: str) -> None:
        await asyncio.sleep(0)
        saved.append(name)

    scope.start("save a", lambda: save("a"))
    await scope.join("save ")
    assert saved == ["a"]


@pytest.mark.parametrize("keys", [("a", "b")])
async def test_different_keys_run_side_by_side(keys: tuple[str, str]) -> None:
    tasks = Tasks(lambda error: None)
    scope = tasks.scope()
    meeting = asyncio.Barrier(2)

    async def work() -> None:
        await meeting.wait()

    for key in keys:
        assert scope.start(key, work)
    await tasks.idle()
