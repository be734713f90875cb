"""The steps by which a text is cleaned. Traditional and simplified characters stay as they were written."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from html import unescape

from agent_assist.files.text import clean_text
from agent_assist.text.html_text import html_to_text
from agent_assist.text.quoting import split_quoted

Step = Callable[[str], str]


class Emoji(StrEnum):
    """What becomes of emoji: they say how a customer feels, so they are kept unless told otherwise."""

    KEEP = "keep"
    DROP = "drop"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """Which steps are taken; control characters, line ends and runs of blanks are always put right."""

    html: bool = True
    mail: bool = True
    width: bool = True
    emoji: Emoji = Emoji.KEEP


_ENTITY = re.compile(r"&(?:nbsp|amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
# Only what is a tag in HTML: <3, <a@b.com> and <order number> are what customers write.
_TAG = re.compile(
    r"<(?:!--|!doctype|/?(?:a|b|i|u|s|p|q|em|br|hr|h[1-6]|td|th|tr|ul|ol|li|dl|dt|dd|div|img|pre|sub|sup|big|body|code|font"
    r"|head|html|link|meta|span|form|input|label|small|style|table|tbody|thead|title|center|script|strong|section|article"
    r"|blockquote|button|footer|header)(?=[\s/>]))[^<>]*>",
    re.IGNORECASE,
)
_ZERO_WIDTH = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064]")
_BLANKS = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_BLANKS_AROUND_LINES = re.compile(" ?\n ?")

# Full-width letters, digits and signs to half width. Punctuation stays as Chinese sets it.
_STAYS = "，！？：；（）～"
_HALF = {0xFF01 + i: 0x21 + i for i in range(94) if chr(0xFF01 + i) not in _STAYS}
_HALF |= {ord("｡"): ord("。"), ord("｢"): ord("「"), ord("｣"): ord("」"), ord("､"): ord("、")}

_PICTURE = "[\u203c\u2049\u2139\u231a\u231b\u23e9-\u23fa\u2600-\u27bf\u2b00-\u2bff\u3030\u303d\U0001f000-\U0001faff]"
_FURTHER = "[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
_EMOJI = re.compile(f"(?:{_PICTURE}|[0-9#*](?=\ufe0f?\u20e3)){_FURTHER}*(?:\u200d{_PICTURE}{_FURTHER}*)*|{_FURTHER}")


def steps(cleaning: Cleaning) -> list[tuple[str, Step]]:
    """The steps in the order they are taken, each with the name it is counted under."""
    chosen: list[tuple[str, Step]] = []
    if cleaning.html:
        chosen.append(("html", without_html))
    chosen.append(("characters", lambda text: clean_text(_ZERO_WIDTH.sub("", text))))
    if cleaning.mail:
        chosen.append(("quotes", lambda text: split_quoted(text)[0]))
    if cleaning.width:
        chosen.append(("width", lambda text: text.translate(_HALF)))
    if cleaning.emoji is not Emoji.KEEP:
        chosen.append(("emoji", without_emoji if cleaning.emoji is Emoji.DROP else with_named_emoji))
    chosen.append(("blanks", with_single_blanks))
    return chosen


def without_html(text: str) -> str:
    """The words of HTML, also of HTML that was written as entities; a text without tags keeps its lines."""
    for _ in range(3):
        if (plain := _ENTITY.sub(lambda match: unescape(match[0]), text)) == text:
            break
        text = plain
    return html_to_text(text) if _TAG.search(text) else text


def without_emoji(text: str) -> str:
    """`text` without pictures; the digit of a keycap goes with it."""
    return _EMOJI.sub("", text)


def with_named_emoji(text: str) -> str:
    """Each picture as its Unicode name: `:grinning_face:`."""
    return _EMOJI.sub(lambda match: _named(match[0]), text)


def _named(picture: str) -> str:
    name = unicodedata.name(picture[0], "")
    return f":{name.lower().replace(' ', '_').replace('-', '_')}:" if re.match(_PICTURE, picture) and name else ""


def with_single_blanks(text: str) -> str:
    """Runs of blanks as one, none around line ends and at both ends."""
    return clean_text(_BLANKS_AROUND_LINES.sub("\n", _BLANKS.sub(" ", text)))
