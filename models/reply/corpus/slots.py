"""Values for the slots of the reply corpus: `{days1}` in a note, a question and a reply is the same number.

A slot's type is its name without digits. Plain types are the same text in both languages; paired types have a
Chinese and an English form. Drawing other values for every row is what teaches the model to carry facts over
instead of learning them.
"""

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

SLOT = re.compile(r"\{([a-z]+)(\d*)\}")
LANGUAGES = ("zh", "en")

_PLAIN: Mapping[str, tuple[object, ...]] = {
    "days": (2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15, 18, 20, 21, 25, 28, 30, 35, 40, 45, 60, 90, 100, 120),
    "hours": (2, 3, 4, 6, 8, 10, 12, 16, 18, 24, 36, 48, 72, 96),
    "mins": (3, 5, 8, 10, 12, 15, 20, 25, 30, 40, 45, 50, 60, 90),
    "n": (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 20),
    "months": (2, 3, 4, 6, 8, 9, 12, 15, 18, 24, 30, 36, 48),
    "years": (2, 3, 4, 5, 6, 7, 8, 10),
    "pct": (2, 3, 5, 8, 10, 12, 15, 18, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 85, 90, 95),
    "temp": (20, 30, 35, 40, 45, 60, 70, 80, 90, 100, 120, 160, 180, 200),
    "clock": ("8:00", "8:30", "9:00", "9:30", "10:00", "11:00", "12:00", "14:00", "15:00", "15:30", "16:00", "17:00",
              "17:30", "18:00", "19:00", "20:00", "21:00", "22:00", "23:00"),
    "brand": ("Lumora", "Veltis", "Norvik", "Aerlo", "Tamsi", "Quillo", "Brisk", "Orvane", "Solaq", "Kitewell",
              "Pinehall", "Maruva", "Dotmay", "Fenwick", "Halden", "Ostrel", "Rivona", "Yarrow", "Zephra", "Cobalt"),
}  # fmt: skip

_PAIRED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "prod": (
        ("无线耳机", "wireless earbuds"), ("电热水壶", "electric kettle"), ("空气炸锅", "air fryer"),
        ("双肩包", "backpack"), ("羽绒服", "down jacket"), ("台灯", "desk lamp"), ("保温杯", "thermos cup"),
        ("充电宝", "power bank"), ("机械键盘", "mechanical keyboard"), ("智能手表", "smart watch"),
        ("扫地机器人", "robot vacuum"), ("行李箱", "suitcase"), ("连衣裙", "dress"), ("跑步鞋", "running shoes"),
        ("吹风机", "hair dryer"), ("咖啡机", "coffee machine"), ("加湿器", "humidifier"), ("瑜伽垫", "yoga mat"),
        ("电饭煲", "rice cooker"), ("蓝牙音箱", "bluetooth speaker"), ("办公椅", "office chair"),
        ("四件套", "bedding set"), ("平板支架", "tablet stand"), ("雨伞", "umbrella"),
        ("电动牙刷", "electric toothbrush"),
        ("帐篷", "tent"), ("毛衣", "sweater"), ("路由器", "router"), ("显示器", "monitor"),
        ("儿童水杯", "kids' bottle"),
    ),
    "color": (("黑色", "black"), ("白色", "white"), ("深蓝色", "navy"), ("墨绿色", "dark green"), ("米色", "beige"),
              ("灰色", "grey"), ("酒红色", "burgundy"), ("粉色", "pink"), ("卡其色", "khaki"), ("橙色", "orange")),
    "city": (("杭州", "Hangzhou"), ("广州", "Guangzhou"), ("成都", "Chengdu"), ("武汉", "Wuhan"), ("西安", "Xi'an"),
             ("苏州", "Suzhou"), ("青岛", "Qingdao"), ("长沙", "Changsha"), ("厦门", "Xiamen"), ("郑州", "Zhengzhou"),
             ("天津", "Tianjin"), ("昆明", "Kunming"), ("南京", "Nanjing"), ("合肥", "Hefei"), ("福州", "Fuzhou")),
    "carrier": (("顺丰", "SF Express"), ("圆通", "YTO"), ("中通", "ZTO"), ("京东物流", "JD Logistics"),
                ("韵达", "Yunda"), ("邮政EMS", "EMS"), ("极兔", "J&T"), ("德邦", "Deppon"), ("申通", "STO")),
    "pay": (("支付宝", "Alipay"), ("微信支付", "WeChat Pay"), ("银行卡", "bank card"), ("信用卡", "credit card"),
            ("云闪付", "UnionPay QuickPass"), ("PayPal", "PayPal"), ("Apple Pay", "Apple Pay")),
    "mat": (("纯棉", "cotton"), ("真丝", "silk"), ("羊毛", "wool"), ("不锈钢", "stainless steel"),
            ("尼龙", "nylon"),
            ("头层牛皮", "full-grain leather"), ("亚麻", "linen"), ("硅胶", "silicone"), ("陶瓷", "ceramic"),
            ("竹纤维", "bamboo fibre")),
    "gift": (("帆布袋", "a canvas bag"), ("收纳盒", "a storage box"), ("手机支架", "a phone stand"),
             ("运动毛巾", "a sports towel"), ("清洁套装", "a cleaning kit"), ("替换滤芯", "a spare filter"),
             ("马克杯", "a mug"), ("钥匙扣", "a key ring")),
}  # fmt: skip

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def _amount(rng: random.Random) -> str:
    whole = rng.choice((rng.randint(5, 60), rng.randint(10, 400), rng.randint(50, 1999)))
    return rng.choice((f"{whole}", f"{whole}", f"{whole}", f"{whole}.9", f"{whole}.50"))


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _order(rng: random.Random) -> str:
    prefix = rng.choice(("GF", "GF", "DD", "NO", "", "", "A", "SO-", "#"))
    return prefix + rng.choice("123456789") + _digits(rng, rng.choice((5, 7, 9, 11)))


