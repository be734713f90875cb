"""The codes of all answered questions in memory, and the nearest of them.

Read from an encrypted file they would cost 100 ms for 100,000 questions after every change by anybody, since SQLite
then forgets what it had decrypted; here a comparison takes 20 ms, and 160 bytes a question.
"""

import threading
from collections import Counter
from itertools import repeat
from operator import xor

from agent_assist.storage.connection import Connection

# What left the index is passed over when its row is looked for; with so many more than there are, all are read anew.
_LEFTOVERS = 1.1
_SOME = 100


class SolvedCodes:
    """Follows the index: keys only grow, so what is new is behind the last key. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: list[int] = []
        self._codes: list[int] = []
        self._last = -1

    def nearest(self, connection: Connection, code: bytes, *, limit: int) -> list[int]:
        """Keys of the `limit` codes that differ in the fewest bits; of equally near ones the newest."""
        with self._lock:
            self._follow(connection)
            keys, codes = self._keys, self._codes
        distances = list(map(int.bit_count, map(xor, codes, repeat(int.from_bytes(code, "big")))))
        farthest, nearer = _border(distances, limit)
        near = [place for place, distance in enumerate(distances) if distance <= farthest]
        inside = [keys[place] for place in near if distances[place] < farthest]
        border = [keys[place] for place in near if distances[place] == farthest]
        return inside + border[-(limit - nearer) :]

    def _follow(self, connection: Connection) -> None:
        new = [
            row[0] for row in connection.execute("SELECT key FROM exchanges WHERE key > ? ORDER BY key", (self._last,))
        ]
        if not new:
            return
        if self._last < 0 or self._outgrown(connection, len(new)):
            rows = connection.execute("SELECT rowid, code FROM exchange_codes").fetchall()
            self._keys, self._codes = [], []
        else:
            sql = "SELECT rowid, code FROM exchange_codes WHERE rowid = ?"
            rows = [row for key in new for row in connection.execute(sql, (key,))]
        # New lists in place of the old ones, which another thread may be reading.
        self._keys = [*self._keys, *(int(row[0]) for row in rows)]
        self._codes = [*self._codes, *(int.from_bytes(row[1], "big") for row in rows)]
        self._last = new[-1]

    def _outgrown(self, connection: Connection, new: int) -> bool:
        total = connection.execute("SELECT count(*) FROM exchanges INDEXED BY exchanges_by_ticket").fetchone()[0]
        return new > _SOME or len(self._keys) + new > _LEFTOVERS * total + _SOME


def _border(distances: list[int], limit: int) -> tuple[int, int]:
    """The distance at which the nearest `limit` end, and how many are nearer than that."""
    seen = 0
    for distance, count in sorted(Counter(distances).items()):
        if seen + count >= limit:
            return distance, seen
        seen += count
    return max(distances, default=0) + 1, seen
