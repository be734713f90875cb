"""Made-up orders of a shop with a planted structure: themes, accessories that follow their main product, and chance.

Popularity falls as 1/rank within a theme, most customers have few products, and a share of the purchases has nothing to
do with the others, as in real shops.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from agent_assist.domain.shop import Order, OrderItem

THEMES, PER_THEME = 15, 20
_OWN_THEME = 0.55
_ACCESSORY = 0.35
_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Baskets by customer, in the order of buying, and the product of each basket that is hidden."""

    baskets: dict[str, list[str]]
    hidden: dict[str, str]

    def orders(self) -> list[Order]:
        """An order a purchase that is not hidden."""
        return [
            _order(f"{who}-{place}", who, sku, place)
            for who, basket in self.baskets.items()
            for place, sku in enumerate(basket)
            if sku != self.hidden.get(who)
        ]

    def known(self, who: str) -> list[str]:
        """What a customer has without the hidden one."""
        return [sku for sku in self.baskets[who] if sku != self.hidden.get(who)]


def make_shop(customers: int, *, seed: int) -> Shop:
    """A shop of 300 products; of every customer with two or more, one product is hidden."""
    chance = random.Random(seed)
    weights = [1 / (rank + 1) for rank in range(PER_THEME)]
    themes = [[f"P{theme:02}-{place:02}" for place in range(PER_THEME)] for theme in range(THEMES)]
    everything = [sku for theme in themes for sku in theme]
    # Half of the products have an accessory somewhere in the shop, which is not of their theme as a rule.
    accessory = {sku: chance.choice(everything) for sku in everything if chance.random() < 0.5}
    baskets = {}
    for number in range(customers):
        liked = chance.sample(themes, k=chance.choice([1, 1, 2]))
        basket: list[str] = []
        for _ in range(1 + min(int(chance.expovariate(0.45)), 12)):
            if basket and basket[-1] in accessory and chance.random() < _ACCESSORY:
                basket.append(accessory[basket[-1]])
            elif chance.random() < _OWN_THEME:
                basket.append(chance.choices(chance.choice(liked), weights)[0])
            else:
                basket.append(chance.choices(chance.choice(themes), weights)[0])
        baskets[f"c{number:05}"] = list(dict.fromkeys(basket))
    hidden = {who: chance.choice(basket) for who, basket in baskets.items() if len(basket) > 1}
    return Shop(baskets=baskets, hidden=hidden)


def _order(number: str, who: str, sku: str, place: int) -> Order:
    return Order(
        order_number=number,
        customer=who,
        placed_at=_START + timedelta(days=place),
        status="delivered",
        currency="CNY",
        total=1.0,
        items=(OrderItem(sku=sku, name=sku, quantity=1, unit_price=1.0),),
    )
