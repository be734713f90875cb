"""The candidate passages for a query: the best of full text, of passage vectors and of question vectors."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent_assist.domain.knowledge import ArticleKind, Passage, Visibility
from agent_assist.domain.language import Language
from agent_assist.storage.connection import Connection, Row

# Above this many vectors, copies with a byte a value are compared first (a quarter to read and decrypt), then the
# nearest in full. On 10,882 snippets this found all of the true nearest 50; single bits, which sqlite-vec offers too,
# found a fifth of them, since e5's values have nearly the same signs in all texts.
COARSE_FROM = 2_000
_COARSE_FACTOR = 2
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
    by_words = _by_words(connection, query)
    similarity = _nearest(connection, "passage", query)
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
    return Candidates(
        found=found, frequencies=_frequencies(connection, query.terms), passages=_count(connection, "passages")
    )


def _count(connection: Connection, table: str) -> int:
    # Of a table with a small index: counting the rows that hold the vectors would read them all.
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


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


def _nearest(connection: Connection, what: str, query: PassageQuery) -> dict[int, float]:
    """Cosine of each of the nearest vectors of "passage" or "question", by its key, best first."""
    if not query.vector:
        return {}
    filters, values = _filters(query, f"{what}_vectors")
    near = ""
    if _count(connection, f"{what}s") > COARSE_FROM:
        bytes_filters, bytes_values = _filters(query, f"{what}_bytes")
        near = f"""AND key IN (SELECT rowid FROM {what}_bytes
                   WHERE vector MATCH vec_quantize_int8(?, 'unit') AND k = ?{bytes_filters})"""
        values = [query.vector, query.limit * _COARSE_FACTOR, *bytes_values, *values]
    rows = connection.execute(
        f"""SELECT key, vec_distance_cosine(vector, ?) AS distance FROM {what}_vectors
            WHERE true {near}{filters} ORDER BY distance LIMIT ?""",
        [query.vector, *values, query.limit],
    )
    return {int(row[0]): 1.0 - float(row[1]) for row in rows}


def _by_questions(connection: Connection, query: PassageQuery) -> dict[int, float]:
    """Best cosine of each article whose questions are among the nearest."""
    best: dict[int, float] = {}
    for key, cosine in _nearest(connection, "question", query).items():
        article = connection.execute("SELECT article_key FROM questions WHERE key = ?", (key,)).fetchone()[0]
        best.setdefault(int(article), cosine)
    return best


def _first_passages(connection: Connection, articles: Iterable[int]) -> list[int]:
    return [
        int(row[0])
        for key in articles
        for row in connection.execute("SELECT min(key) FROM passages WHERE article_key = ?", (key,))
        if row[0] is not None
    ]


def _cosines(connection: Connection, vector: bytes, keys: Iterable[int]) -> dict[int, float]:
    """Similarity of passages that the vector search did not bring up."""
    if not vector:
        return {}
    sql = "SELECT 1.0 - vec_distance_cosine(vector, ?) FROM passage_vectors WHERE key = ?"
    rows = ((key, connection.execute(sql, (vector, key)).fetchone()) for key in keys)
    return {key: float(row[0]) for key, row in rows if row is not None}


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
