"""Event ids are UUIDs version 7 that grow."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent_assist.domain.ids import TimeIds, new_id

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def stopped_at(*moments: datetime) -> Callable[[], datetime]:
    times = iter(moments)
    return lambda: next(times)


def test_an_id_is_a_uuid_of_version_7_that_holds_its_time() -> None:
    made = TimeIds(clock=lambda: NOON)()
    parsed = uuid.UUID(made)
    assert str(parsed) == made
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert parsed.int >> 80 == int(NOON.timestamp() * 1000)


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=50))
def test_ids_grow_whatever_the_clock_does(steps: list[int]) -> None:
    ids = TimeIds(clock=stopped_at(*(NOON + timedelta(milliseconds=step) for step in steps)))
    made = [ids() for _ in steps]
    assert made == sorted(set(made))


def test_a_full_counter_borrows_from_the_next_millisecond() -> None:
    ids = TimeIds(clock=lambda: NOON, random_bits=lambda bits: (1 << bits) - 1)
    made = [ids() for _ in range(2050)]
    assert made == sorted(set(made))
    assert uuid.UUID(made[-1]).int >> 80 == int(NOON.timestamp() * 1000) + 1


def test_the_programs_own_ids_differ() -> None:
    assert new_id() < new_id()
