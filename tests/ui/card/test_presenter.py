"""Looking things up in the order and its products, and in the shop where they are not the ticket's own."""

import pytest

from agent_assist.domain.understanding import Entity
from tests.ui.doubles import ServicesDouble
from tests.ui.doubles.samples import sample_products
from ui.card.presenter import CardPresenter
from ui.tasks import Tasks

OWN, OTHER = "GF2610180288", "GF2611090224"


class Card:
    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.services = ServicesDouble()
        self.tasks = Tasks(self.errors.append)
        self.presenter = CardPresenter(self.services.lookup, self.tasks.scope())

    async def look_up(self, kind: str, text: str) -> CardPresenter:
        self.presenter.look_up(Entity(type=kind, start=0, end=len(text), text=text))
        await self.tasks.idle()
        assert self.errors == []
        return self.presenter


@pytest.fixture
async def card() -> Card:
    made = Card()
    made.presenter.show(await made.services.tickets.open("TK-1009"))
    return made


async def test_the_orders_number_brings_it_forward(card: Card) -> None:
    presenter = await card.look_up("order_number", "gf2610180288")
    assert presenter.order_focused
    assert not presenter.parcel_focused
    assert presenter.missing is None


async def test_the_parcels_number_brings_its_steps_forward(card: Card) -> None:
    assert card.presenter.order is not None
    tracking = card.presenter.order.tracking_number
    assert tracking
    presenter = await card.look_up("tracking_number", f" {tracking.lower()} ")
    assert presenter.parcel_focused
    assert presenter.looked_up is None


async def test_another_order_is_looked_up_in_the_shop_and_told_apart(card: Card) -> None:
    presenter = await card.look_up("order_number", OTHER)
    assert presenter.looked_up is not None
    assert presenter.looked_up.order_number == OTHER
    assert presenter.order is not None
    assert presenter.order.order_number == OWN
    presenter.show(await card.services.tickets.open("TK-1009"))  # loaded again: what was asked for stays
    assert presenter.looked_up is not None
    await card.look_up("order_number", OWN)
    assert presenter.looked_up is None


async def test_an_unknown_number_says_so(card: Card) -> None:
    for kind in ("order_number", "tracking_number"):
        presenter = await card.look_up(kind, "GF0000000000")
        assert (presenter.missing, presenter.looking, presenter.order_focused) == ("GF0000000000", None, False)


async def test_a_product_is_found_by_a_part_of_its_name(card: Card) -> None:
    await card.look_up("product", "the Pebble")
    presenter = await card.look_up("product", "Pebble")
    assert presenter.focused_sku == "GF-AUD-004"


async def test_a_product_of_the_shop_joins_the_tickets_own(card: Card) -> None:
    own = {product.sku for product in card.presenter.products}
    other = next(one for one in sample_products() if one.sku not in own)
    presenter = await card.look_up("product", other.name)
    assert presenter.focused_sku == other.sku
    assert {product.sku for product in presenter.products} == own | {other.sku}
    assert (await card.look_up("product", "no such thing")).missing == "no such thing"


async def test_another_ticket_clears_the_focus(card: Card) -> None:
    presenter = await card.look_up("product", "Pebble")
    presenter.show(None)
    assert (presenter.order, presenter.focused_sku, presenter.products) == (None, None, ())
