"""The nearest vectors: by their codes first, then the best of these in full."""

from agent_assist.storage.connection import Connection
from agent_assist.storage.searching.codes import VectorScale

# Up to so many vectors have no code and are compared in full; then a scale is measured on them.
UNCODED = 2_000
# Candidates by code for each one wanted: 200 for 50 held 99 % of the true nearest ten (see codes.py).
_CODE_FACTOR = 6


def read_scale(connection: Connection) -> VectorScale | None:
    """The scale in use."""
    row = connection.execute("SELECT model, body FROM vector_scale").fetchone()
    return VectorScale.of_body(row["model"], row["body"]) if row else None


def nearest(
    connection: Connection, what: str, vector: bytes, *, limit: int, filters: tuple[str, list[object]]
) -> dict[int, float]:
    """Cosine of each of the nearest vectors of "passage" or "question", by its key, best first."""
    if not vector:
        return {}
    condition, values = filters
    keys = [
        int(row[0])
        for row in connection.execute(
            f"SELECT key FROM {what}_marks AS marks WHERE embedded AND code IS NULL{condition}", values
        )
    ]
    scale = read_scale(connection)
    if scale is not None:
        rows = connection.execute(
            f"""SELECT key FROM {what}_marks AS marks WHERE code IS NOT NULL{condition}
                ORDER BY vec_distance_hamming(vec_bit(code), vec_bit(?)) LIMIT ?""",
            [*values, scale.code(vector), limit * _CODE_FACTOR],
        )
        keys += [int(row[0]) for row in rows]
    found = cosines(connection, what, vector, keys)
    return dict(sorted(found.items(), key=lambda item: -item[1])[:limit])


def cosines(connection: Connection, what: str, vector: bytes, keys: list[int]) -> dict[int, float]:
    """Cosine of each of the vectors named; those without a vector are left out."""
    if not vector or not keys:
        return {}
    rows = connection.execute(
        f"""SELECT key, vec_distance_cosine(vector, ?) FROM {what}_vectors
            WHERE key IN (SELECT value FROM json_each(?))""",
        (vector, str(keys)),
    )
    return {int(row[0]): 1.0 - float(row[1]) for row in rows}
