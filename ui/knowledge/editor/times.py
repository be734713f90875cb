"""Times as people write them in a field. No Qt."""

from datetime import datetime


def parse_time(text: str) -> datetime | None:
    """ "2026-12-31" or "2026-12-31 18:00" in local time, None for nothing. Raises `ValueError`."""
    text = text.strip().replace("/", "-").replace("：", ":")
    return datetime.fromisoformat(text).astimezone() if text else None


def time_text(moment: datetime | None) -> str:
    """A time as `parse_time` reads it; midnight is left out."""
    if moment is None:
        return ""
    local = moment.astimezone()
    return f"{local:%Y-%m-%d}" if (local.hour, local.minute) == (0, 0) else f"{local:%Y-%m-%d %H:%M}"
