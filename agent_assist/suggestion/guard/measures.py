"""Sizes, weights, powers: 5kg, 10斤, 1.8 m, 500毫升, 65W, 5000mAh, 40°C, each in one unit of its kind."""

import re
from collections.abc import Iterator
from decimal import Decimal

from agent_assist.domain.patterns.numbers import DIGITS, HAN, parse_number, plain

# unit: (kind, how many of the kind's own unit)
_UNITS: dict[str, tuple[str, str]] = {
    "kg": ("g", "1000"), "公斤": ("g", "1000"), "千克": ("g", "1000"), "斤": ("g", "500"), "g": ("g", "1"),
    "克": ("g", "1"), "mg": ("g", "0.001"), "毫克": ("g", "0.001"), "吨": ("g", "1000000"), "lb": ("lb", "1"),
    "lbs": ("lb", "1"), "pound": ("lb", "1"), "pounds": ("lb", "1"), "oz": ("oz", "1"), "ounces": ("oz", "1"),
    "kilo": ("g", "1000"), "kilos": ("g", "1000"), "kilograms": ("g", "1000"), "grams": ("g", "1"),
    "mm": ("mm", "1"), "毫米": ("mm", "1"), "cm": ("mm", "10"), "厘米": ("mm", "10"), "公分": ("mm", "10"),
    "m": ("mm", "1000"), "米": ("mm", "1000"), "metres": ("mm", "1000"), "meters": ("mm", "1000"),
    "metre": ("mm", "1000"), "meter": ("mm", "1000"), "km": ("mm", "1000000"), "公里": ("mm", "1000000"),
    "千米": ("mm", "1000000"), "inch": ("inch", "1"), "inches": ("inch", "1"), "英寸": ("inch", "1"),
    "寸": ("inch", "1"), "ft": ("ft", "1"), "feet": ("ft", "1"), "mile": ("mile", "1"), "miles": ("mile", "1"),
    "ml": ("ml", "1"), "毫升": ("ml", "1"), "l": ("ml", "1000"), "升": ("ml", "1000"), "litre": ("ml", "1000"),
    "litres": ("ml", "1000"), "liter": ("ml", "1000"), "liters": ("ml", "1000"),
    "w": ("w", "1"), "瓦": ("w", "1"), "kw": ("w", "1000"), "千瓦": ("w", "1000"), "watt": ("w", "1"),
    "watts": ("w", "1"), "mah": ("mah", "1"), "毫安": ("mah", "1"), "毫安时": ("mah", "1"), "v": ("v", "1"),
    "伏": ("v", "1"), "volts": ("v", "1"), "hz": ("hz", "1"), "db": ("db", "1"), "分贝": ("db", "1"),
    "gb": ("mb", "1024"), "tb": ("mb", "1048576"), "mb": ("mb", "1"), "℃": ("c", "1"), "°c": ("c", "1"),
    "摄氏度": ("c", "1"), "度": ("c", "1"), "degrees": ("c", "1"), "平方米": ("m2", "1"), "平米": ("m2", "1"),
    "sqm": ("m2", "1"), "码": ("size", "1"), "rpm": ("rpm", "1"),
}  # fmt: skip
_NAMES = "|".join(
    re.escape(unit) + (r"(?![a-z0-9])" if unit.isascii() and unit.isalpha() else "")
    for unit in sorted(_UNITS, key=len, reverse=True)
)
_MEASURE = re.compile(rf"(?<![a-z0-9#-])(?P<n>{DIGITS}|{HAN})\s?-?\s?(?P<u>{_NAMES})")
_RANGE_START = re.compile(rf"(?<![a-z0-9#-])(?P<n>{DIGITS})(?=\s?(?:-|~|到|至|to)\s?{DIGITS}\s?(?P<u>{_NAMES}))")
# 适合L码, size XL: letters that count as a size.
_LETTER = re.compile(
    r"(?<![a-z0-9])(?P<x>[2-6]?x{1,4}[sl]|[sml])(?=码|号)|(?:size[ :：]|尺?码[ :：]?)(?P<y>[2-6]?x{1,4}[sl]|"
    r"[sml])(?![a-z0-9'])"
)
# 一度, 一寸 and 两码事 measure nothing.
_HAN_UNITS_OF_SPEECH = {"度", "寸", "码", "斤"}


def find_measures(folded: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, key) of each; a range such as 5-10kg gives both ends."""
    for match in (*_RANGE_START.finditer(folded), *_MEASURE.finditer(folded)):
        value = parse_number(match["n"])
        if value is None or (match["u"] in _HAN_UNITS_OF_SPEECH and not match["n"][0].isdigit() and value < 2):
            continue
        kind, factor = _UNITS[match["u"]]
        yield match.start(), match.end(), f"{kind}:{plain(value * Decimal(factor))}"
    for match in _LETTER.finditer(folded):
        letters = match["x"] or match["y"]
        start = match.start("x") if match["x"] else match.start("y")
        yield start, start + len(letters), f"letters:{_letters(letters)}"


def _letters(written: str) -> str:
    """XXL is 2XL."""
    count = written.count("x")
    if count > 1 and not written[0].isdigit():
        return f"{count}x{written[-1]}"
    return written
