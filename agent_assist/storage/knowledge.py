"""Articles with their passages, full text and vectors.

This store keeps and finds; what words a text has and how the two searches are weighed is decided in
agent_assist.knowledge. What is written here can be rebuilt from the shop's files, so writes do not wait for the disk;
what people write goes through agent_assist.storage.articles.store, which does. Either way the newest version in
`article_versions` says what is in the index.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from agent_assist.domain.knowledge import Article
from agent_assist.errors import InputError, NotFoundError
from agent_assist.storage.articles import versions
from agent_assist.storage.articles.indexed import VECTOR_BYTES, IndexedArticle, IndexedPassage
from agent_assist.storage.articles.rows import remove_article
from agent_assist.storage.articles.spare_vectors import known_vectors
from agent_assist.storage.articles.writes import Batch, Outcome, Over
from agent_assist.storage.codec import decode, encode
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database
from agent_assist.storage.searching.candidates import Candidate, PassageQuery, find_candidates
from agent_assist.storage.searching.coding import code_some, keep_scale, measure_scale, too_many_uncoded
from agent_assist.storage.searching.nearest import read_scale
from agent_assist.storage.searching.terms import frequencies

__all__ = [
    "VECTOR_BYTES",
    "ArticleState",
    "IndexedArticle",
    "IndexedPassage",
    "KnowledgeStore",
    "Outcome",
    "Over",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleState:
    """What is stored: the article's digest, the encoder of its vectors ("" for none), the number of its passages, and
    whether a person `edited` (or reviewed, or restored) it after the last import that changed it, and the file that it
    says it is from."""

    digest: str
    model: str
    passages: int
    edited: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermCounts:
    """`frequencies` says about how many of `passages` hold each term."""

    frequencies: Mapping[str, int]
    passages: int


class KnowledgeStore:
    """Stored knowledge of one profile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def upsert(self, indexed: IndexedArticle, *, refresh: bool = False) -> bool:
        """Put the article in place of the one with its doc_id; True where there was none. Raises like `store`.

        With `refresh` nothing is written unless the stored article says the same: vectors that were made of an older
        text must not take an edit back.
        """
        [outcome] = await self.store([indexed], over=Over.THE_SAME if refresh else Over.ANYTHING)
        return outcome is Outcome.ADDED

    async def store(self, batch: Sequence[IndexedArticle], *, over: Over = Over.ANYTHING) -> list[Outcome]:
        """Put articles in place of those with their doc_ids, where `over` allows it; what became of each.

        Appends a version where the content is new. Several articles go into a transaction, a long one into several, so
        that none keeps other writers waiting; a short one is stored as a whole or not at all. Raises InputError for
        vectors of another width than 384, before anything is stored.
        """
        for indexed in batch:
            vectors = [item.vector for item in indexed.passages] + [vector for _, vector in indexed.questions]
            if any(len(vector) not in (0, VECTOR_BYTES) for vector in vectors):
                raise InputError("The encoder's vectors do not have 384 values; choose an encoder that is 384 wide.")
        work = Batch(batch, over=over)
        while not work.done:
            await self._database.write_rebuildable(work.go_on)
        await self.code_vectors()
        return work.outcomes

    async def code_vectors(self) -> None:
        """Give codes to vectors that lack them, where there are many; in steps between which others may write."""
        if not await self._database.read(too_many_uncoded):
            return
        if (measured := await self._database.read(measure_scale)) is not None:
            await self._database.write_rebuildable(partial(keep_scale, scale=measured))
        scale = await self._database.read(read_scale)
        if scale is not None:
            step = partial(code_some, scale=scale)
            while await self._database.write_rebuildable(step):
                pass

    async def delete(self, doc_id: str) -> bool:
        """Remove an article with all its parts but its versions; False where there is none."""
        return await self._database.write_rebuildable(lambda connection: _delete(connection, doc_id))

    async def moved(self, doc_ids: Sequence[str], source: str) -> None:
        """The file that articles came from has another name now."""
        await self._database.write_rebuildable(
            lambda connection: connection.executemany(
                "UPDATE articles SET body = json_set(body, '$.source', ?) WHERE doc_id = ?",
                [(source, doc_id) for doc_id in doc_ids],
            )
        )

    async def known_vectors(self, hashes: Sequence[bytes], *, model: str) -> dict[bytes, bytes]:
        """Vectors by `model` that are there for texts with these hashes (`indexed.text_hash`)."""
        return await self._database.read(lambda connection: known_vectors(connection, hashes, model=model))

    async def get(self, doc_id: str) -> Article:
        """The article. Raises NotFoundError."""
        rows = await self._database.read(
            lambda connection: connection.execute("SELECT body FROM articles WHERE doc_id = ?", (doc_id,)).fetchall()
        )
        if not rows:
            raise NotFoundError(f"There is no article {doc_id!r}.")
        return decode(rows[0][0], Article)

    async def articles(self) -> list[Article]:
        """All articles by title."""
        rows = await self._database.read(
            lambda connection: connection.execute("SELECT body FROM articles ORDER BY title, doc_id").fetchall()
        )
        return [decode(row[0], Article) for row in rows]

    async def state(self, doc_id: str) -> ArticleState | None:
        """What is stored under `doc_id`, None where nothing is."""
        return await self._database.read(lambda connection: _state(connection, doc_id))

    async def states(self, doc_ids: Sequence[str]) -> list[ArticleState | None]:
        """`state` of each of `doc_ids`, in order."""
        return await self._database.read(lambda connection: [_state(connection, doc_id) for doc_id in doc_ids])

    async def outdated(self, model: str) -> list[str]:
        """doc_ids whose vectors are missing or were made by another encoder than `model`, or that are unfinished."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT doc_id FROM articles WHERE model <> ? OR digest = '' ORDER BY key", (model,)
            ).fetchall()
        )
        return [str(row[0]) for row in rows]

    async def counts(self) -> tuple[int, int]:
        """Number of articles and of passages."""
        row = await self._database.read(
            lambda connection: connection.execute(
                "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)"
            ).fetchone()
        )
        return int(row[0]), int(row[1])

    async def candidates(self, query: PassageQuery) -> tuple[Candidate, ...]:
        """Whatever either search finds for `query`."""
        return await find_candidates(self._database, query)

    async def count_terms(self, terms: Iterable[str]) -> TermCounts:
        """How common words and pairs are."""
        return await self._database.read(lambda connection: _count_terms(connection, terms))

    async def spelled(self, spellings: Iterable[str]) -> dict[str, set[str]]:
        """The terms that share each of the spellings."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT spelling, term FROM spellings WHERE spelling IN (SELECT value FROM json_each(?))",
                (encode(list(spellings)),),
            ).fetchall()
        )
        found: dict[str, set[str]] = {}
        for spelling, term in rows:
            found.setdefault(spelling, set()).add(term)
        return found


def _count_terms(connection: Connection, terms: Iterable[str]) -> TermCounts:
    passages = connection.execute("SELECT count(*) FROM passage_marks").fetchone()[0]
    newest = connection.execute("SELECT max(key) FROM passage_marks").fetchone()[0] or 0
    return TermCounts(frequencies=frequencies(connection, terms, newest=newest), passages=passages)


def _state(connection: Connection, doc_id: str) -> ArticleState | None:
    row = connection.execute(
        """SELECT digest, model, (SELECT count(*) FROM passages WHERE article_key = articles.key),
           (SELECT author <> '' FROM article_versions WHERE doc_id = articles.doc_id ORDER BY number DESC LIMIT 1),
           CASE WHEN body = '' THEN '' ELSE json_extract(body, '$.source') END
           FROM articles WHERE doc_id = ?""",
        (doc_id,),
    ).fetchone()
    if row is None:
        return None
    return ArticleState(digest=row[0], model=row[1], passages=row[2], edited=bool(row[3]), source=row[4] or "")


def _delete(connection: Connection, doc_id: str) -> bool:
    removed = remove_article(connection, doc_id)
    if removed:
        versions.note_removal(connection, doc_id)
    return removed
