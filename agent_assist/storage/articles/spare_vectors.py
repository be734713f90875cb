"""Vectors that need not be made again: those of equal texts in the index, and those that were taken out of it.

A vector depends on the text and the encoder alone. So a passage that is moved, renamed with its article, taken out and
put back, or said in two articles, costs the encoder once.
"""

from collections.abc import Iterable, Sequence

from agent_assist.storage.connection import Connection

# 30 MB: what was taken out longer ago than this many vectors is made anew.
SPARE = 20_000
_AT_ONCE = 500


def known_vectors(connection: Connection, hashes: Sequence[bytes], *, model: str) -> dict[bytes, bytes]:
    """Vectors by `model` for those of `hashes` (see `indexed.text_hash`) that have one."""
    known: dict[bytes, bytes] = {}
    for start in range(0, len(hashes), _AT_ONCE):
        part = hashes[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(part))
        for what in ("passage", "question"):
            rows = connection.execute(
                f"""SELECT text_hash, vector FROM {what}s JOIN {what}_vectors USING (key)
                    JOIN articles ON articles.key = article_key WHERE text_hash IN ({marks}) AND model = ?""",
                [*part, model],
            )
            known |= {bytes(row[0]): bytes(row[1]) for row in rows}
        rows = connection.execute(
            f"SELECT text_hash, vector FROM spare_vectors WHERE text_hash IN ({marks}) AND model = ?", [*part, model]
        )
        known |= {bytes(row[0]): bytes(row[1]) for row in rows}
    return known


def lay_by(connection: Connection, what: str, keys: Iterable[int]) -> None:
    """Keep the vectors of passages or questions (`what`) that are about to be taken out, and forget the oldest."""
    connection.executemany(
        f"""INSERT OR REPLACE INTO spare_vectors (model, text_hash, vector)
            SELECT model, text_hash, vector FROM {what}s JOIN {what}_vectors USING (key)
            JOIN articles ON articles.key = article_key WHERE {what}s.key = ? AND model <> '' AND text_hash <> x''""",
        [(key,) for key in keys],
    )
    connection.execute("DELETE FROM spare_vectors WHERE key <= (SELECT max(key) FROM spare_vectors) - ?", (SPARE,))
