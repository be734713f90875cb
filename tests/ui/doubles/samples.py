"""The sample shop as the doubles have it."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from agent_assist.domain.knowledge import Article
from agent_assist.domain.shop import Order, Product
from agent_assist.domain.tickets import Ticket
from agent_assist.intake import ParsedTicket, read_orders, read_products, read_tickets
from agent_assist.knowledge import read_articles


def sample_path(name: str) -> Path:
    return Path(str(files("resources").joinpath("samples", name)))


@cache
def sample_tickets() -> tuple[Ticket, ...]:
    return tuple(row.ticket for row in read_tickets([sample_path("tickets.jsonl")]) if isinstance(row, ParsedTicket))


@cache
def sample_orders() -> Mapping[str, Order]:
    rows = read_orders(sample_path("orders.jsonl"))
    return {row.order_number: row for row in rows if isinstance(row, Order)}


@cache
def sample_products() -> tuple[Product, ...]:
    return tuple(row for row in read_products(sample_path("products.jsonl")) if isinstance(row, Product))


@cache
def sample_articles() -> Mapping[str, Article]:
    return {row.doc_id: row for row in read_articles([sample_path("knowledge.jsonl")]) if isinstance(row, Article)}
