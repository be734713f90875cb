"""How domain values become columns: JSON bodies and whole microseconds."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from agent_assist.errors import InputError

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def encode(value: Any) -> str:
    """A domain dataclass as JSON text."""
    return msgspec.json.encode(value).decode()


def decode(body: str, kind: type[T]) -> T:
    """The value of type `kind` that `encode` made `body` of."""
    return msgspec.json.decode(body, type=kind)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC, exactly. Raises `InputError` for a time without a time zone."""
    if moment.tzinfo is None:
        raise InputError("A time without a time zone cannot be stored. Give the time zone.")
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + timedelta(microseconds=micros)
