"""A search's filter as SQL over the columns of a table of marks."""

from agent_assist.domain.knowledge import SearchFilter
from agent_assist.storage.bigrams import fold
from agent_assist.storage.codec import to_micros
from agent_assist.storage.connection import Connection

_OUT_OF_TIME = """SELECT key FROM articles
    WHERE (valid_from IS NOT NULL OR valid_until IS NOT NULL) AND (valid_from > ? OR valid_until <= ?)"""


def filter_sql(connection: Connection, wanted: SearchFilter) -> tuple[str, list[object]]:
    """Conditions on `marks` (" AND …" each) and their values. `wanted.valid_at` must be given."""
    sql, values = "", list[object]()
    if wanted.language is not None:
        sql += " AND marks.language = ?"
        values.append(str(wanted.language))
    if not wanted.include_internal:
        sql += " AND marks.internal = 0"
    assert wanted.valid_at is not None
    now = to_micros(wanted.valid_at)
    if connection.execute(_OUT_OF_TIME + " LIMIT 1", (now, now)).fetchone():
        sql += f" AND marks.article_key NOT IN ({_OUT_OF_TIME})"
        values += [now, now]
    for tag in wanted.tags:
        sql += " AND marks.article_key IN (SELECT article_key FROM article_labels WHERE kind = 'tag' AND value = ?)"
        values.append(fold(tag))
    if wanted.products:
        places = ", ".join("?" * len(wanted.products))
        sql += f""" AND marks.article_key IN
            (SELECT article_key FROM article_labels WHERE kind = 'product' AND value IN ({places}))"""
        values += [fold(sku) for sku in wanted.products]
    return sql, values
