"""Joining what the rules and the token head found."""

from agent_assist.domain.entities import innermost, merge_entities
from agent_assist.domain.understanding import Entity, EntitySource


def entity(
    kind: str, text: str, inside: str, *, score: float = 1.0, source: EntitySource = EntitySource.HEAD
) -> Entity:
    start = inside.index(text)
    return Entity(type=kind, start=start, end=start + len(text), text=text, score=score, source=source)


def rule(kind: str, text: str, inside: str) -> Entity:
    return entity(kind, text, inside, source=EntitySource.RULE)


def test_both_kinds_are_kept_in_order_of_place() -> None:
    text = "订单GF2611020017里的黑色外套"
    merged = merge_entities([rule("order_number", "GF2611020017", text)], [entity("color", "黑色", text, score=0.9)])
    assert [e.type for e in merged] == ["order_number", "color"]


def test_a_sure_address_swallows_the_date_inside_it() -> None:
    text = "寄到建国路88号院3号"
    address = entity("address", "建国路88号院3号", text, score=0.8)
    assert merge_entities([rule("date", "3号", text)], [address]) == (address,)


def test_an_unsure_address_does_not() -> None:
    text = "寄到建国路88号院3号"
    date = rule("date", "3号", text)
    assert merge_entities([date], [entity("address", "建国路88号院3号", text, score=0.4)]) == (date,)


def test_an_exact_form_stays_inside_any_head_entity() -> None:
    text = "张三13800138000杭州"
    phone = rule("phone", "13800138000", text)
    assert merge_entities([phone], [entity("person", text, text, score=0.99)]) == (phone,)


def test_a_colour_inside_a_product_stays_beside_it() -> None:
    text = "米色保温杯"
    product = entity("product", "米色保温杯", text, score=0.7)
    color = entity("color", "米色", text, score=0.9)
    assert merge_entities([], [color, product]) == (product, color)
    assert innermost((product, color), 1) == color
    assert innermost((product, color), 3) == product
    assert innermost((product, color), 5) is None


def test_the_surer_of_two_that_cross_or_are_of_one_type_stays() -> None:
    text = "米色保温杯盖"
    product = entity("product", "保温杯盖", text, score=0.9)
    crossing = entity("color", "米色保", text, score=0.7)
    smaller = entity("product", "保温杯", text, score=0.6)
    assert merge_entities([], [crossing, product, smaller]) == (product,)
