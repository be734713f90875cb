"""The candidates for a question: the nearest by code and the best by rare words, with all they are compared by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent_assist.domain.language import Language
from agent_assist.storage.codec import decode, from_micros
from agent_assist.storage.connection import Connection, Row
from agent_assist.storage.solved.codes import SolvedCodes

# Nearest codes that are compared in full, see agent_assist/knowledge/solved/codes.py.
_NEAREST = 100
_BY_WORDS = 50
# Rare words tell and are cheap to look up; those that stand in more questions than this in all do neither.
_MOST_TERMS = 8
_MOST_ROWS = 3_000
# Counting a word that stands in tens of thousands of questions takes a millisecond, and a few more change nothing.
_FREQUENT = 1_000
_GROWTH = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedQuery:
    """`terms` are the question's words, `vector` and `code` what the encoder `model` makes of it (all empty without
    one); exchanges of the ticket `without` are left out."""

    terms: tuple[str, ...]
    vector: bytes = b""
    code: bytes = b""
    model: str = ""
    without: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedCandidate:
    """An answered question: places of the messages in its ticket, and what it is compared by.

    `cosine` is that of the vectors, 0 where either side has none.
    """

    ticket_id: str
    question: int
    first: int
    last: int
    at: datetime
    language: Language
    digest: str
    words: frozenset[str]
    products: tuple[str, ...]
    profile: tuple[tuple[str, float], ...]
    cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedCandidates:
    """`frequencies` counts the questions that hold a term, of `total` in all."""

    found: tuple[SolvedCandidate, ...]
    frequencies: Mapping[str, int]
    total: int


class TermCounts:
    """In how many questions terms stand; remembers frequent ones until the index has grown or shrunk notably."""

    def __init__(self) -> None:
        self._total = 0
        self._frequent: dict[str, int] = {}

    def of(self, connection: Connection, terms: Sequence[str], *, total: int) -> dict[str, int]:
        """The count of each term among `total` questions; safe to call from several threads."""
        if abs(total - self._total) > _GROWTH * self._total:
            self._total, self._frequent = total, {}
        known = self._frequent
        found = {term: known[term] if term in known else _count(connection, term) for term in terms}
        known.update((term, count) for term, count in found.items() if count >= _FREQUENT)
        return found


def find_solved(
    connection: Connection, query: SolvedQuery, *, counts: TermCounts, codes: SolvedCodes
) -> SolvedCandidates:
    """Run both searches on one connection."""
    total = count_solved(connection)
    frequencies = counts.of(connection, query.terms, total=total)
    near = codes.nearest(connection, query.code, limit=_NEAREST) if query.code else []
    keys = dict.fromkeys([*near, *_by_words(connection, frequencies)])
    rows = _rows(connection, query, list(keys))
    return SolvedCandidates(found=tuple(_candidate(row) for row in rows), frequencies=frequencies, total=total)


def count_solved(connection: Connection) -> int:
    """Answered questions in the index."""
    # By the smallest index: counting the table would read every vector.
    return int(connection.execute("SELECT count(*) FROM exchanges INDEXED BY exchanges_by_ticket").fetchone()[0])


def _by_words(connection: Connection, frequencies: Mapping[str, int]) -> list[int]:
    terms = list(_rare(frequencies))
    if not terms:
        return []
    match = " OR ".join(f'"{term}"' for term in terms)
    rows = connection.execute(
        f"SELECT rowid FROM exchange_text WHERE exchange_text MATCH ? ORDER BY rank LIMIT {_BY_WORDS}", (match,)
    )
    return [int(row[0]) for row in rows]


def _rare(frequencies: Mapping[str, int]) -> Iterable[str]:
    """The rarest terms that are there, until they stand in too many questions."""
    known = sorted((count, term) for term, count in frequencies.items() if count)
    total = 0
    for count, term in known[:_MOST_TERMS]:
        total += count
        if total > _MOST_ROWS:
            return
        yield term


def _count(connection: Connection, term: str) -> int:
    row = connection.execute("SELECT doc FROM exchange_terms WHERE term = ?", (term,)).fetchone()
    return int(row[0]) if row else 0


def _rows(connection: Connection, query: SolvedQuery, keys: Sequence[int]) -> list[Row]:
    marks = ",".join("?" * len(keys))
    return connection.execute(
        f"""SELECT exchanges.*, tickets.id AS ticket_id,
            CASE WHEN model = ? AND length(vector) = ? THEN 1.0 - vec_distance_cosine(vector, ?) ELSE 0.0 END AS cosine
            FROM exchanges JOIN tickets ON tickets.key = ticket_key
            WHERE exchanges.key IN ({marks}) AND tickets.id <> ? ORDER BY exchanges.key""",
        [query.model, len(query.vector) or -1, query.vector, *keys, query.without],
    ).fetchall()


def _candidate(row: Row) -> SolvedCandidate:
    return SolvedCandidate(
        ticket_id=row["ticket_id"],
        question=row["question"],
        first=row["reply_first"],
        last=row["reply_last"],
        at=from_micros(row["at"]),
        language=Language(row["language"]),
        digest=row["digest"],
        words=frozenset(row["words"].split()),
        products=tuple(filter(None, row["products"].split("\n"))),
        profile=decode(row["profile"], tuple[tuple[str, float], ...]),
        cosine=float(row["cosine"]),
    )
