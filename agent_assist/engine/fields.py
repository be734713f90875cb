"""Between what services say and what the protocol says: fields of orders, rows of vectors."""

import dataclasses
from typing import Any

from agent_assist.engine.api import DraftOrder, RewriteOrder, SummaryOrder

VALUE_BYTES = 4


def fields_of(order: DraftOrder | RewriteOrder | SummaryOrder) -> dict[str, Any]:
    """The order's fields as its request has them, which are of the same names."""
    values = {field.name: getattr(order, field.name) for field in dataclasses.fields(order)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def rows_of(vectors: bytes, dimension: int) -> list[bytes]:
    """One row a vector, of `dimension` float32 values."""
    size = dimension * VALUE_BYTES
    return [vectors[start : start + size] for start in range(0, len(vectors), size)]
