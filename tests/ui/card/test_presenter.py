"""Looking things up in the order and its products."""

from agent_assist.domain.understanding import Entity
from tests.ui.doubles import ServicesDouble
from ui.card.presenter import CardPresenter


def entity(kind: str, text: str) -> Entity:
    return Entity(type=kind, start=0, end=len(text), text=text)


async def card() -> CardPresenter:
    presenter = CardPresenter()
    presenter.show(await ServicesDouble().tickets.open("TK-1009"))
    return presenter


async def test_the_orders_number_brings_it_forward() -> None:
    presenter = await card()
    presenter.look_up(entity("order_number", "gf2610180288"))
    assert presenter.order_focused
    assert presenter.missing is None


async def test_an_unknown_number_says_so() -> None:
    presenter = await card()
    presenter.look_up(entity("order_number", "GF0000000000"))
    assert presenter.missing == "GF0000000000"


async def test_a_product_is_found_by_a_part_of_its_name() -> None:
    presenter = await card()
    presenter.look_up(entity("product", "the Pebble"))
    presenter.look_up(entity("product", "Pebble"))
    assert presenter.focused_sku == "GF-AUD-004"


async def test_another_ticket_clears_the_focus() -> None:
    presenter = await card()
    presenter.look_up(entity("product", "Pebble"))
    presenter.show(None)
    assert (presenter.order, presenter.focused_sku) == (None, None)
