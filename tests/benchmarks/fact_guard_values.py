"""Values for the slots of fact_guard_drafts.jsonl, each written in the ways that shops and agents write it.

`{days1}` is one number of days on a page, "7天" in the passage and 七天 or 一周 in the draft. `distinct` keys keep two
slots of a page from meaning the same.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

DIGITS_HAN = "零一二三四五六七八九"
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WORDS_EN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@dataclass(frozen=True)
class Value:
    """What a slot stands for: its type, a key that tells values apart, and how it is written."""

    kind: str
    key: str
    forms: tuple[str, ...]

    def write(self, dice: random.Random) -> str:
        return dice.choice(self.forms)


def han(number: int, *, counting: bool = False) -> str:
    """7 -> 七, 24 -> 二十四, 120 -> 一百二十; two of something is 两."""
    if number == 2 and counting:
        return "两"
    if number < 10:
        return DIGITS_HAN[number]
    if number < 20:
        return "十" + (DIGITS_HAN[number % 10] if number % 10 else "")
    if number < 100:
        return DIGITS_HAN[number // 10] + "十" + (DIGITS_HAN[number % 10] if number % 10 else "")
    rest = number % 100
    tail = (
        "" if not rest else ("零" if rest < 10 else "") + (han(rest) if rest >= 20 or rest < 10 else "一" + han(rest))
    )
    return DIGITS_HAN[number // 100] + "百" + tail


def _spell(number: int) -> str:
    return _WORDS_EN[number] if number < len(_WORDS_EN) else str(number)


def _length(unit: str, minutes: int) -> Callable[[random.Random, str], Value]:
    pools = {
        "days": (2, 3, 5, 7, 8, 10, 12, 14, 15, 18, 20, 21, 25, 40, 45, 50, 100),
        "hours": (2, 3, 4, 5, 6, 8, 10, 12, 16, 18, 20, 24, 26, 36, 48, 72),
        "mins": (5, 8, 10, 15, 20, 25, 30, 40, 45),
        "weeks": (2, 3, 4, 5, 6, 8, 10),
        "months": (2, 3, 4, 5, 6, 8, 9, 12, 15, 18, 24, 30, 36),
        "years": (2, 3, 4, 5, 6, 8, 10),
    }

    def draw(dice: random.Random, language: str) -> Value:
        number = dice.choice(pools[unit])
        months = number * (12 if unit == "years" else 1) if unit in {"months", "years"} else 0
        key = f"{months}mon" if months else f"{number * minutes}min"
        forms = _length_zh(unit, number) if language == "zh" else _length_en(unit, number)
        return Value("duration", key, tuple(forms))

    return draw


def _length_zh(unit: str, number: int) -> Iterable[str]:
    word = {"days": "天", "hours": "小时", "mins": "分钟", "weeks": "周", "months": "个月", "years": "年"}[unit]
    yield from (f"{number}{word}", f"{number}{word}", f"{number} {word}", f"{han(number, counting=True)}{word}")
    if unit == "days" and number in {7, 14, 21}:
        yield f"{han(number // 7, counting=True)}周"
    if unit == "hours":
        yield f"{number}个小时"
    if unit == "hours" and number in {48, 72}:
        yield f"{number // 24}天"
    if unit == "months" and number in {12, 24, 36}:
        yield f"{han(number // 12, counting=True)}年"
    if unit == "months" and number in {6, 18}:
        yield {6: "半年", 18: "一年半"}[number]


def _length_en(unit: str, number: int) -> Iterable[str]:
    word = {"mins": "minutes"}.get(unit, unit)
    yield from (f"{number} {word}", f"{number} {word}", f"{_spell(number)} {word}")
    if unit == "days" and number in {7, 14, 21}:
        yield {7: "one week", 14: "two weeks", 21: "three weeks"}[number]
    if unit == "weeks" and number == 2:
        yield "14 days"
    if unit == "months" and number in {12, 24, 36}:
        yield {12: "one year", 24: "two years", 36: "three years"}[number]
    if unit == "hours" and number in {48, 72}:
        yield f"{number // 24} days"


def _amount(dice: random.Random, language: str) -> Value:
    number = dice.choice((dice.randint(5, 60), dice.randint(61, 400), dice.randint(401, 4999)))
    cents = dice.choice(("", "", "", ".90", ".50"))
    plain, grouped = f"{number}{cents}", f"{number:,}{cents}"
    short = plain.removesuffix("0") if cents else plain
    if language == "zh":
        forms = (f"{plain}元", f"{short}元", f"¥{grouped}", f"¥{plain}", f"{plain} 元", f"￥{plain}")
    else:
        forms = (f"${grouped}", f"${plain}", f"${grouped}", f"{plain} USD", f"US${plain}")
    return Value("amount", plain, forms)


def _percentage(dice: random.Random, language: str) -> Value:
    number = dice.choice((2, 3, 5, 8, 10, 12, 15, 18, 20, 25, 30, 35, 40, 45, 60, 70, 75, 85, 90))
    forms = (
        (f"{number}%", f"{number}%", f"百分之{han(number)}")
        if language == "zh"
        else (f"{number}%", f"{number} percent")
    )
    return Value("percentage", f"{number}%", forms)


def _rebate(dice: random.Random, _language: str) -> Value:
    number = dice.choice((95, 92, 88, 85, 82, 78, 75, 68, 65))
    pair = DIGITS_HAN[number // 10] + DIGITS_HAN[number % 10]
    return Value("percentage", f"{100 - number}%", (f"{number}折", f"{pair}折", f"{number / 10}折"))


def _count(dice: random.Random, language: str) -> Value:
    number = dice.choice((2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 24, 50, 200, 350, 500))
    spelled = han(number, counting=True) if language == "zh" else _spell(number)
    return Value("number", str(number), (str(number), str(number), spelled) if number < 11 else (str(number),))


def _measure(kind: str, zh: tuple[str, ...], en: tuple[str, ...], numbers: tuple[float, ...]) -> Callable[..., Value]:
    def draw(dice: random.Random, language: str) -> Value:
        number = dice.choice(numbers)
        return Value(
            "number", f"{kind}{number:g}", tuple(f"{number:g}{unit}" for unit in (zh if language == "zh" else en))
        )

    return draw


def _clock(dice: random.Random, language: str) -> Value:
    hour, minute = dice.choice((7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)), dice.choice((0, 0, 30))
    part = "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
    short, half = (hour - 1) % 12 + 1, "半" if minute else ""
    if language == "zh":
        forms = (f"{hour}:{minute:02}", f"{hour}:{minute:02}", f"{part}{short}点{half}")
    else:
        tail = "am" if hour < 12 else "pm"
        spoken = f"{short}:{minute:02} {tail}" if minute else f"{short} {tail}"
        forms = (f"{hour}:{minute:02}", spoken, spoken.replace("m", ".m.").replace(" a.m.", " a.m."))
        forms = (forms[0], forms[1], f"{short}:{minute:02} {tail}")
    return Value("date", f"{hour}:{minute}", forms)


def _date(dice: random.Random, language: str) -> Value:
    month, day = dice.randint(1, 12), dice.randint(2, 28)
    name = MONTHS_EN[month - 1]
    if language == "zh":
        forms: tuple[str, ...] = (f"{month}月{day}日", f"{month}月{day}号", f"{month}月{day}日")
    else:
        forms = (f"{name} {day}", f"{day} {name}", f"{name[:3]} {day}")
    return Value("date", f"{month}-{day}", forms)


def _iso(dice: random.Random, language: str) -> Value:
    value = _date(dice, language)
    month, day = map(int, value.key.split("-"))
    more = (f"2026年{month}月{day}日",) if language == "zh" else (f"{MONTHS_EN[month - 1]} {day}, 2026",)
    return Value("date", value.key, (f"2026-{month:02}-{day:02}", *value.forms, *more))


def _digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choice("0123456789") for _ in range(count))


def _order(dice: random.Random, _language: str) -> Value:
    number = f"{dice.choice(('GF', 'DD', '', 'SO'))}{dice.randint(1, 9)}{_digits(dice, 9)}"
    return Value("identifier", number, (number,))


def _track(dice: random.Random, _language: str) -> Value:
    number = f"{dice.choice(('SF', 'YT', 'JD'))}{dice.randint(1, 9)}{_digits(dice, 12)}"
    return Value("identifier", number, (number,))


def _phone(dice: random.Random, _language: str) -> Value:
    parts = ("400", f"{dice.randint(2, 9)}{_digits(dice, 2)}", _digits(dice, 4))
    return Value("identifier", "".join(parts), ("-".join(parts), "-".join(parts), " ".join(parts)))


def _mail(dice: random.Random, _language: str) -> Value:
    name, shop = dice.choice(("help", "service", "care", "hello")), dice.choice(("lumora", "veltis"))
    address = f"{name}{dice.randint(1, 99)}@{shop}.example"
    return Value("identifier", address, (address,))


def _model(dice: random.Random, _language: str) -> Value:
    letters, number = "".join(dice.choices("ABCDEFGHKLMNPRSTVWXYZ", k=dice.choice((1, 2)))), dice.randint(20, 990)
    written = f"{letters}{dice.choice(('-', ''))}{number}"
    return Value("product", f"{letters}{number}", (written,))


_PRODUCTS = (
    ("空气炸锅", "air fryer"), ("双肩包", "backpack"), ("羽绒服", "down jacket"), ("台灯", "desk lamp"),
    ("保温杯", "thermos cup"), ("机械键盘", "mechanical keyboard"), ("吹风机", "hair dryer"), ("瑜伽垫", "yoga mat"),
    ("电饭煲", "rice cooker"), ("蓝牙音箱", "bluetooth speaker"), ("办公椅", "office chair"), ("加湿器", "humidifier"),
)  # fmt: skip


def _product(dice: random.Random, language: str) -> Value:
    names = dice.choice(_PRODUCTS)
    return Value("product", names[1], (names[0] if language == "zh" else names[1],))


_LENGTH = (0.6, 0.8, 1.2, 1.5, 1.8, 2, 2.5, 3, 5, 10, 20, 50)
DRAWN: Mapping[str, Callable[[random.Random, str], Value]] = {
    "days": _length("days", 1440),
    "hours": _length("hours", 60),
    "mins": _length("mins", 1),
    "weeks": _length("weeks", 10_080),
    "months": _length("months", 0),
    "years": _length("years", 0),
    "amt": _amount,
    "pct": _percentage,
    "off": _rebate,
    "n": _count,
    "clock": _clock,
    "date": _date,
    "iso": _iso,
    "order": _order,
    "track": _track,
    "tel": _phone,
    "mail": _mail,
    "model": _model,
    "prod": _product,
    "kg": _measure(
        "kg",
        ("kg", "公斤", "千克"),
        ("kg", " kg"),
        (0.3, 0.8, 1.2, 1.8, 2.4, 3, 5, 8, 10, 12, 15, 18, 22, 25, 80, 120, 150),
    ),
    "g": _measure("g", ("g", "克"), ("g", " g"), (20, 50, 85, 120, 180, 240, 310, 450)),
    "cm": _measure(
        "cm",
        ("cm", "厘米", "公分"),
        ("cm", " cm"),
        (12, 18, 24, 25.5, 26, 35, 42, 48, 60, 72, 85, 95, 105, 120, 135, 150, 165, 180),
    ),
    "m": _measure("m", ("米", "m"), ("m", " m"), _LENGTH),
    "mm": _measure("mm", ("mm",), (" mm", "mm"), (1500, 2000, 3000, 4000, 5000)),
    "km": _measure("km", ("公里",), (" km", "km"), (40, 60, 75, 80, 90, 110, 130, 150, 200, 250, 300)),
    "ml": _measure("ml", ("ml", "毫升"), ("ml", " ml"), (5, 10, 30, 50, 100, 250, 350, 500, 800, 1200, 1700)),
    "l": _measure("l", ("升", "L"), ("L", " litres"), (0.7, 1.1, 1.4, 1.7, 2.2, 35, 38, 62, 70, 95, 110)),
    "watt": _measure("w", ("W", "瓦"), ("W", " W"), (20, 30, 45, 65, 300, 500, 700, 900, 1200, 1500, 1800, 2000, 2200)),
    "mah": _measure("mah", ("mAh", "毫安"), ("mAh",), (5000, 10000, 15000, 20000, 26800, 30000)),
    "gb": _measure("gb", ("GB",), (" GB", "GB"), (5, 16, 50, 64, 100, 128, 200, 256, 512)),
    "temp": _measure("c", ("℃", "度", "°C"), ("°C", " °C"), (5, 8, 10, 18, 20, 25, 30, 40, 60)),
    "sqm": _measure("sqm", ("平方米",), (" sqm", "sqm"), (6, 8, 9, 11, 12, 14)),
}
