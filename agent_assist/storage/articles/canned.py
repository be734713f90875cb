"""Reviewed texts that may be sent word for word, sought by name while somebody types it."""

from datetime import datetime

import msgspec

from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus, Visibility
from agent_assist.domain.language import Language, is_han
from agent_assist.storage.bigrams import fold
from agent_assist.storage.codec import decode
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database
from agent_assist.text.initials import initials

# Where the words were found, the nearer to the name the better.
_TITLE_BEGINS, _TITLE, _INITIALS, _QUESTION, _TEXT = range(5)
_NOWHERE = 99


class _Said(msgspec.Struct):
    """What is looked at; the rest of an article need not be read."""

    title: str
    text: str
    language: Language
    question: str = ""
    variants: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()


_SAID = msgspec.json.Decoder(_Said)


class CannedStore:
    """The approved FAQ and macros of a profile."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def find(
        self,
        words: str,
        *,
        kinds: tuple[ArticleKind, ...],
        language: Language,
        intents: tuple[str, ...],
        now: datetime,
        limit: int,
    ) -> list[Article]:
        """Public texts of these kinds that may be used `now` and hold `words` in title, question or text (a title also
        by the first letters of its pinyin). Texts in `language` first, then by where the words stand, then those for
        one of `intents`, then by title."""
        return await self._database.read(
            lambda connection: _find(connection, words, kinds, language, intents, now, limit)
        )


def _find(
    connection: Connection,
    words: str,
    kinds: tuple[ArticleKind, ...],
    language: Language,
    intents: tuple[str, ...],
    now: datetime,
    limit: int,
) -> list[Article]:
    sought = fold(words)
    wanted = frozenset(intents)

    def rank(body: str) -> int:
        # Most articles lack one of the characters sought, and are not parsed.
        if any(is_han(char) and char not in body for char in sought):
            return _NOWHERE
        said = _SAID.decode(body)
        place = _place(said, sought)
        if place == _NOWHERE:
            return place
        return (10 if said.language is not language else 0) + place * 2 + (0 if wanted & set(said.intents) else 1)

    connection.create_function("rank_canned", 1, rank, deterministic=True)
    marks = ",".join("?" * len(kinds))
    rows = connection.execute(
        f"""SELECT body, rank_canned(body) AS rank FROM articles
        WHERE status = ? AND json_extract(body, '$.kind') IN ({marks}) AND rank < {_NOWHERE}
        AND coalesce(json_extract(body, '$.visibility'), 'public') = ?
        ORDER BY rank, title, doc_id""",
        (ArticleStatus.APPROVED.value, *(str(kind) for kind in kinds), Visibility.PUBLIC.value),
    )
    found: list[Article] = []
    for row in rows:
        article = decode(row["body"], Article)
        if article.usable_at(now):
            found.append(article)
        if len(found) == limit:
            break
    return found


def _place(said: _Said, sought: str) -> int:
    title = fold(said.title)
    if title.startswith(sought):
        return _TITLE_BEGINS
    if sought in title:
        return _TITLE
    if sought.isascii() and sought in initials(said.title):
        return _INITIALS
    if any(sought in fold(asked) for asked in (said.question, *said.variants)):
        return _QUESTION
    return _TEXT if sought in fold(said.text) else _NOWHERE
