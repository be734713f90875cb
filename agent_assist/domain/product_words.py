"""A product as a short passage that a draft may rest on, in the language of the reply."""

from agent_assist.domain.language import Language, is_han
from agent_assist.domain.shop import Product

# What most shops name alike; other attributes keep the shop's own name.
_NAMES = {
    "colors": ("颜色", "Colours"),
    "color": ("颜色", "Colour"),
    "sizes": ("尺码", "Sizes"),
    "size": ("尺寸", "Size"),
    "battery": ("续航", "Battery"),
    "water_rating": ("防水等级", "Water rating"),
    "noise_cancelling": ("降噪", "Noise cancelling"),
    "weight": ("重量", "Weight"),
    "capacity": ("容量", "Capacity"),
    "power": ("功率", "Power"),
    "material": ("材质", "Material"),
    "voltage": ("电压", "Voltage"),
    "input": ("输入", "Input"),
    "fits": ("适配", "Fits"),
    "system": ("系统", "Works with"),
    "restock": ("预计到货", "Expected back"),
}


def product_passage(product: Product, *, language: Language) -> str:
    """Name, prices, whether it is in stock, and the attributes; the number in stock is the shop's own affair."""
    zh = language is Language.ZH
    raw = product.attributes or {}
    price = _price(product, language)
    stock = ("有货" if zh else "in stock") if product.stock > 0 else ("缺货" if zh else "out of stock")
    head = f"{product_title(product, language=language)}：{price}，{stock}" if zh else ""
    head = head or f"{product_title(product, language=language)}: {price}, {stock}"
    told = [(key, value) for key, value in raw.items() if not key.startswith("price_")]
    lines = [_line(key, value, language) for key, value in told if key != "restock" or product.stock <= 0]
    return "\n".join([head, *lines])


def product_title(product: Product, *, language: Language) -> str:
    """The name in the language, the other one where there is none."""
    names = (product.name_en, product.name) if language is Language.EN else (product.name, product.name_en)
    return names[0] or names[1] or product.sku


def _price(product: Product, language: Language) -> str:
    number = f"{product.price:,.2f}".removesuffix(".00")
    if product.currency == "CNY":
        number = f"{number} 元" if language is Language.ZH else f"¥{number}"
    else:
        number = f"{number} {product.currency}"
    dollars = (product.attributes or {}).get("price_usd")
    return f"{number} / ${dollars}" if dollars else number


def _line(key: str, value: str, language: Language) -> str:
    """Shops write 单次 7 小时 / 7 h: the half in the language."""
    zh = language is Language.ZH
    halves = value.split(" / ")
    if len(halves) == 2 and any(map(is_han, halves[0])) and not any(map(is_han, halves[1])):
        value = halves[0] if zh else halves[1]
    names = _NAMES.get(key)
    name = (names[0] if zh else names[1]) if names else key
    return f"{name}：{value}" if zh else f"{name}: {value}"
