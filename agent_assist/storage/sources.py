"""The sources of knowledge, what was read of each of their files, and what programs tell one another of indexing.

That a person added, watches or removed a source survives a power cut. What was read of a file is written after its
articles: at worst a file is read again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from agent_assist.domain.ids import utc_now
from agent_assist.domain.sources import FileState, KnowledgeSource, SourceFile
from agent_assist.storage.codec import from_micros, to_micros
from agent_assist.storage.connection import Connection, Row
from agent_assist.storage.database import Database

# A folder may have thousands of files, and they are looked at every few seconds.
_STATES = {state.value: state for state in FileState}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """What is to be remembered of a file that was read. `articles` maps the ids it gave to the doc_ids stored; None
    leaves those that are known."""

    source: int
    file: SourceFile
    articles: Mapping[str, str] | None


class SourceStore:
    """The sources of one profile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def want(self, paths: Sequence[str], *, watched: bool | None = None) -> list[KnowledgeSource]:
        """Add sources, or ask for those that are there; `watched` is left as it is where None."""
        return await self._database.write(lambda connection: _want(connection, paths, watched))

    async def set_watched(self, key: int, watched: bool) -> None:
        """Follow a source, or no longer."""
        await self._database.write(
            lambda connection: connection.execute(
                "UPDATE knowledge_sources SET watched = ? WHERE key = ?", (watched, key)
            )
        )

    async def remove(self, key: int) -> None:
        """Forget a source and what was read of it; its articles are the caller's to take out, before."""
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM knowledge_sources WHERE key = ?", (key,))
        )

    async def all(self, *, count: bool = False) -> list[KnowledgeSource]:
        """All sources by path; with `count` how many files and articles each has."""
        return await self._database.read(lambda connection: _all(connection, count))

    async def checked(self, key: int, *, problem: str = "", wanted: bool = False) -> None:
        """A source was gone through, or could not be."""
        await self._database.write_rebuildable(
            lambda connection: connection.execute(
                "UPDATE knowledge_sources SET problem = ?, wanted = ?, checked_at = ? WHERE key = ?",
                (problem, wanted, to_micros(utc_now()), key),
            )
        )

    async def files(self, source: int) -> list[SourceFile]:
        """What is known of the files of a source, by path."""
        return await self._database.read(lambda connection: _files(connection, source))

    async def incomplete(self, source: int, *, model: str) -> set[int]:
        """Keys of files of which an article is missing, unfinished, or without vectors of `model` ("" for any)."""
        return await self._database.read(lambda connection: _incomplete(connection, source, model))

    async def articles(self, file: int) -> dict[str, str]:
        """The ids that a file gave its articles, and the doc_ids under which they are stored."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT given_id, doc_id FROM source_articles WHERE file_key = ? ORDER BY given_id", (file,)
            ).fetchall()
        )
        return {row[0]: row[1] for row in rows}

    async def article_counts(self, source: int) -> dict[int, int]:
        """How many articles came out of each file of a source, by its key."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                """SELECT file_key, count(*) FROM source_articles JOIN source_files ON source_files.key = file_key
                   WHERE source_key = ? GROUP BY file_key""",
                (source,),
            ).fetchall()
        )
        return {row[0]: row[1] for row in rows}

    async def unsettled(self, source: int) -> bool:
        """Whether a file of the source has to be looked at again though nothing changes any more."""
        sql = "SELECT 1 FROM source_files WHERE source_key = ? AND mtime_ns = -1 LIMIT 1"
        rows = await self._database.read(lambda connection: connection.execute(sql, (source,)).fetchall())
        return bool(rows)

    async def articles_of(self, source: int) -> list[str]:
        """doc_ids that came out of a source."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                """SELECT DISTINCT doc_id FROM source_articles JOIN source_files ON source_files.key = file_key
                   WHERE source_key = ? ORDER BY doc_id""",
                (source,),
            ).fetchall()
        )
        return [row[0] for row in rows]

    async def claimed(self, doc_ids: Collection[str], *, besides: Collection[int]) -> set[str]:
        """Those of `doc_ids` that came out of other files than `besides`, too; these are read again at the next look,
        since an article is what the last file read says of it."""
        return await self._database.write_rebuildable(lambda connection: _claimed(connection, doc_ids, besides))

    async def taken(self, doc_ids: Collection[str], *, path: str) -> set[str]:
        """Those of `doc_ids` that a renamed file other than `path` keeps its articles under."""
        return await self._database.read(lambda connection: _taken(connection, doc_ids, path))

    async def announce(self, files: Sequence[ReadFile]) -> None:
        """Articles that are about to be stored: were the program killed after that and the file deleted, nobody would
        know where they came from."""
        await self._database.write_rebuildable(lambda connection: _announce(connection, files))

    async def remember(self, files: Sequence[ReadFile]) -> None:
        """What was read of files, in place of what was known of them."""
        await self._database.write_rebuildable(lambda connection: _remember(connection, files))

    async def forget(self, files: Sequence[int]) -> None:
        """Files that are gone; their articles are the caller's to take out, before."""
        await self._database.write_rebuildable(
            lambda connection: connection.executemany(
                "DELETE FROM source_files WHERE key = ?", [(key,) for key in files]
            )
        )

    async def read_again(self, source: int) -> None:
        """Take all that was read of a source for changed, and its articles with their vectors for outdated."""
        await self._database.write(lambda connection: _read_again(connection, source))


def _want(connection: Connection, paths: Sequence[str], watched: bool | None) -> list[KnowledgeSource]:
    connection.executemany(
        """INSERT INTO knowledge_sources (path, watched) VALUES (?, coalesce(?, 0))
           ON CONFLICT (path) DO UPDATE SET wanted = 1, watched = coalesce(?, watched)""",
        [(path, watched, watched) for path in paths],
    )
    wanted = set(paths)
    return [source for source in _all(connection, False) if source.path in wanted]


