"""An order as short lines that a draft may rest on, in the language of the reply."""

from agent_assist.domain.language import Language
from agent_assist.domain.shop import Order

STATUS_WORDS = {
    Language.ZH: {
        "pending": "待付款",
        "paid": "已付款，待发货",
        "shipped": "已发货，运输中",
        "delivered": "已签收",
        "cancelled": "已取消",
        "refunded": "已退款",
    },
    Language.EN: {
        "pending": "waiting for payment",
        "paid": "paid, not shipped yet",
        "shipped": "shipped, in transit",
        "delivered": "delivered",
        "cancelled": "cancelled",
        "refunded": "refunded",
    },
}


def order_facts(order: Order, *, language: Language) -> tuple[str, ...]:
    """Status, items, parcel and its newest step; nothing personal (no name, phone or address)."""
    zh = language is Language.ZH
    status = STATUS_WORDS[language].get(order.status, order.status)
    lines = [f"订单 {order.order_number}：{status}" if zh else f"Order {order.order_number}: {status}"]
    if order.items:
        items = ("、" if zh else ", ").join(f"{item.name} x{item.quantity}" for item in order.items)
        lines.append(f"商品：{items}" if zh else f"Items: {items}")
    lines.append(f"实付：{order.total:.2f} {order.currency}" if zh else f"Total: {order.total:.2f} {order.currency}")
    lines.append(f"下单日期：{order.placed_at:%Y-%m-%d}" if zh else f"Ordered on: {order.placed_at:%Y-%m-%d}")
    if order.tracking_number:
        carrier = order.carrier or ("快递" if zh else "carrier")
        lines.append(
            f"{carrier}运单号：{order.tracking_number}" if zh else f"{carrier} tracking: {order.tracking_number}"
        )
    if order.events:
        last = order.events[-1]
        lines.append(
            f"最新进度（{last.at:%m-%d %H:%M}）：{last.text}" if zh else f"Latest ({last.at:%b %d}): {last.text}"
        )
    return tuple(lines)
