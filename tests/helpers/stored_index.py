"""All that a search can find in a stored index, without the keys, so that two stores can be compared; and whether its
tables fit one another."""

from agent_assist.storage.connection import Connection


def content(connection: Connection) -> list[list[object]]:
    """Passages and questions with their vectors, places of words, articles, and the first passage of each."""
    consistent(connection)
    assert _keys(connection, "SELECT doc FROM passage_places") <= _keys(connection, "SELECT key FROM passages")
    tables: list[list[object]] = []
    for what, columns in (("passage", "doc_id, title, text, start_char, end_char, words"), ("question", "text")):
        rows = connection.execute(
            f"""SELECT {columns}, {what}s.text_hash, {what}_marks.language, {what}_marks.internal,
                    {what}_marks.embedded, {what}_vectors.vector
                FROM {what}s LEFT JOIN {what}_vectors USING (key) LEFT JOIN {what}_marks USING (key)"""
        )
        tables.append(sorted(tuple(row) for row in rows))
    terms = connection.execute(
        "SELECT term, count(DISTINCT doc), count(*) FROM passage_places GROUP BY term ORDER BY term"
    )
    articles = connection.execute("SELECT doc_id, title, digest, model, body FROM articles ORDER BY doc_id")
    firsts = connection.execute(
        "SELECT doc_id, start_char, min(key) FROM passages GROUP BY article_key ORDER BY doc_id"
    )
    return [*tables, *([tuple(row) for row in rows] for rows in (terms, articles)), [row[:2] for row in firsts]]


def consistent(connection: Connection) -> None:
    """Fails unless all indexes hold the same passages and questions, and every passage is what its article says."""
    for what in ("passage", "question"):
        keys = _keys(connection, f"SELECT key FROM {what}s")
        assert _keys(connection, f"SELECT key FROM {what}_marks") == keys
        embedded = _keys(connection, f"SELECT key FROM {what}_marks WHERE embedded")
        assert _keys(connection, f"SELECT key FROM {what}_vectors") == embedded
        if what == "passage":
            assert _keys(connection, "SELECT rowid FROM passage_text") == keys
    rows = connection.execute(
        """SELECT passages.doc_id, text, start_char, end_char, body ->> '$.text' AS whole, digest, model,
               EXISTS (SELECT 1 FROM passage_vectors WHERE passage_vectors.key = passages.key) AS embedded
           FROM passages JOIN articles ON articles.key = article_key"""
    )
    for row in rows:
        assert row["whole"][row["start_char"] : row["end_char"]] == row["text"], row["doc_id"]
        assert not row["digest"] or row["embedded"] == (row["model"] != ""), row["doc_id"]


def integrity(connection: Connection) -> list[str]:
    """What SQLCipher and SQLite say of the file, and FTS5 of its index; ["ok"] of a sound one."""
    pages = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
    return pages + [row[0] for row in connection.execute("PRAGMA integrity_check")]


def _keys(connection: Connection, sql: str) -> set[int]:
    return {int(row[0]) for row in connection.execute(sql)}