def _all(connection: Connection, count: bool) -> list[KnowledgeSource]:
    return [
        KnowledgeSource(
            key=row["key"],
            path=row["path"],
            watched=bool(row["watched"]),
            wanted=bool(row["wanted"]),
            problem=row["problem"],
            checked_at=from_micros(row["checked_at"]) if row["checked_at"] is not None else None,
            **(_counts(connection, row["key"]) if count else {}),
        )
        for row in connection.execute("SELECT * FROM knowledge_sources ORDER BY path").fetchall()
    ]


def _counts(connection: Connection, source: int) -> dict[str, int]:
    row = connection.execute(
        """SELECT count(*) AS files, total(state = 'failed') AS failed,
           (SELECT count(DISTINCT doc_id) FROM source_articles JOIN source_files ON source_files.key = file_key
            WHERE source_key = ?1) AS articles
           FROM source_files WHERE source_key = ?1""",
        (source,),
    ).fetchone()
    return {name: int(row[name]) for name in ("files", "failed", "articles")}


def _files(connection: Connection, source: int) -> list[SourceFile]:
    rows = connection.execute(
        """SELECT key, path, size, mtime_ns, sha256, scheme, state, error FROM source_files
           WHERE source_key = ? ORDER BY path""",
        (source,),
    )
    return [_file(row) for row in rows]


def _file(row: Row) -> SourceFile:
    key, path, size, mtime_ns, sha256, scheme, state, error = row
    return SourceFile(
        key=key,
        path=path,
        size=size,
        mtime_ns=mtime_ns,
        sha256=sha256,
        scheme=scheme,
        state=_STATES[state],
        error=error,
    )


def _incomplete(connection: Connection, source: int, model: str) -> set[int]:
    rows = connection.execute(
        """SELECT DISTINCT source_files.key FROM source_files JOIN source_articles ON file_key = source_files.key
           LEFT JOIN articles ON articles.doc_id = source_articles.doc_id
           WHERE source_key = ?1 AND (articles.key IS NULL OR digest = '' OR (?2 <> '' AND model <> ?2))""",
        (source, model),
    )
    return {row[0] for row in rows}


def _claimed(connection: Connection, doc_ids: Collection[str], besides: Collection[int]) -> set[str]:
    found = set()
    for doc_id in doc_ids:
        rows = connection.execute("SELECT file_key FROM source_articles WHERE doc_id = ?", (doc_id,))
        others = {row[0] for row in rows} - set(besides)
        if others:
            found.add(doc_id)
        connection.executemany(
            "UPDATE source_files SET mtime_ns = -1, sha256 = '' WHERE key = ?", [(key,) for key in others]
        )
    return found


def _taken(connection: Connection, doc_ids: Collection[str], path: str) -> set[str]:
    sql = """SELECT 1 FROM source_articles JOIN source_files ON source_files.key = file_key
             WHERE doc_id = ? AND given_id <> doc_id AND path <> ? LIMIT 1"""
    return {doc_id for doc_id in doc_ids if connection.execute(sql, (doc_id, path)).fetchone()}


def _announce(connection: Connection, files: Sequence[ReadFile]) -> None:
    for read in files:
        file = read.file
        key = (
            file.key
            or connection.execute(
                """INSERT INTO source_files (source_key, path, size, mtime_ns, sha256, scheme, state, error)
                   VALUES (?, ?, ?, -1, '', ?, 'failed', 'It was not read to its end yet.')
                   ON CONFLICT (source_key, path) DO UPDATE SET mtime_ns = -1 RETURNING key""",
                (read.source, file.path, file.size, file.scheme),
            ).fetchone()[0]
        )
        connection.executemany(
            "INSERT OR REPLACE INTO source_articles (file_key, given_id, doc_id) VALUES (?, ?, ?)",
            [(key, given_id, doc_id) for given_id, doc_id in (read.articles or {}).items()],
        )


def _remember(connection: Connection, files: Sequence[ReadFile]) -> None:
    for read in files:
        file = read.file
        if file.key:  # a renamed file stays the same one
            connection.execute("UPDATE source_files SET path = ? WHERE key = ?", (file.path, file.key))
        key = connection.execute(
            """INSERT INTO source_files (source_key, path, size, mtime_ns, sha256, scheme, state, error)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (source_key, path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns,
               sha256 = excluded.sha256, scheme = excluded.scheme, state = excluded.state, error = excluded.error
               RETURNING key""",
            (
                *(read.source, file.path, file.size, file.mtime_ns, file.sha256),
                *(file.scheme, str(file.state), file.error),
            ),
        ).fetchone()[0]
        if read.articles is None:
            continue
        connection.execute("DELETE FROM source_articles WHERE file_key = ?", (key,))
        connection.executemany(
            "INSERT INTO source_articles (file_key, given_id, doc_id) VALUES (?, ?, ?)",
            [(key, given_id, doc_id) for given_id, doc_id in read.articles.items()],
        )


def _read_again(connection: Connection, source: int) -> None:
    connection.execute("UPDATE source_files SET mtime_ns = -1, sha256 = '' WHERE source_key = ?", (source,))
    connection.execute("UPDATE knowledge_sources SET wanted = 1 WHERE key = ?", (source,))
    connection.execute(
        """UPDATE articles SET digest = '', model = '' WHERE doc_id IN (SELECT doc_id FROM source_articles
           JOIN source_files ON source_files.key = file_key WHERE source_key = ?)""",
        (source,),
    )
    connection.execute("DELETE FROM spare_vectors")
