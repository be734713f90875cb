from datetime import UTC, datetime
from pathlib import Path

from agent_assist.domain.shop import Order, Product
from agent_assist.intake import RejectedRow, read_orders, read_products


def test_orders_from_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text(
        '{"order_number":"GF1","customer":"王芳","placed_at":"2026-11-02T09:00:00Z","status":"shipped",'
        '"currency":"CNY","total":"99.5","items":[{"sku":"A","name":"a","quantity":1,"unit_price":99.5}],'
        '"events":[{"at":"2026-11-02 10:00","text":"已揽收"}],"tracking_number":null,"unknown":1}\n'
        '{"order_number":"","placed_at":"2026-11-02"}\n{"order_number":"GF3","placed_at":"never"}\n'
        '{"order_number":"GF4","placed_at":"2026-11-02","events":[7]}\n',
        encoding="utf-8",
    )
    first, *bad = read_orders(path)
    assert isinstance(first, Order)
    assert (first.placed_at, first.total) == (datetime(2026, 11, 2, 9, tzinfo=UTC), 99.5)
    assert first.events[0].at.tzinfo is not None
    assert [row.line for row in bad if isinstance(row, RejectedRow)] == [2, 3, 4]


def test_order_lines_of_a_table_are_joined(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "订单编号,买家,下单时间,订单金额,商品名称,数量,单价,状态\n"
        'GF1,王芳,2026-11-02 9:00,"¥1,299.00",耳机,1,1199,shipped\nGF1,王芳,,,线,2,50,\n'
        "GF2,李雷,2026-11-03,x,灯,1,20,paid\n",
        encoding="utf-8",
    )
    first, second = read_orders(path)
    assert isinstance(first, Order)
    assert (first.total, [(item.name, item.quantity) for item in first.items]) == (1299.0, [("耳机", 1), ("线", 2)])
    assert isinstance(second, RejectedRow)
    assert second.line == 4


def test_products_from_both_formats(tmp_path: Path) -> None:
    table = tmp_path / "p.csv"
    table.write_text("货号,商品名称,售价,库存,别名\nA1,耳机,399,12,小耳朵，豆豆\n,无号,1,1,\n", encoding="utf-8")
    good, bad = read_products(table)
    assert isinstance(good, Product)
    assert (good.sku, good.price, good.stock, good.aliases) == ("A1", 399.0, 12, ("小耳朵", "豆豆"))
    assert isinstance(bad, RejectedRow)
    rows = tmp_path / "p.jsonl"
    rows.write_text(
        '{"sku":"A1","name":"x","attributes":{"color":["red","blue"],"price_usd":59},"price":"9.9"}\n{"name":"y"}\n',
        "utf-8",
    )
    good, bad = read_products(rows)
    assert isinstance(good, Product)
    assert (good.price, good.attributes) == (9.9, {"color": "red, blue", "price_usd": "59"})
    assert isinstance(bad, RejectedRow)


def test_the_sample_shop() -> None:
    from importlib.resources import files

    folder = Path(str(files("resources"))) / "samples"
    assert all(isinstance(row, Order) for row in read_orders(folder / "orders.jsonl"))
    assert all(isinstance(row, Product) for row in read_products(folder / "products.jsonl"))
