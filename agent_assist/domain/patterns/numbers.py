"""Numbers as people write them: 1,299.50 / 三百二十 / 两万五 / 1.2万 / twenty-five, as exact decimals.

Also the pieces of regular expressions from which the other rules build theirs. Patterns expect `spans.fold`ed text.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from agent_assist.domain.patterns.spans import fold

# Every repeat is bounded and every start guarded: endless runs of digits must cost linear time.
DIGITS = r"(?<![0-9])(?<![0-9][.,])(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,15})(?:\.[0-9]{1,9})?(?![0-9])"
_HAN_CHARS = "零〇一二两俩三四五六七八九十百千万亿半壹贰叁肆伍陆柒捌玖拾佰仟仨"
HAN = f"[{_HAN_CHARS}]{{1,20}}"
NUMBER = rf"(?:{DIGITS}[百千万亿]{{0,2}}|{HAN})"

_UNIT_NAMES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TEN_NAMES = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS_EN = {word: value for value, word in enumerate(_UNIT_NAMES.split())}
_TENS_EN = {word: 10 * (i + 2) for i, word in enumerate(_TEN_NAMES.split())}
_SCALES_EN = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}
_PLAIN_EN = {**_UNITS_EN, **_TENS_EN, "a": 1, "an": 1, "half": 0.5, "couple": 2}
_WORD_EN = "|".join(sorted([*_UNITS_EN, *_TENS_EN], key=len, reverse=True))
_ONE_EN = rf"an?(?![ -](?:{_WORD_EN})\b)"  # "a one-piece" is not two
ENGLISH = (
    rf"\b(?:(?:{_WORD_EN}|{_ONE_EN})(?:[ -](?:hundred|thousand|dozen|{_WORD_EN}|and(?= (?:{_WORD_EN})\b))){{0,6}})\b"
)

_DIGIT_OF = {char: i for i, char in enumerate("零一二三四五六七八九")}
_DIGIT_OF |= {char: i for i, char in enumerate("〇壹贰叁肆伍陆柒捌玖")} | {"两": 2, "俩": 2, "仨": 3}
_SCALE_OF = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE_OF = {"万": 10_000, "亿": 100_000_000}
_ARABIC = re.compile(rf"({DIGITS})\s*([百千万亿]{{0,2}}|k|w)")
_NUMBERS = re.compile(rf"{NUMBER}|{ENGLISH}")
_THOUSAND = Decimal(1000)
# A single Han numeral is a number only before one of these.
_COUNTED = set(
    "元块毛角分天日周月年号小时点折成倍次件双个条台部套只盒瓶包袋箱把张本支罐份卷对顶副枚颗片辆床斤克米寸码位笔单"
)


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A number in a text: `text[start:end]` says `value`."""

    start: int
    end: int
    text: str
    value: Decimal


def parse_number(text: str) -> Decimal | None:
    """The value of one written number (Arabic, Chinese or English); None when `text` is not exactly one number."""
    folded = fold(text).strip()
    arabic = _ARABIC.fullmatch(folded)
    if arabic:
        return Decimal(arabic[1].replace(",", "")) * _scale(arabic[2])
    if folded and all(char in _HAN_CHARS for char in folded):
        return _parse_han(folded)
    return _parse_english(folded)


def normalise_number(text: str) -> str:
    """`parse_number` in plain decimal notation without needless zeros ("两千五" -> "2500"), "" for no number."""
    value = parse_number(text)
    return "" if value is None else plain(value)


def plain(value: Decimal) -> str:
    """Decimal notation without exponent and trailing zeros."""
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def find_numbers(text: str) -> list[NumberSpan]:
    """Every number in `text`, in order; digits inside words ("A4", "GF2611020017") are no numbers."""
    folded = fold(text)
    found = []
    for match in _NUMBERS.finditer(folded):
        start, end = match.span()
        value = None if _is_word(folded, match) else parse_number(match[0])
        if value is not None:
            found.append(NumberSpan(start, end, text[start:end], value))
    return found


def _is_word(folded: str, match: re.Match[str]) -> bool:
    """GF2611020017, 一直, 十分 and "this one" count nothing."""
    start, end = match.span()
    before, after = folded[start - 1 : start], folded[end : end + 1]
    if match[0][0].isdigit():
        return before.isascii() and (before.isalpha() or before == "_")
    if match[0] in {"a", "an"}:
        return True
    if match[0] == "one":
        return folded[max(0, start - 8) : start].split()[-1:] in (
            ["this"],
            ["that"],
            ["the"],
            ["which"],
            ["another"],
            ["no"],
        )
    return (len(match[0]) == 1 and match[0] in _HAN_CHARS and after not in _COUNTED) or (
        match[0] == "十" and after == "分"
    )


def _scale(suffix: str) -> Decimal:
    product = {"k": _THOUSAND, "w": Decimal(10_000)}.get(suffix)
    if product is not None:
        return product
    product = Decimal(1)
    for char in suffix:
        product *= _SCALE_OF.get(char) or _LARGE_OF[char]
    return product


def _parse_han(text: str) -> Decimal | None:
    """Standard reading, with the short forms 两千五 (2500) and 三万二 (32000) and digit by digit 二零二六."""
    if text == "半":
        return Decimal("0.5")
    if text.endswith("半") and len(text) > 1:
        whole = _parse_han(text[:-1])
        return None if whole is None else whole + Decimal("0.5") * (_last_scale(text[:-1]))
    if "半" in text:
        return None
    if all(char in _DIGIT_OF for char in text):
        return Decimal("".join(str(_DIGIT_OF[char]) for char in text))
    return _parse_han_scaled(text)


def _last_scale(text: str) -> int:
    return _LARGE_OF.get(text[-1]) or _SCALE_OF.get(text[-1], 1)


def _parse_han_scaled(text: str) -> Decimal | None:
    if text[0] in "百千万亿佰仟":  # 千万, 万一 and 百般 are words, no numbers
        return None
    total = section = 0
    digit: int | None = None
    last_scale = 1
    for char in text:
        if char in _DIGIT_OF:
            if digit:
                return None
            digit = _DIGIT_OF[char]
            last_scale = last_scale if digit else 1
        elif char in _SCALE_OF:
            last_scale = _SCALE_OF[char]
            section += (1 if digit is None else digit) * last_scale
            digit = None
        else:
            last_scale = _LARGE_OF[char]
            total = (total + section + (digit or 0)) * last_scale
            section, digit = 0, None
    if digit and last_scale >= 100:  # 两千五, 三万二: the last digit counts tenths of the scale before it
        digit *= last_scale // 10
    return Decimal(total + section + (digit or 0))


def _parse_english(text: str) -> Decimal | None:
    total = current = Decimal(0)
    words = text.replace("-", " ").split()
    if not words:
        return None
    for word in words:
        if word in _PLAIN_EN:
            current += Decimal(str(_PLAIN_EN[word]))
        elif word in {"hundred", "dozen"}:
            current = (current or Decimal(1)) * _SCALES_EN[word]
        elif word in _SCALES_EN:
            total += (current or Decimal(1)) * _SCALES_EN[word]
            current = Decimal(0)
        elif word != "and":
            return None
    return total + current
