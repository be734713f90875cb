"""Orders and products out of JSONL, CSV and XLSX files."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from agent_assist.domain.shop import Order, Product
from agent_assist.errors import ImportRowError
from agent_assist.files.jsonl import read_json_rows
from agent_assist.files.rows import RejectedRow
from agent_assist.files.table import TABLE_SUFFIXES, Record, read_table
from agent_assist.files.text import one_line
from agent_assist.files.walk import rejected
from agent_assist.files.when import parse_when

T = TypeVar("T")

ORDER_COLUMNS = {
    "order_number": "order, order id, order no, number, 订单, 订单号, 订单编号, 訂單編號, 訂單號",
    "customer": "customer name, buyer, 客户, 客户姓名, 姓名, 买家, 收货人, 客戶, 買家",
    "customer_email": "email, 邮箱, 电子邮箱, 郵箱",
    "customer_phone": "phone, mobile, 电话, 手机, 手机号, 電話, 手機",
    "placed_at": "date, created at, order date, time, 下单时间, 订单时间, 创建时间, 下單時間",
    "status": "order status, state, 状态, 订单状态, 狀態, 訂單狀態",
    "currency": "币种, 货币, 幣種",
    "total": "amount, order total, 总额, 金额, 订单金额, 实付金额, 總額, 金額",
    "carrier": "shipping company, 快递公司, 物流公司, 承运商, 快遞公司",
    "tracking_number": "tracking, tracking no, 运单号, 快递单号, 物流单号, 運單號, 快遞單號",
    "shipping_address": "address, ship to, 收货地址, 地址, 收貨地址",
    "sku": "item sku, 商品编码, 货号, 商品編碼, 貨號",
    "name": "item, item name, product, product name, 商品, 商品名称, 品名, 商品名稱",
    "quantity": "qty, count, 数量, 數量",
    "unit_price": "price, 单价, 单品价格, 單價",
}
PRODUCT_COLUMNS = {
    "sku": "id, item no, product id, 商品编码, 货号, 编码, 商品編碼, 貨號",
    "name": "product, product name, title, 名称, 商品名称, 品名, 商品, 名稱, 商品名稱",
    "name_en": "english name, 英文名, 英文名称, 英文名稱",
    "brand": "品牌",
    "category": "type, 分类, 类目, 品类, 分類, 類目",
    "price": "unit price, 售价, 价格, 单价, 售價, 價格, 單價",
    "currency": "币种, 货币, 幣種",
    "stock": "inventory, quantity, 库存, 库存数量, 庫存",
    "aliases": "other names, 别名, 別名",
}


def read_orders(path: Path) -> Iterator[Order | RejectedRow]:
    """Stream orders. In a table, rows of one order number that follow each other are the lines of one order."""
    if path.suffix.lower() in TABLE_SUFFIXES:
        yield from _order_table(path)
    else:
        yield from _json_rows(path, _order)


def read_products(path: Path) -> Iterator[Product | RejectedRow]:
    """Stream products."""
    if path.suffix.lower() in TABLE_SUFFIXES:
        for row in read_table(path, PRODUCT_COLUMNS, required=("sku",)):
            yield row if isinstance(row, RejectedRow) else _tried(path, row.line, partial(_product, _cells(row)))
    else:
        yield from _json_rows(path, _product)


def _json_rows(path: Path, make: Callable[[dict[str, Any]], T]) -> Iterator[T | RejectedRow]:
    for row in read_json_rows(path):
        yield row if isinstance(row, RejectedRow) else _tried(path, row.line, partial(make, row.value))


def _tried(path: Path, line: int, make: Callable[[], T]) -> T | RejectedRow:
    try:
        return make()
    except ImportRowError as error:
        return rejected(path, error.reason, line=line)
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        return rejected(path, f"The row cannot be read: {error}.", line=line)


def _product(value: Mapping[str, Any]) -> Product:
    raw = _without_none(value)
    if isinstance(raw.get("attributes"), dict):
        raw["attributes"] = {key: _attribute(item) for key, item in raw["attributes"].items()}
    product = msgspec.convert(raw, Product, strict=False)
    if not product.sku.strip():
        raise ImportRowError("The row has no sku.")
    return dataclasses.replace(product, sku=one_line(product.sku), name=one_line(product.name))


def _attribute(item: object) -> str:
    return ", ".join(map(str, item)) if isinstance(item, list) else str(item)


def _order(value: Mapping[str, Any]) -> Order:
    raw = _without_none(value)
    for field in ("order_number", "placed_at"):
        if not str(raw.get(field, "")).strip():
            raise ImportRowError(f"The row has no {field}.")
    raw["placed_at"] = parse_when(raw["placed_at"])
    raw["events"] = [{**event, "at": parse_when(event.get("at"))} for event in raw.get("events", ())]
    order = msgspec.convert({"customer": "", "status": "", "currency": "CNY", "total": 0, **raw}, Order, strict=False)
    return dataclasses.replace(order, order_number=one_line(order.order_number))


def _order_table(path: Path) -> Iterator[Order | RejectedRow]:
    group: list[Record] = []
    for row in read_table(path, ORDER_COLUMNS, required=("order_number",)):
        if isinstance(row, RejectedRow):
            yield row
            continue
        if group and row.text("order_number") != group[-1].text("order_number"):
            yield _order_of(path, group)
            group = []
        group.append(row)
    if group:
        yield _order_of(path, group)


def _order_of(path: Path, group: list[Record]) -> Order | RejectedRow:
    items = [item for record in group if (item := _item(record))]
    cells = {key: value for record in reversed(group) for key, value in _cells(record).items()}
    return _tried(path, group[0].line, partial(_order, {**cells, "items": items}))


def _item(record: Record) -> dict[str, object] | None:
    if not (record.text("sku") or record.text("name")):
        return None
    return {
        "sku": record.text("sku"),
        "name": record.text("name"),
        "quantity": _number(record.text("quantity")) or 1,
        "unit_price": _number(record.text("unit_price")) or 0.0,
    }


def _cells(record: Record) -> dict[str, Any]:
    values: dict[str, Any] = {field: record.text(field) for field in record.values}
    for field in ("price", "stock", "total"):
        if values.get(field):
            values[field] = _number(values[field])
    if "aliases" in values:
        values["aliases"] = [part.strip() for part in values["aliases"].replace("，", ",").split(",") if part.strip()]
    if "placed_at" in values:
        values["placed_at"] = record.values["placed_at"]
    return values


def _number(text: str) -> float | int | str:
    """`¥1,299.00` -> 1299.0; what is no number comes back as it is and is refused by the type check."""
    plain = text.replace(",", "").replace("，", "").strip("¥￥$€£ 元")
    try:
        value = float(plain)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def _without_none(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if item is not None}
