"""The candidate passages for a query: the best of full text, of passage vectors and of question vectors."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent_assist.domain.knowledge import ArticleKind, Passage, SearchFilter, Visibility
from agent_assist.domain.language import Language
from agent_assist.domain.profiles import Profile
from agent_assist.storage.codec import decode
from agent_assist.storage.connection import Connection, Row
from agent_assist.storage.database import Database
from agent_assist.storage.searching.filters import filter_sql
from agent_assist.storage.searching.nearest import cosines, nearest
from agent_assist.storage.searching.terms import Term, match_expression, rank_limit

# Words count more than character pairs: pairs also match across word borders.
_BM25 = "bm25(1.0, 0.5)"
# Matches that are looked at for each one wanted before the filter; most filters leave most passages in.
_BEFORE_FILTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageQuery:
    """`terms` are the words to match, with the passages that hold each in `frequencies`; `vector` is a unit vector
    (b"" for none); each search gives at most `limit` passages. `filter.valid_at` must be given."""

    terms: tuple[Term, ...]
    frequencies: Mapping[str, int]
    passages: int
    vector: bytes
    limit: int
    filter: SearchFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A passage with what both searches say: `bm25_rank` counts from 1 (None: not among the best by words).

    Similarities are cosines, 0 where a side has no vector; `question_match` is the best of the article's questions,
    `question` its text. `profiles` say what the article's questions want, none where they were not read.
    """

    passage: Passage
    language: Language
    words: str
    bm25_rank: int | None
    similarity: float
    question_match: float
    question: str = ""
    profiles: tuple[Profile, ...] = ()


Filters = tuple[str, list[object]]
Questions = dict[int, tuple[float, str]]


async def find_candidates(database: Database, query: PassageQuery) -> tuple[Candidate, ...]:
    """Run the searches beside one another, as far as there are readers, and put together what they found."""
    by_words, similarity, questions = await asyncio.gather(
        database.read(lambda connection: _by_words(connection, query)),
        database.read(lambda connection: _by_meaning(connection, query)),
        database.read(lambda connection: _by_questions(connection, query)),
    )
    return await database.read(lambda connection: _together(connection, query, by_words, similarity, questions))


def _together(
    connection: Connection, query: PassageQuery, by_words: list[int], similarity: dict[int, float], questions: Questions
) -> tuple[Candidate, ...]:
    keys = list(dict.fromkeys([*by_words, *similarity, *_first_passages(connection, questions)]))
    # Asked once more: an article may have been blocked or made internal since its passage was found.
    keys = _kept(connection, keys, filter_sql(connection, query.filter))
    # Similarity of passages that the vector search did not bring up.
    similarity |= cosines(connection, "passage", query.vector, [key for key in keys if key not in similarity])
    ranks = {key: rank for rank, key in enumerate(by_words, start=1)}
    rows = _rows(connection, keys)
    profiles = _profiles(connection, {row["article_key"] for row in rows})
    return tuple(
        Candidate(
            passage=_passage(row),
            language=Language(row["language"]),
            words=row["words"],
            bm25_rank=ranks.get(row["key"]),
            similarity=similarity.get(row["key"], 0.0),
            question_match=asked[0],
            question=asked[1],
            profiles=profiles.get(row["article_key"], ()),
        )
        for row in rows
        for asked in (questions.get(row["article_key"], (0.0, "")),)
    )


def _by_meaning(connection: Connection, query: PassageQuery) -> dict[int, float]:
    filters = filter_sql(connection, query.filter)
    return nearest(connection, "passage", query.vector, limit=query.limit, filters=filters)


def _by_words(connection: Connection, query: PassageQuery) -> list[int]:
    filters = filter_sql(connection, query.filter)
    match = match_expression(query.terms, query.frequencies, passages=query.passages)
    if not match:
        return []
    wide = query.limit * _BEFORE_FILTER
    ranked = _ranked(connection, match, limit=wide, most=rank_limit(query.passages))
    kept = _kept(connection, ranked, filters)
    if len(kept) < query.limit and len(ranked) == wide:  # the filter leaves out nearly all: it must come first
        kept = _ranked_within(connection, match, limit=query.limit, filters=filters)
    return kept[: query.limit]


def _ranked(connection: Connection, match: str, *, limit: int, most: int) -> list[int]:
    # The inner limit comes before ranking, which is what costs.
    rows = connection.execute(
        f"""SELECT rowid FROM (SELECT rowid, rank AS place FROM passage_text
                WHERE passage_text MATCH ? AND rank MATCH '{_BM25}' LIMIT ?) ORDER BY place LIMIT ?""",
        (match, most, limit),
    )
    return [int(row[0]) for row in rows]


def _ranked_within(connection: Connection, match: str, *, limit: int, filters: Filters) -> list[int]:
    condition, values = filters
    rows = connection.execute(
        f"""SELECT passage_text.rowid FROM passage_text JOIN passage_marks AS marks ON marks.key = passage_text.rowid
            WHERE passage_text MATCH ? AND rank MATCH '{_BM25}'{condition} ORDER BY rank LIMIT ?""",
        [match, *values, limit],
    )
    return [int(row[0]) for row in rows]


def _kept(connection: Connection, keys: Sequence[int], filters: Filters) -> list[int]:
    condition, values = filters
    rows = connection.execute(
        f"SELECT key FROM passage_marks AS marks WHERE key IN (SELECT value FROM json_each(?)){condition}",
        [str(list(keys)), *values],
    )
    allowed = {int(row[0]) for row in rows}
    return [key for key in keys if key in allowed]


def _by_questions(connection: Connection, query: PassageQuery) -> Questions:
    """Best cosine of each article whose questions are among the nearest, and that question."""
    filters = filter_sql(connection, query.filter)
    found = nearest(connection, "question", query.vector, limit=query.limit, filters=filters)
    rows = connection.execute(
        "SELECT key, article_key, text FROM questions WHERE key IN (SELECT value FROM json_each(?))",
        (str(list(found)),),
    )
    asked = {int(row[0]): (int(row[1]), str(row[2])) for row in rows}
    best: dict[int, tuple[float, str]] = {}
    for key, cosine in found.items():
        article, text = asked[key]
        best.setdefault(article, (cosine, text))
    return best


def _first_passages(connection: Connection, articles: Iterable[int]) -> list[int]:
    rows = connection.execute(
        "SELECT min(key) FROM passages WHERE article_key IN (SELECT value FROM json_each(?)) GROUP BY article_key",
        (str(list(articles)),),
    )
    return [int(row[0]) for row in rows]


def _profiles(connection: Connection, articles: set[int]) -> dict[int, tuple[Profile, ...]]:
    rows = connection.execute(
        "SELECT article_key, body FROM article_profiles WHERE article_key IN (SELECT value FROM json_each(?))",
        (str(list(articles)),),
    )
    return {int(row[0]): decode(row[1], tuple[Profile, ...]) for row in rows}


def _rows(connection: Connection, keys: Iterable[int]) -> list[Row]:
    rows = connection.execute(
        "SELECT * FROM passages WHERE key IN (SELECT value FROM json_each(?))", (str(list(keys)),)
    ).fetchall()
    place = {key: index for index, key in enumerate(keys)}
    return sorted(rows, key=lambda row: place[row["key"]])


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
