"""Whether and when an article may be used, as people write it in a column: status and dates of validity."""

import re
from datetime import datetime, timedelta

from agent_assist.domain.knowledge import ArticleStatus
from agent_assist.errors import ImportRowError
from agent_assist.files.table import name_key
from agent_assist.files.when import parse_when

_STATUS_NAMES = {
    ArticleStatus.DRAFT: "draft, unreviewed, pending, in review, to review,"
    "草稿, 待审核, 待审, 未审核, 审核中, 草擬, 待審核",
    ArticleStatus.APPROVED: "approved, published, active, allowed, reviewed, live, yes,"
    "已审核, 审核通过, 已批准, 已发布, 发布, 启用, 已启用, 生效, 有效, 通过, 已審核, 已發佈, 啟用",
    ArticleStatus.BLOCKED: "blocked, disabled, inactive, archived, retired, withdrawn, no,"
    "停用, 已停用, 禁用, 已禁用, 作废, 下线, 已下线, 归档, 已归档, 失效, 无效, 禁止, 停用中, 作廢, 歸檔",
}
_STATUSES = {name_key(name): status for status, names in _STATUS_NAMES.items() for name in names.split(",")}
_WITHOUT_LIMIT = frozenset(
    {"", "none", "forever", "always", "nolimit", "永久", "永久有效", "长期", "长期有效", "無", "无"}
)
_MIDNIGHT = re.compile(r"[ ]0?0:00(?::00(?:\.0+)?)?$")
_CLOCK = re.compile(r"\d[T:：时時]|\d\s*[AaPp][Mm]$")


def parse_status(text: str) -> ArticleStatus:
    """The status that `text` names; approved where it is empty. Raises ImportRowError."""
    key = name_key(text)
    if key and key not in _STATUSES:
        raise ImportRowError(f"The status {text[:40]!r} is unknown; known are draft, approved and blocked.")
    return _STATUSES.get(key, ArticleStatus.APPROVED)


def parse_validity(first: object, last: object) -> tuple[datetime | None, datetime | None]:
    """`(valid_from, valid_until)` as an article has them. Raises ImportRowError.

    An end without a time of day holds through that day, so it becomes the start of the next one.
    """
    start = _moment(first, "start")
    end = _moment(last, "end")
    if end is not None and _is_day(last):
        end += timedelta(days=1)
    if start is not None and end is not None and start >= end:
        raise ImportRowError("The end of the validity lies before its start.")
    return start, end


def _moment(value: object, name: str) -> datetime | None:
    if value is None or name_key(str(value)) in _WITHOUT_LIMIT:
        return None
    try:
        return parse_when(value)
    except (ValueError, OverflowError):
        raise ImportRowError(
            f"The {name} of the validity, {str(value)[:40]!r}, is no date; write it as 2026-12-31."
        ) from None


def _is_day(value: object) -> bool:
    """True for a date alone; a spreadsheet's date reads as midnight."""
    text = str(value).strip()
    if isinstance(value, (int, float)) or (text.isdigit() and len(text) in (10, 13)):
        return False
    return bool(_MIDNIGHT.search(text)) or not _CLOCK.search(text)
