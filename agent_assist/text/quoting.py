"""What of a mail is new, and what is quoted earlier mail or signature.

Own rules: the libraries at hand either know English alone or cut too much for support mail (mail-parser-reply ends a
mail at a line that begins with "- " or "Thanks,", which loses lists of faulty items and the sentence after the thanks).
"""

import re
from collections.abc import Sequence

_DASHED = re.compile(
    r"^\s*[-—_=]{2,}\s*(?:Original( Message)?|Forwarded message|Reply(ing)? to message|Begin forwarded message"
    r"|原始邮件|原始郵件|原邮件|转发邮件|轉寄郵件|转发的邮件|回复的原邮件|回复的邮件|回覆的郵件)\s*[-—_=]{2,}\s*$",
    re.IGNORECASE,
)
_WROTE_END = re.compile(r"(?:\bwrote|写道|寫道)\s*[:：]\s*$", re.IGNORECASE)
_WROTE_START = re.compile(r"^\s*(?:On\b|在\s|在\d|于|於|发件人|\d{4}[-/年.]|\S+@\S+|\S.{0,40}<\S+@\S+>)", re.IGNORECASE)
_FROM = re.compile(r"^\s*\**(?:From|发件人|寄件者|寄件人)\**\s*[:：]", re.IGNORECASE)
_HEADER = re.compile(
    r"^\s*\**(?:Sent|Date|To|Cc|Subject|发送时间|发送日期|日期|时间|收件人|抄送|主题|寄件日期|傳送時間|收件者|主旨)\**\s*[:：]",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"^\s*(?:Sent from (?:my|Mail|Outlook|Yahoo)\b.*|Get Outlook for .*"
    r"|[发發](?:自|送自)\s*(?:我的|网易|網易|QQ|新浪|Outlook).*"
    r"|[来來]自\s*(?:我的|QQ|Outlook|网易).*|[从從](?:我的)?\s*\S{1,20}\s*[发發]送)\s*$",
    re.IGNORECASE,
)
_MAX_INTRO = 3  # "On Mon, 2 Nov 2026 at 09:30, Greenfield Goods <service@...> wrote:" wraps to this many lines
_MAX_SIGNATURE = 15


def split_quoted(text: str) -> tuple[str, str]:
    """`(new text, context)`. A mail that is nothing but quotes or a forward stays whole."""
    lines = text.split("\n")
    body, context = _cut_history(lines)
    body, signature = _cut_signature(body)
    new = "\n".join(body).strip()
    if not new:
        return text.strip(), ""
    return new, "\n".join([*signature, *context]).strip()


def _cut_history(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    body: list[str] = []
    context: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.lstrip().startswith(">"):
            context.append(line)
            index += 1
            continue
        end = _history_start(lines, index)
        if end and not _quotes_follow(lines, end):
            context.extend(lines[index:])
            break
        # An introduction to `> ` lines goes with them; what the customer wrote below them stays.
        (context if end else body).extend(lines[index : end or index + 1])
        index = end or index + 1
    return body, context


def _history_start(lines: Sequence[str], index: int) -> int:
    """Index after the introduction of quoted mail that begins at `index`; 0 where none does."""
    line = lines[index]
    if _DASHED.match(line) or (re.match(r"^\s*_{10,}\s*$", line) and _has_headers(lines, index + 1)):
        return index + 1
    if _has_headers(lines, index):
        return index + 1
    if _WROTE_START.match(line):
        for end in range(index, min(index + _MAX_INTRO, len(lines))):
            joined = " ".join(lines[index : end + 1])
            if _WROTE_END.search(joined) and any(char.isdigit() or char == "@" for char in joined):
                return end + 1
            if not lines[end].strip():
                break
    return 0


def _has_headers(lines: Sequence[str], index: int) -> bool:
    """A `From:` line with another mail header within the next three lines."""
    while index < len(lines) and not lines[index].strip():
        index += 1
    if index >= len(lines) or not _FROM.match(lines[index]):
        return False
    return any(_HEADER.match(line) for line in lines[index + 1 : index + 4])


def _quotes_follow(lines: Sequence[str], index: int) -> bool:
    following = (line for line in lines[index:] if line.strip())
    return next(following, "").lstrip().startswith(">")


def _cut_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    for index in range(max(0, len(lines) - _MAX_SIGNATURE), len(lines)):
        if lines[index].rstrip(" ") == "--":
            return lines[:index], lines[index:]
    last = [index for index, line in enumerate(lines) if line.strip()][-2:]
    for index in last:
        if _DEVICE.match(lines[index]):
            return lines[:index] + lines[index + 1 :], [lines[index]]
    return lines, []
