"""Gives vectors their codes: at once where there is a scale, else when enough of them have come to measure one."""

from agent_assist.storage.connection import Connection
from agent_assist.storage.searching.codes import VectorScale
from agent_assist.storage.searching.nearest import UNCODED, read_scale

# Vectors coded in one transaction: about 30 ms of the writer's time.
BATCH = 250
_SAMPLE = 1_000


def code_of(connection: Connection, what: str, key: int, vector: bytes) -> bytes | None:
    """The code of the vector of a passage or question that has its mark; None where no scale is of its encoder."""
    scale = read_scale(connection)
    if scale is None:
        return None
    row = connection.execute(
        f"SELECT model FROM articles WHERE key = (SELECT article_key FROM {what}_marks WHERE key = ?)", (key,)
    ).fetchone()
    return scale.code(vector) if row is not None and row["model"] == scale.model else None


def too_many_uncoded(connection: Connection) -> bool:
    """Whether searches have to compare many vectors in full."""
    return any(
        connection.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {what}_marks WHERE embedded AND code IS NULL LIMIT ?)", (UNCODED,)
        ).fetchone()[0]
        >= UNCODED
        for what in ("passage", "question")
    )


def measure_scale(connection: Connection) -> VectorScale | None:
    """A scale measured on uncoded vectors of the encoder that made most of them; None where there is one of it.

    It takes some tenths of a second and only reads, so that it keeps no writer waiting.
    """
    row = (
        connection.execute(
            """SELECT articles.model AS model FROM passage_marks JOIN articles ON articles.key = article_key
           WHERE embedded AND code IS NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"""
        ).fetchone()
        or connection.execute(
            """SELECT articles.model AS model FROM question_marks JOIN articles ON articles.key = article_key
           WHERE embedded AND code IS NULL LIMIT 1"""
        ).fetchone()
    )
    stored = connection.execute("SELECT model FROM vector_scale").fetchone()
    if row is None or (stored is not None and stored["model"] == row["model"]):
        return None
    vectors = _sample(connection, row["model"])
    return VectorScale.of_vectors(row["model"], vectors) if len(vectors) > 1 else None


def keep_scale(connection: Connection, scale: VectorScale) -> None:
    """Use this scale from now on."""
    connection.execute(
        "INSERT OR REPLACE INTO vector_scale (one, model, body) VALUES (1, ?, ?)", (scale.model, scale.body)
    )


def _sample(connection: Connection, model: str) -> list[bytes]:
    samples = [
        connection.execute(
            f"""SELECT vector FROM {what}_vectors WHERE key IN (
                    SELECT marks.key FROM {what}_marks AS marks JOIN articles ON articles.key = marks.article_key
                    WHERE embedded AND articles.model = ? ORDER BY random() LIMIT ?)""",
            (model, _SAMPLE),
        ).fetchall()
        for what in ("passage", "question")
    ]
    return [bytes(row[0]) for row in max(samples, key=len)]


def code_some(connection: Connection, scale: VectorScale) -> int:
    """Code one batch; returns how many were coded, 0 when all are."""
    coded = 0
    for what in ("passage", "question"):
        rows = connection.execute(
            f"""SELECT key, vector FROM {what}_vectors WHERE key IN
                (SELECT key FROM {what}_marks WHERE embedded AND code IS NULL LIMIT ?)""",
            (BATCH,),
        ).fetchall()
        connection.executemany(
            f"UPDATE {what}_marks SET code = ? WHERE key = ?", [(scale.code(row[1]), row[0]) for row in rows]
        )
        coded += len(rows)
    return coded
