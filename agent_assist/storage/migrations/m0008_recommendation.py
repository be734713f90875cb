"""What recommending products needs beside products and orders: who bought what, which products share buyers, vectors.

Orders that are there already are counted here; from then on `storage/purchases.py` keeps the counts with each order.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

TABLES = (
    # One row a product of an order that stands. `buyer` is the e-mail address, else the phone number, else the name.
    """
    CREATE TABLE purchases (
        order_number TEXT NOT NULL,
        sku TEXT NOT NULL,
        buyer TEXT NOT NULL,
        placed_at INTEGER NOT NULL,
        PRIMARY KEY (order_number, sku)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX purchases_by_buyer ON purchases (buyer, placed_at)",
    # Buyers who have both products; with itself a product has all its buyers.
    """
    CREATE TABLE shared_buyers (
        sku TEXT NOT NULL,
        other TEXT NOT NULL,
        buyers INTEGER NOT NULL,
        PRIMARY KEY (sku, other)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE product_vectors (
        sku TEXT PRIMARY KEY REFERENCES products (sku) ON DELETE CASCADE,
        -- the encoder that made the vector, and what it read
        model TEXT NOT NULL,
        digest TEXT NOT NULL,
        vector BLOB NOT NULL
    )
    """,
    # Grows with every change of a product, so that what is derived from all of them knows when it is old.
    "CREATE TABLE product_changes (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL)",
    "INSERT INTO product_changes (id, count) VALUES (1, 0)",
    *(
        f"""CREATE TRIGGER products_count_{act} AFTER {act} ON products
        BEGIN UPDATE product_changes SET count = count + 1; END"""
        for act in ("insert", "update", "delete")
    ),
)

FILL = (
    """
    INSERT OR IGNORE INTO purchases (order_number, sku, buyer, placed_at)
    SELECT order_number, json_extract(item.value, '$.sku'),
        CASE WHEN email <> '' THEN email WHEN phone <> '' THEN phone ELSE customer END, placed_at
    FROM orders, json_each(orders.body, '$.items') AS item
    WHERE json_extract(item.value, '$.sku') <> '' AND email || phone || customer <> ''
    AND lower(json_extract(orders.body, '$.status')) NOT IN
        ('cancelled', 'canceled', 'refunded', 'returned', 'closed', '已取消', '已退款', '已退货', '已关闭', '交易关闭')
    """,
    """
    INSERT INTO shared_buyers (sku, other, buyers)
    WITH owned AS (
        SELECT buyer, sku, row_number() OVER (PARTITION BY buyer ORDER BY max(placed_at) DESC, sku) AS place
        FROM purchases GROUP BY buyer, sku
    )
    SELECT one.sku, two.sku, count(*) FROM owned AS one JOIN owned AS two USING (buyer)
    WHERE one.place <= 60 AND two.place <= 60 GROUP BY 1, 2
    """,
)


def apply(db: "Database") -> None:
    """Create the tables and count the orders that are there."""
    for statement in TABLES + FILL:
        db.execute(statement)
