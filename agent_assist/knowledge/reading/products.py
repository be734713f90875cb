"""A product as an article: one readable text with all that the table says, in the table's language."""

from collections.abc import Iterator, Mapping
from typing import Any

from agent_assist.domain.knowledge import Article
from agent_assist.domain.language import Language, detect_language
from agent_assist.errors import ImportRowError
from agent_assist.files.table import cell_text, column_names, name_key
from agent_assist.files.text import one_line
from agent_assist.knowledge.reading.fields import STANDING_COLUMNS, field_of, make_article, text_of

PRODUCT_COLUMNS = {
    "sku": "item no, item number, product id, product code, 商品编码, 商品编号, 货号, 编码, 商品編碼, 貨號",
    "name": "product, product name, title, item, 名称, 商品名称, 产品名称, 品名, 商品, 产品, 商品标题, 名稱, 商品名稱",
    "name_en": "english name, 英文名, 英文名称, 英文名稱",
    "brand": "品牌",
    "category": "type, product type, 分类, 类目, 品类, 分類, 類目",
    "price": "unit price, sale price, 售价, 价格, 单价, 售價, 價格, 單價",
    "currency": "币种, 货币, 幣種",
    "stock": "inventory, quantity, qty, in stock, 库存, 库存数量, 现货, 庫存, 庫存數量",
    "attributes": "specs, specifications, features, properties, 属性, 规格, 参数, 規格, 參數, 屬性",
    "compatible_with": "compatible, compatibility, fits, works with,"
    "适配, 适配机型, 适用机型, 适用型号, 兼容, 兼容型号, 兼容机型, 適用機型, 兼容型號, 適配機型",
    "aliases": "other names, alias, nickname, 别名, 俗称, 別名",
    "description": "details, summary, 描述, 商品描述, 介绍, 简介, 说明, 商品详情, 描述信息, 說明, 介紹",
    "tags": "tag, keywords, 标签, 关键词, 標籤",
    **STANDING_COLUMNS,
}
_NAMES = column_names(PRODUCT_COLUMNS)
# A table is one of products where it has the first set as a whole, or the second and so on.
PRODUCT_REQUIRED = tuple(
    frozenset(pair)
    for pair in (
        *(("sku", other) for other in ("price", "stock", "attributes", "compatible_with")),
        *(("name", other) for other in ("price", "stock")),
    )
)
_ORDER = ("sku", "name_en", "brand", "category", "price", "stock", "compatible_with", "aliases")
_LABELS = {
    Language.EN: ("SKU", "Name", "Brand", "Category", "Price", "Stock", "Compatible with", "Also called"),
    Language.ZH: ("商品编号", "英文名", "品牌", "类目", "价格", "库存", "适用型号", "别名"),
}
_SIGNS = {"CNY": "¥", "RMB": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


def product_fields(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The known fields of a JSON object and the others under their own names; None where it describes no product but
    holds a text of its own."""
    if any(values[key] for key in values if field_of(key) in {"text", "question"}):
        return None
    known: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for key, item in values.items():
        field = _NAMES.get(name_key(key), "")
        (known if field and field not in known else others)[field or key] = item
    return (known, others) if known.get("sku") and known.get("name") else None


def product_article(
    values: Mapping[str, Any], others: Mapping[str, Any], *, language: Language | None = None, source: str = ""
) -> Article:
    """The article of one product; `others` are fields beyond the known ones, under the table's own names.

    Without a `language` it is that of the name. Raises ImportRowError.
    """
    sku, name = one_line(text_of(values, "sku")), one_line(text_of(values, "name"))
    if not (sku or name):
        raise ImportRowError("The row has neither a product number nor a name.")
    spoken = language or detect_language(name or " ".join(others))
    text = "\n".join(_lines({**values, "sku": sku}, name or sku, others, spoken))
    fields = {key: values.get(key) for key in (*STANDING_COLUMNS, "tags")}
    fields |= {"id": f"product-{sku or name}", "title": name or sku, "text": text, "language": spoken.value}
    return make_article({**fields, "products": [sku] if sku else []}, source=source)


def _lines(values: Mapping[str, Any], name: str, others: Mapping[str, Any], language: Language) -> Iterator[str]:
    chinese = language is Language.ZH
    yield name
    yield ""
    for field, label in zip(_ORDER, _LABELS[language], strict=True):
        if said := _said(_price(values) if field == "price" else values.get(field), language):
            yield _line(label, said, chinese=chinese)
    attributes = values.get("attributes")
    known = attributes if isinstance(attributes, Mapping) else {"规格" if chinese else "Attributes": attributes}
    for label, value in (*known.items(), *others.items()):
        if said := _said(value, language):
            yield _line(one_line(str(label)), said, chinese=chinese)
    if description := text_of(values, "description").strip():
        yield f"\n{description}"


def _line(label: str, said: str, *, chinese: bool) -> str:
    return f"- {label}：{said}" if chinese else f"- {label}: {said}"


def _price(values: Mapping[str, Any]) -> str:
    price, currency = cell_text(values.get("price")), text_of(values, "currency").strip().upper()
    if not (price and currency) or currency in price.upper():
        return price
    return f"{_SIGNS[currency]}{price}" if currency in _SIGNS and price[0].isdigit() else f"{price} {currency}"


def _said(value: Any, language: Language) -> str:
    """A value in one line; lists with the language's own comma."""
    if isinstance(value, bool):
        return {Language.ZH: ("否", "是"), Language.EN: ("no", "yes")}[language][value]
    if isinstance(value, list):
        return ("、" if language is Language.ZH else ", ").join(filter(None, (_said(one, language) for one in value)))
    if isinstance(value, Mapping):
        return ("；" if language is Language.ZH else "; ").join(
            f"{key} {_said(one, language)}" for key, one in value.items()
        )
    return one_line(cell_text(value))
