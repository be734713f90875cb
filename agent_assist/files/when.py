"""Dates and times as people and shop systems write them."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y%m%d",
    "%Y%m%d%H%M%S",
    "%m-%d-%Y %H:%M:%S",
    "%m-%d-%Y %H:%M",
    "%m-%d-%Y %I:%M:%S %p",
    "%m-%d-%Y %I:%M %p",
    "%m-%d-%Y",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y",
)


def parse_when(value: object) -> datetime:
    """An aware datetime from ISO 8601, `2026/11/2 9:30`, `2026年11月2日 9:30`, RFC 2822, or Unix seconds or ms.

    Without a zone it is taken as local time. `11/2/2026` is month first where that makes a date, else day first.
    Raises ValueError.
    """
    if isinstance(value, datetime):
        return aware(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_unix(float(value))
    text = str(value).strip()
    try:
        return aware(datetime.fromisoformat(text)) if not text.isdigit() else _from_digits(text)
    except ValueError:
        pass
    try:
        return aware(parsedate_to_datetime(text))
    except (ValueError, TypeError):
        return aware(_by_pattern(text))


def aware(when: datetime) -> datetime:
    """`when` with a zone; naive means local time."""
    if when.tzinfo is not None:
        return when
    try:
        return when.astimezone()
    except (OverflowError, OSError) as error:
        raise ValueError(f"{when.isoformat()} is out of range") from error


def _from_digits(text: str) -> datetime:
    if len(text) in (10, 13):
        return _from_unix(float(text))
    return aware(_by_pattern(text))


def _from_unix(number: float) -> datetime:
    """Seconds, or milliseconds where seconds would lie after the year 5000."""
    try:
        return datetime.fromtimestamp(number / 1000 if abs(number) > 1e11 else number, tz=UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("The number is no time") from error


def _by_pattern(text: str) -> datetime:
    text = _CHINESE.sub(r"\1-\2-\3 ", text).replace("：", ":").replace("时", ":").replace("分", ":").replace("秒", "")
    date, _, time = text.strip().partition(" ")
    text = f"{date.replace('/', '-').replace('.', '-')} {time.strip().rstrip(':')}".strip()
    for pattern in _FORMATS:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    raise ValueError(f"{text[:40]!r} is no date that this program knows")
