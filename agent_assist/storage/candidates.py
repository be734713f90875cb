"""The candidate passages for a query: the best of full text, of passage vectors and of question vectors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent_assist.domain.knowledge import ArticleKind, Passage, Visibility
from agent_assist.domain.language import Language
from agent_assist.storage.connection import Connection, Row

# Above this many passages the signs of the vectors are compared first (32 times less to read), then the best of those
# in full: measured on 100,000 passages of 384 values, 78 ms become 19 ms at a recall of 0.97.
COARSE_FROM = 20_000
_COARSE_FACTOR = 8
# Words count more than character pairs: pairs also match across word borders.
_BM25 = "bm25(1.0, 0.5)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageQuery:
    """`match` is an FTS5 expression ("" for none), `terms` those whose frequencies are wanted, `vector` a unit vector
    (b"" for none); each search gives at most `limit` passages."""

    match: str
    terms: tuple[str, ...]
    vector: bytes
    limit: int
    language: Language | None = None
    include_internal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A passage with what both searches say: `bm25_rank` counts from 1 (None: not among the best by words).

    Similarities are cosines, 0 where a side has no vector; `question_match` is the best of the article's questions.
    """

    passage: Passage
    language: Language
    words: str
    bm25_rank: int | None
    similarity: float
    question_match: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """`frequencies` counts the passages that hold a term, of `passages` in all."""

    found: tuple[Candidate, ...]
    frequencies: dict[str, int]
    passages: int


def find_candidates(connection: Connection, query: PassageQuery) -> Candidates:
    """Run the searches on one connection."""
    total = int(connection.execute("SELECT count(*) FROM passages").fetchone()[0])
    by_words = _by_words(connection, query)
    similarity = _by_vector(connection, query, total)
    questions = _by_questions(connection, query)
    keys = dict.fromkeys([*by_words, *similarity, *_first_passages(connection, questions)])
    missing = [key for key in keys if key not in similarity]
    similarity |= _cosines(connection, query.vector, missing)
    ranks = {key: rank for rank, key in enumerate(by_words, start=1)}
    found = tuple(
        Candidate(
            passage=_passage(row),
            language=Language(row["language"]),
            words=row["words"],
            bm25_rank=ranks.get(row["key"]),
            similarity=similarity.get(row["key"], 0.0),
            question_match=questions.get(row["article_key"], 0.0),
        )
        for row in _rows(connection, keys)
    )
    return Candidates(found=found, frequencies=_frequencies(connection, query.terms), passages=total)


def _filters(query: PassageQuery, table: str) -> tuple[str, list[object]]:
    sql, values = "", list[object]()
    if query.language is not None:
        sql += f" AND {table}.language = ?"
        values.append(str(query.language))
    if not query.include_internal:
        sql += f" AND {table}.internal = 0"
    return sql, values


def _by_words(connection: Connection, query: PassageQuery) -> list[int]:
    if not query.match:
        return []
    filters, values = _filters(query, "passages")
    rows = connection.execute(
        f"""SELECT passage_text.rowid FROM passage_text JOIN passages ON passages.key = passage_text.rowid
            WHERE passage_text MATCH ? AND rank MATCH '{_BM25}'{filters} ORDER BY rank LIMIT ?""",
        [query.match, *values, query.limit],
    )
    return [int(row[0]) for row in rows]


def _by_vector(connection: Connection, query: PassageQuery, total: int) -> dict[int, float]:
    if not query.vector:
        return {}
    filters, values = _filters(query, "passage_vectors")
    if total <= COARSE_FROM:
        rows = connection.execute(
            f"SELECT rowid, distance FROM passage_vectors WHERE embedding MATCH ? AND k = ?{filters}",
            [query.vector, query.limit, *values],
        )
        return {int(row[0]): 1.0 - float(row[1]) for row in rows}
    rows = connection.execute(
        f"SELECT rowid FROM passage_vectors WHERE coarse MATCH vec_quantize_binary(?) AND k = ?{filters}",
        [query.vector, query.limit * _COARSE_FACTOR, *values],
    )
    cosines = _cosines(connection, query.vector, [int(row[0]) for row in rows])
    best = sorted(cosines, key=lambda key: -cosines[key])[: query.limit]
    return {key: cosines[key] for key in best}


def _by_questions(connection: Connection, query: PassageQuery) -> dict[int, float]:
    """Best cosine of each article whose questions are among the nearest."""
    if not query.vector:
        return {}
    filters, values = _filters(query, "question_vectors")
    rows = connection.execute(
        f"""SELECT questions.article_key, min(near.distance) FROM (
                SELECT rowid, distance FROM question_vectors WHERE embedding MATCH ? AND k = ?{filters}
            ) AS near JOIN questions ON questions.key = near.rowid GROUP BY questions.article_key""",
        [query.vector, query.limit, *values],
    )
    return {int(row[0]): 1.0 - float(row[1]) for row in rows}


def _first_passages(connection: Connection, articles: Iterable[int]) -> list[int]:
    return [
        int(row[0])
        for key in articles
        for row in connection.execute("SELECT min(key) FROM passages WHERE article_key = ?", (key,))
        if row[0] is not None
    ]


def _cosines(connection: Connection, vector: bytes, keys: Sequence[int]) -> dict[int, float]:
    """Exact similarity by single look-ups; an IN list would make sqlite-vec read every vector."""
    if not vector:
        return {}
    sql = "SELECT 1.0 - vec_distance_cosine(embedding, ?) FROM passage_vectors WHERE rowid = ?"
    cosines = {}
    for key in keys:
        row = connection.execute(sql, (vector, key)).fetchone()
        if row is not None:
            cosines[key] = float(row[0])
    return cosines


def _frequencies(connection: Connection, terms: Iterable[str]) -> dict[str, int]:
    frequencies = {}
    for term in terms:
        row = connection.execute("SELECT doc FROM passage_terms WHERE term = ?", (term,)).fetchone()
        frequencies[term] = int(row[0]) if row else 0
    return frequencies


def _rows(connection: Connection, keys: Iterable[int]) -> list[Row]:
    sql = "SELECT * FROM passages WHERE key = ?"
    return [connection.execute(sql, (key,)).fetchone() for key in keys]


def _passage(row: Row) -> Passage:
    return Passage(
        doc_id=row["doc_id"],
        title=row["title"],
        text=row["text"],
        start=row["start_char"],
        end=row["end_char"],
        kind=ArticleKind(row["kind"]),
        visibility=Visibility.INTERNAL if row["internal"] else Visibility.PUBLIC,
    )
