"""Slots in reviewed texts: `{order_number}` or `{订单号}` stands for what ticket and order say at the time of sending.

A slot is a pair of braces around one word. Braces around anything else (`{}`, `{1}`, `{ "a": 1 }`) are text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

NAMES: dict[str, tuple[str, ...]] = {
    "customer_name": ("name", "customer", "客户姓名", "顾客姓名", "客户名", "客户", "顾客", "姓名", "买家", "收件人"),
    "order_number": ("order", "order_no", "order_id", "订单号", "订单编号", "订单"),
    "order_status": ("status", "订单状态", "状态"),
    "order_date": ("ordered_on", "下单日期", "下单时间", "订单日期"),
    "carrier": ("courier", "快递公司", "物流公司", "快递", "承运商"),
    "tracking_number": ("tracking", "tracking_no", "运单号", "快递单号", "物流单号", "运单编号"),
    "latest_update": ("latest", "parcel_status", "物流进度", "最新物流", "最新进度"),
    "product": ("item", "product_name", "商品", "商品名", "商品名称", "产品", "产品名称"),
    "amount": ("total", "price", "金额", "实付金额", "订单金额"),
    "agent": ("agent_name", "客服", "客服姓名", "客服名"),
    "shop": ("shop_name", "店铺", "店铺名", "店名"),
    # Nothing in ticket or order says which one is meant: these are for the agent to write.
    "date": ("日期", "时间"),
    "phone": ("电话", "手机号"),
    "email": ("邮箱",),
    "address": ("地址", "收货地址"),
    "number": ("编号", "号码"),
}
"""What is known: the slot's own name, and the other words for it."""

_SLOT = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]{0,39}|[\u3400-\u9fff][\u3400-\u9fffA-Za-z0-9_]{0,19})\}")
_BY_WORD = {word: name for name, words in NAMES.items() for word in (name, *words)}


@dataclass(frozen=True, slots=True)
class Slot:
    """Characters `start` to `end` of a text are a slot; `name` is the known one it means, "" for none."""

    start: int
    end: int
    word: str
    name: str


def find_slots(text: str) -> list[Slot]:
    """Everything in `text` that is written as a slot, known or not, in order of place."""
    return [
        Slot(match.start(), match.end(), match[1], _BY_WORD.get(match[1].lower(), "")) for match in _SLOT.finditer(text)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledText:
    """A text whose slots were filled as far as they are known. Places are in this `text`: a filled slot is its value,
    an open one the slot as it was written. With an open slot the text must not be sent as it is."""

    text: str
    filled: tuple[Slot, ...]
    open: tuple[Slot, ...]

    @property
    def open_words(self) -> tuple[str, ...]:
        """The open slots as they are written, each once."""
        return tuple(dict.fromkeys(slot.word for slot in self.open))


def fill_slots(text: str, values: Mapping[str, str]) -> FilledText:
    """Put `values` (by the known names of slots; an empty one counts as unknown) into `text`, all else as it is."""
    parts: list[str] = []
    filled: list[Slot] = []
    left: list[Slot] = []
    place = length = 0
    for slot in find_slots(text):
        value = values.get(slot.name, "").strip()
        written = value or text[slot.start : slot.end]
        parts += [text[place : slot.start], written]
        start = length + slot.start - place
        length, place = start + len(written), slot.end
        (filled if value else left).append(Slot(start, length, slot.word, slot.name))
    return FilledText(text="".join([*parts, text[place:]]), filled=tuple(filled), open=tuple(left))
