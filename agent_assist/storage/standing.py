"""Whether what a kept suggestion rests on is still there: article, product or order may have changed meanwhile."""

from datetime import datetime

from agent_assist.domain.knowledge import Article
from agent_assist.domain.language import Language
from agent_assist.domain.next_action import NextAction, state_of
from agent_assist.domain.order_words import order_facts
from agent_assist.domain.product_words import product_passage
from agent_assist.domain.shop import Order, Product
from agent_assist.domain.suggestion import Source, SourceKind, Suggestion
from agent_assist.storage.articles import versions
from agent_assist.storage.codec import decode
from agent_assist.storage.connection import Connection
from agent_assist.storage.shop import compact_number


def still_stands(connection: Connection, suggestion: Suggestion, now: datetime) -> bool:
    """Whether every article among the sources says what was cited, is approved, and holds at `now`, every product has
    still the price, stock and attributes that were told, and the order is still in the state that was told or acted
    upon."""
    action = suggestion.next_action
    return all(_stands(connection, source, now) for source in suggestion.sources) and (
        action is None or _is_still_right(connection, action)
    )


def _stands(connection: Connection, source: Source, now: datetime) -> bool:
    match source.kind:
        case SourceKind.ARTICLE:
            return _holds(connection, source, now)
        case SourceKind.PRODUCT:
            return _is_as_told(connection, source)
        case SourceKind.ORDER:
            return _is_in_that_state(connection, source)


def _is_as_told(connection: Connection, source: Source) -> bool:
    row = connection.execute("SELECT body FROM products WHERE sku = ?", (source.doc_id,)).fetchone()
    if row is None:
        return False
    product = decode(row["body"], Product)
    return source.passage in {product_passage(product, language=language) for language in Language}


def _order(connection: Connection, number: str) -> Order | None:
    rows = connection.execute("SELECT body FROM orders WHERE order_number = ?", (compact_number(number),))
    row = rows.fetchone()
    return decode(row["body"], Order) if row else None


def _is_still_right(connection: Connection, action: NextAction) -> bool:
    order = _order(connection, action.order_number) if action.order_number else None
    return (state_of(order, action.kind) if order else "") == action.order_state


def _is_in_that_state(connection: Connection, source: Source) -> bool:
    order = _order(connection, source.doc_id)
    return order is not None and source.passage in {
        "\n".join(order_facts(order, language=language)) for language in Language
    }


def _holds(connection: Connection, source: Source, now: datetime) -> bool:
    row = connection.execute("SELECT body FROM articles WHERE doc_id = ?", (source.doc_id,)).fetchone()
    if row is None:
        return versions.newest(connection, source.doc_id) is None  # never one of ours, so not taken back either
    article = decode(row["body"], Article)
    return article.usable_at(now) and article.text[source.start : source.end] == source.passage
