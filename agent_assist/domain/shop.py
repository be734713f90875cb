"""Orders and products as the ticket view looks them up."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One article of the shop's range; `price` in units of `currency`."""

    sku: str
    name: str
    name_en: str = ""
    brand: str = ""
    category: str = ""
    price: float = 0.0
    currency: str = "CNY"
    stock: int = 0
    attributes: dict[str, str] | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderItem:
    """A line of an order."""

    sku: str
    name: str
    quantity: int
    unit_price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent:
    """A step of an order's way, e.g. a scan of its parcel."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order with its parcel's steps, oldest first."""

    order_number: str
    customer: str
    placed_at: datetime
    status: str
    currency: str
    total: float
    items: tuple[OrderItem, ...] = ()
    customer_email: str = ""
    customer_phone: str = ""
    carrier: str = ""
    tracking_number: str = ""
    shipping_address: str = ""
    events: tuple[OrderEvent, ...] = ()
