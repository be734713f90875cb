"""Identifiers that sort by time: UUID version 7 (RFC 9562, section 5.7)."""

import secrets
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

_COUNTER_BITS = 12
_RANDOM_BITS = 62


def utc_now() -> datetime:
    """The system's clock."""
    return datetime.now(UTC)


class TimeIds:
    """Makes UUIDs version 7 that grow strictly, also within a millisecond and when the clock is set back.

    Layout: 48 bits of Unix milliseconds, version, a 12-bit counter that starts at a random low value each
    millisecond (RFC 9562, section 6.2, method 1), variant, 62 random bits. A full counter borrows the next millisecond.
    """

    def __init__(
        self, *, clock: Callable[[], datetime] = utc_now, random_bits: Callable[[int], int] = secrets.randbits
    ) -> None:
        """`clock` gives timezone-aware times, `random_bits(k)` a number of `k` random bits."""
        self._clock = clock
        self._random_bits = random_bits
        self._lock = threading.Lock()
        self._milliseconds = 0
        self._counter = 0

    def __call__(self) -> str:
        """The next id in its canonical form of 36 characters."""
        with self._lock:
            milliseconds, counter = self._tick()
        number = milliseconds << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | self._random_bits(_RANDOM_BITS)
        return str(uuid.UUID(int=number))

    def _tick(self) -> tuple[int, int]:
        now = int(self._clock().timestamp() * 1000)
        if now > self._milliseconds:
            self._milliseconds = now
            self._counter = self._random_bits(_COUNTER_BITS - 1)  # the upper half is left to count in
        else:
            self._counter += 1
            if self._counter >> _COUNTER_BITS:
                self._milliseconds += 1
                self._counter = 0
        return self._milliseconds, self._counter


new_id = TimeIds()
"""The program's own source of event ids."""
