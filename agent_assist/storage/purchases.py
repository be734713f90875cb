"""Who bought what, and how many customers two products share: kept with each order, in the order's own transaction.

A basket is all that one customer bought, since most orders of a small shop hold one product. A cancelled or refunded
order is no purchase.
"""

from agent_assist.domain.shop import Order
from agent_assist.storage.connection import Connection

# A wholesale buyer of hundreds of products says nothing about which belong together, and would cost their square.
_NEWEST = 60
_VOID = frozenset(
    ("cancelled", "canceled", "refunded", "returned", "closed", "已取消", "已退款", "已退货", "已关闭", "交易关闭")
)

_COUNT = """
    INSERT INTO shared_buyers (sku, other, buyers)
    WITH owned AS (
        SELECT sku FROM purchases WHERE buyer = :buyer GROUP BY sku ORDER BY max(placed_at) DESC, sku LIMIT :newest
    )
    SELECT one.sku, two.sku, :change FROM owned AS one, owned AS two WHERE true
    ON CONFLICT DO UPDATE SET buyers = buyers + excluded.buyers
"""
# A pair stands in the table from both sides.
_FORGET_OTHERS = """
    DELETE FROM shared_buyers WHERE buyers = 0 AND other = ?1
    AND sku IN (SELECT other FROM shared_buyers WHERE sku = ?1 AND buyers = 0)
"""


def replace_purchases(connection: Connection, order: Order, *, number: str, buyer: str, placed_at: int) -> None:
    """Count `order`, stored as `number`, in place of what it was before. `buyer` "" counts nobody."""
    skus = {item.sku for item in order.items if item.sku} if buyer and order.status.lower() not in _VOID else set()
    new = {(sku, buyer, placed_at) for sku in skus}
    rows = connection.execute("SELECT sku, buyer, placed_at FROM purchases WHERE order_number = ?", (number,))
    old = {(row["sku"], row["buyer"], row["placed_at"]) for row in rows}
    if old == new:
        return
    buyers = {name for _, name, _ in old | new}
    _count(connection, buyers, change=-1)
    connection.execute("DELETE FROM purchases WHERE order_number = ?", (number,))
    connection.executemany(
        "INSERT INTO purchases (order_number, sku, buyer, placed_at) VALUES (?, ?, ?, ?)",
        [(number, *row) for row in sorted(new)],
    )
    _count(connection, buyers, change=1)
    for sku, _, _ in sorted(old):
        connection.execute(_FORGET_OTHERS, (sku,))
        connection.execute("DELETE FROM shared_buyers WHERE sku = ? AND buyers = 0", (sku,))


def _count(connection: Connection, buyers: set[str], *, change: int) -> None:
    for buyer in sorted(buyers):
        connection.execute(_COUNT, {"buyer": buyer, "newest": _NEWEST, "change": change})
