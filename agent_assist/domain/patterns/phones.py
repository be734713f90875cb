"""Telephone numbers: Chinese mobile and fixed lines also glued to Chinese text, and international ones.

`phonenumbers` (Google's libphonenumber) judges everything but the plain Chinese mobile number; it is imported when
the first number asks for it, since it is large.
"""

import re
from collections.abc import Iterator

from agent_assist.domain.patterns.spans import Candidate, Rank

_CN_MOBILE = re.compile(r"(?<![0-9a-z])(?:(?:\+|00)?86[ -]?)?(1[3-9][0-9])[ -]?([0-9]{4})[ -]?([0-9]{4})(?![0-9a-z])")
_CN_FIXED = re.compile(
    r"(?<![0-9a-z])(?:\(?0[1-9][0-9]{1,2}\)?[ -]?[2-9][0-9]{6,7}|[48]00[ -]?[0-9]{3}[ -]?[0-9]{4})(?![0-9a-z])"
)
_INTERNATIONAL = re.compile(r"(?<![0-9a-z+])(?:\+|00(?=[1-9]))[1-9][0-9() .-]{6,18}[0-9](?![0-9a-z])")
_NATIONAL = re.compile(
    r"(?<![0-9a-z])(?:1[ .-])?\(?[0-9]{3}\)?[ .-]?[0-9]{3}[ .-]?[0-9]{4}(?![0-9a-z])"
    r"|(?<![0-9a-z])0[0-9]{2,4}[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}(?![0-9a-z])"
)
_GROUPED = re.compile(r"\(?[0-9]{3}\)?[ .-][0-9]{3}[.-][0-9]{4}|\([0-9]{3}\) ?[0-9]{3}[ .-][0-9]{4}")
_WORDS = re.compile(
    r"电话|手机|号码|联系|致电|拨打|座机|热线|tel|phone|call|mobile|cell|contact|reach|whats|text me|number|fax|ring"
)
_CONTEXT_REACH = 30


def find_phones(folded: str) -> Iterator[Candidate]:
    """Candidates in text that went through `spans.fold`; values in E.164 form (+8613800138000)."""
    for match in _CN_MOBILE.finditer(folded):
        yield Candidate("phone", *match.span(), Rank.PHONE, "+86" + "".join(match.groups()))
    for match in _INTERNATIONAL.finditer(folded):
        number = "+" + match[0].removeprefix("00").lstrip("+")
        yield from _judged(match, number, None, Rank.PHONE)
    for match in _CN_FIXED.finditer(folded):
        plain = "-" not in match[0] and " " not in match[0] and "(" not in match[0]
        if not plain or _near_phone_word(folded, match):
            yield from _judged(match, match[0], "CN", Rank.PHONE_WEAK if plain else Rank.PHONE)
    for match in _NATIONAL.finditer(folded):
        named = _near_phone_word(folded, match)
        if named or _GROUPED.search(match[0]):
            yield from _national(match, named)


def _near_phone_word(folded: str, match: re.Match[str]) -> bool:
    return _WORDS.search(folded, max(0, match.start() - _CONTEXT_REACH), match.start()) is not None


def _national(match: re.Match[str], named: bool) -> Iterator[Candidate]:
    """An English text's number without country code: North America, then the United Kingdom."""
    region = "GB" if match[0].lstrip("(").startswith("0") else "US"
    found = list(_judged(match, match[0], region, Rank.PHONE_WEAK))
    yield from found
    if not found and (named or _GROUPED.search(match[0])) and region == "US":
        digits = "".join(char for char in match[0] if char.isdigit())
        yield Candidate("phone", *match.span(), Rank.PHONE_WEAK, "+1" + digits[-10:], 0.8)


def _judged(match: re.Match[str], number: str, region: str | None, rank: Rank) -> Iterator[Candidate]:
    import phonenumbers  # 30 ms, and most messages hold no such number

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return
    if phonenumbers.is_valid_number(parsed) or (region is None and phonenumbers.is_possible_number(parsed)):
        value = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        yield Candidate("phone", *match.span(), rank, value)
