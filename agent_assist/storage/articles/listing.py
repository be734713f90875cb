"""The list of articles: filters, order, pages."""

from collections.abc import Callable

import msgspec

from agent_assist.domain.article_versions import ArticleQuery, ArticleRow
from agent_assist.domain.knowledge import Article
from agent_assist.domain.language import is_han
from agent_assist.storage.bigrams import fold
from agent_assist.storage.codec import decode, from_micros, to_micros
from agent_assist.storage.connection import Connection, Row


class _Said(msgspec.Struct):
    """The words of an article that its list is searched for; reading these alone takes a tenth of the time."""

    title: str
    text: str
    question: str = ""
    variants: tuple[str, ...] = ()
    owner: str = ""


_SAID = msgspec.json.Decoder(_Said)


def list_page(connection: Connection, query: ArticleQuery, offset: int, limit: int) -> list[ArticleRow]:
    """Rows `offset` to `offset + limit` by title, or by their end where the query asks for that."""
    condition, values = _condition(connection, query)
    by_end = "valid_until, " if query.expires_before else ""
    # The page is cut before anything is joined to it.
    rows = connection.execute(
        f"""SELECT page.body, newest.number, newest.at, newest.author FROM (
                SELECT key FROM articles WHERE {condition} ORDER BY {by_end}title, doc_id LIMIT ? OFFSET ?
            ) JOIN articles AS page USING (key)
            JOIN article_versions AS newest ON newest.doc_id = page.doc_id AND newest.number = (
                SELECT max(other.number) FROM article_versions AS other WHERE other.doc_id = page.doc_id)
            ORDER BY {by_end}page.title, page.doc_id""",
        [*values, limit, offset],
    )
    return [_row(row) for row in rows]


def list_count(connection: Connection, query: ArticleQuery) -> int:
    """How many rows there are."""
    condition, values = _condition(connection, query)
    return int(connection.execute(f"SELECT count(*) FROM articles WHERE {condition}", values).fetchone()[0])


def _row(row: Row) -> ArticleRow:
    return ArticleRow(
        article=decode(row["body"], Article),
        version=row["number"],
        changed_at=from_micros(row["at"]),
        changed_by=row["author"],
    )


def _condition(connection: Connection, query: ArticleQuery) -> tuple[str, list[object]]:
    terms, values = ["true"], list[object]()

    def add(term: str, *more: object) -> None:
        terms.append(term)
        values.extend(more)

    if query.status is not None:
        add("status = ?", str(query.status))
    for kind, label in (("tag", query.tag), ("product", query.product)):
        if label:
            add("key IN (SELECT article_key FROM article_labels WHERE kind = ? AND value = ?)", kind, fold(label))
    if query.expires_before is not None:
        add("valid_until <= ?", to_micros(query.expires_before))
    if query.expires_after is not None:
        add("(valid_until IS NULL OR valid_until > ?)", to_micros(query.expires_after))
    for field in ("kind", "language", "visibility"):
        if wanted := getattr(query, field):
            add(f"json_extract(body, '$.{field}') = ?", str(wanted))
    _add_words(connection, query, add)
    return " AND ".join(terms), values


def _add_words(connection: Connection, query: ArticleQuery, add: Callable[..., None]) -> None:
    """Filters that only the whole text can tell; they come last, so that the others spare them work."""
    if query.owner.strip():
        connection.create_function("is_owned", 2, _is_owned, deterministic=True)
        add("is_owned(body, ?)", fold(query.owner))
    if query.text.strip():
        connection.create_function("says", 2, _says, deterministic=True)
        add("says(body, ?)", fold(query.text))


def _says(body: str, folded: str) -> bool:
    # Folding Chinese with its full-width punctuation is what costs; most articles lack one of the characters sought.
    if any(is_han(char) and char not in body for char in folded):
        return False
    said = _SAID.decode(body)
    return folded in fold("\n".join((said.title, said.question, *said.variants, said.text)))


def _is_owned(body: str, folded: str) -> bool:
    return folded in fold(_SAID.decode(body).owner)