def _track(rng: random.Random) -> str:
    prefix, count = rng.choice((("SF", 12), ("YT", 13), ("JD", 11), ("7", 13), ("1Z", 12), ("EA", 9), ("78", 12)))
    return prefix + _digits(rng, count)


def _phone(rng: random.Random) -> str:
    return rng.choice((f"400-{_digits(rng, 3)}-{_digits(rng, 4)}", f"0{rng.randint(21, 29)}-{_digits(rng, 8)}"))


def _mail(rng: random.Random) -> str:
    shop = rng.choice(("aftersale", "service", "help", "care", "support", "returns", "invoice"))
    return f"{shop}@{rng.choice(('lumora', 'norvik', 'veltis', 'quillo', 'greenfield', 'tamsi'))}.example"


def _code(rng: random.Random) -> str:
    return "".join(rng.choice(_LETTERS) for _ in range(rng.randint(3, 5))) + str(rng.randint(5, 99))


def _model(rng: random.Random) -> str:
    return f"{rng.choice(_LETTERS)}{rng.choice(('', '-', rng.choice(_LETTERS)))}{rng.randint(2, 990)}"


_DRAWN: Mapping[str, Callable[[random.Random], object]] = {
    "amt": _amount,
    "big": lambda rng: rng.randint(20, 400) * 50,
    "order": _order,
    "track": _track,
    "tel": _phone,
    "mail": _mail,
    "code": _code,
    "model": _model,
    "cm": lambda rng: rng.randint(15, 200),
    "km": lambda rng: rng.randint(2, 80),
    "kg": lambda rng: rng.choice((0.3, 0.5, 0.8, 1.2, 1.5, 2.4, 3, 5, 8, 10, 12, 15, 20, 25, 30, 50)),
    "ml": lambda rng: rng.randint(3, 40) * 50,
    "mah": lambda rng: rng.randint(6, 60) * 500,
    "watt": lambda rng: rng.choice((5, 10, 15, 18, 20, 30, 45, 60, 65, 100, 120, 700, 1000, 1200, 1500, 1800, 2000)),
    "stock": lambda rng: rng.randint(2, 180),
    "price": lambda rng: f"{rng.randint(9, 999)}.{rng.choice(('00', '00', '90', '50', '99'))}",
    "iso": lambda rng: f"2026-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
    "stamp": lambda rng: (
        f"{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d} {rng.randint(6, 22):02d}:{rng.randint(0, 59):02d}"
    ),
    "mday": lambda rng: f"{rng.choice(_MONTHS)[:3]} {rng.randint(1, 28):02d}",
}

TYPES = frozenset((*_PLAIN, *_PAIRED, *_DRAWN, "date"))
# Values of these types read the same in either language, so a note in one may answer a question in the other.
LANGUAGE_FREE = frozenset((*_PLAIN, *_DRAWN)) - {"amt", "big"}


@dataclass(frozen=True, slots=True)
class Values:
    """The values drawn for one row; slots are keyed by their whole name ("days1")."""

    by_slot: Mapping[str, tuple[str, str]]

    def fill(self, text: str, language: str) -> str:
        """`text` with every slot replaced; KeyError for a slot that was not drawn."""
        index = LANGUAGES.index(language)
        return SLOT.sub(lambda match: self.by_slot[match[1] + match[2]][index], text)


def slots_of(texts: Iterable[str]) -> list[tuple[str, str]]:
    """(name, type) of each slot in order of first use."""
    found = {match[1] + match[2]: match[1] for text in texts for match in SLOT.finditer(text)}
    return list(found.items())


def draw(texts: Iterable[str], rng: random.Random) -> Values:
    """Values for all slots of `texts`; two slots never share a value. KeyError for an unknown type."""
    taken: set[str] = set()
    values: dict[str, tuple[str, str]] = {}
    for name, kind in slots_of(texts):
        pair = _draw_one(kind, rng)
        for _ in range(50):
            if pair[0] not in taken:
                break
            pair = _draw_one(kind, rng)
        taken.add(pair[0])
        values[name] = pair
    return Values(values)


def _draw_one(kind: str, rng: random.Random) -> tuple[str, str]:
    if kind in _PAIRED:
        return rng.choice(_PAIRED[kind])
    if kind == "date":
        month, day = rng.randint(1, 12), rng.randint(1, 28)
        return f"{month}月{day}日", f"{_MONTHS[month - 1]} {day}"
    value = str(rng.choice(_PLAIN[kind]) if kind in _PLAIN else _DRAWN[kind](rng))
    return value, value
