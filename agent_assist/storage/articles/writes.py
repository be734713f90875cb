"""Storing an article over what is stored of it: only what differs is written, and a long one in several transactions.

Whatever stands in the index at any moment is true: while an article is between two texts, passages that are gone are
taken out first, then the text is exchanged, then the new passages come in. An article that was left in between (the
program was killed) has no digest, and is finished by storing it again. A vector that is there is of the article's
`model`, also in between.
"""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from agent_assist.domain.knowledge import Article
from agent_assist.storage.articles import rows, versions
from agent_assist.storage.articles.indexed import IndexedArticle
from agent_assist.storage.codec import decode
from agent_assist.storage.connection import Connection, Row

_ALL = 1_000_000
# A transaction goes on with the next article until it has lasted this long; a piece takes about 10 ms.
LONGEST_S = 0.02
PIECE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Whether the article is whole now, and whether there was none before."""

    done: bool
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """What is there: `article` is None where the row was just made."""

    key: int
    model: str
    article: Article | None
    passages: tuple[Row, ...]
    questions: tuple[Row, ...]


class Over(StrEnum):
    """What an article may be stored over: `IMPORTED` spares what people edited or deleted, `THE_SAME` only gives an
    article that reads the same its vectors."""

    ANYTHING = "anything"
    IMPORTED = "imported"
    THE_SAME = "the same"


class Outcome(StrEnum):
    """What became of an article; `KEPT` is the stored one, over which nothing was to be stored."""

    ADDED = "added"
    UPDATED = "updated"
    KEPT = "kept"


class Batch:
    """Articles on their way into the store, a transaction at a time."""

    def __init__(self, articles: Sequence[IndexedArticle], *, over: Over) -> None:
        self._left = deque(enumerate(articles))
        self._over = over
        self.outcomes = [Outcome.UPDATED] * len(articles)

    @property
    def done(self) -> bool:
        """Whether all are stored."""
        return not self._left

    def go_on(self, connection: Connection) -> None:
        """Store what fits into one transaction, which is at least a piece of the next article."""
        until = time.monotonic() + LONGEST_S
        while self._left:
            if self._put_piece(connection, *self._left[0]):
                self._left.popleft()
            if time.monotonic() >= until:
                return

    def _put_piece(self, connection: Connection, place: int, indexed: IndexedArticle) -> bool:
        if not _may_store(connection, indexed.article, self._over):
            self.outcomes[place] = Outcome.KEPT
            return True
        versions.note_import(connection, indexed.article)
        step = put_some(connection, indexed, most=PIECE)
        if step.is_new:
            self.outcomes[place] = Outcome.ADDED
        return step.done


def _may_store(connection: Connection, article: Article, over: Over) -> bool:
    """Asked again in every transaction: people edit while vectors are made."""
    if over is Over.ANYTHING:
        return True
    last = versions.newest(connection, article.doc_id)
    if over is Over.THE_SAME:
        return last is not None and not last.deleted and versions.same_content(last.article, article)
    return last is None or not last.by_person or (not last.deleted and versions.same_content(last.article, article))


def put_article(connection: Connection, indexed: IndexedArticle) -> bool:
    """Put the article in place of the one with its doc_id, inside the caller's transaction; True where it is new."""
    return put_some(connection, indexed, most=_ALL).is_new


def put_some(connection: Connection, indexed: IndexedArticle, *, most: int) -> Step:
    """Do the work of at most `most` rows on the way to `indexed`; to be called until it is done, a transaction each."""
    doc_id = indexed.article.doc_id
    stored = _stored(connection, doc_id)
    is_new = stored is None
    if stored is None:
        rows.insert_article(connection, indexed.article)
        stored = _stored(connection, doc_id)
        assert stored is not None
    rows.sign(connection, stored.key, digest=rows.UNFINISHED, model=stored.model)
    left = most
    for work in _work(stored, indexed):
        counts = work.func is not _exchange_text  # it comes anew with every step
        if counts and not left:
            return Step(done=False, is_new=is_new)
        work(connection)
        left -= counts
    rows.sign(connection, stored.key, digest=indexed.digest, model=indexed.model)
    return Step(done=True, is_new=is_new)


def _stored(connection: Connection, doc_id: str) -> _Stored | None:
    row = connection.execute("SELECT key, model, body FROM articles WHERE doc_id = ?", (doc_id,)).fetchone()
    if row is None:
        return None
    found = {
        what: connection.execute(
            f"""SELECT *, EXISTS (SELECT 1 FROM {what}_vectors WHERE {what}_vectors.key = {what}s.key) AS embedded
                FROM {what}s WHERE article_key = ? ORDER BY key""",
            (row["key"],),
        ).fetchall()
        for what in ("passage", "question")
    }
    return _Stored(
        key=row["key"],
        model=row["model"],
        article=decode(row["body"], Article) if row["body"] else None,
        passages=tuple(found["passage"]),
        questions=tuple(found["question"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Rows that stay, by the place of their passage or the text of their question, and those that go.

    `first` is the row whose key the first passage takes over: it stands for its article where only a question was
    found, and is told by the smallest key.
    """

    passages: dict[int, Row]
    questions: dict[str, Row]
    gone: tuple[tuple[str, int], ...]
    first: int | None


def _plan(stored: _Stored, indexed: IndexedArticle) -> _Plan:
    passages, questions = _same_passages(stored, indexed), _same_questions(stored, indexed)
    first = stored.passages[0]["key"] if stored.passages and indexed.passages else None
    if first is not None and (0 not in passages or passages[0]["key"] != first):
        passages = {place: row for place, row in passages.items() if place and row["key"] != first}
    else:
        first = None
    staying = {row["key"] for row in passages.values()} | {first}
    asked = {row["key"] for row in questions.values()}
    return _Plan(
        passages=passages,
        questions=questions,
        gone=(
            *(("passage", row["key"]) for row in stored.passages if row["key"] not in staying),
            *(("question", row["key"]) for row in stored.questions if row["key"] not in asked),
        ),
        first=first,
    )


def _work(stored: _Stored, indexed: IndexedArticle) -> Iterator[partial[None]]:
    """One piece of work a row, in the order that keeps what is stored true."""
    plan = _plan(stored, indexed)
    article, key = indexed.article, stored.key
    for what, gone in plan.gone:
        yield partial(rows.remove_rows, what=what, keys=[gone])
    yield from _stale_vectors(stored, indexed, plan)
    yield partial(_exchange_text, plan=plan, indexed=indexed, key=key)
    for place, item in enumerate(indexed.passages):
        row = plan.passages.get(place)
        if row is None and (place or plan.first is None):
            yield partial(rows.insert_passage, article=article, article_key=key, item=item)
        elif row is not None and _lacks_vector(stored, indexed, row, item.vector):
            yield partial(rows.insert_vector, what="passage", key=row["key"], article=article, vector=item.vector)
    for text, vector in indexed.questions:
        row = plan.questions.get(text)
        if row is None:
            yield partial(rows.insert_question, article=article, article_key=key, text=text, vector=vector)
        elif _lacks_vector(stored, indexed, row, vector):
            yield partial(rows.insert_vector, what="question", key=row["key"], article=article, vector=vector)


def _stale_vectors(stored: _Stored, indexed: IndexedArticle, plan: _Plan) -> Iterator[partial[None]]:
    """Vectors of another encoder than the article is to have."""
    if stored.model != indexed.model:
        for what, staying in (("passage", plan.passages.values()), ("question", plan.questions.values())):
            for row in staying:
                if row["embedded"]:
                    yield partial(rows.remove_vectors, what=what, keys=[row["key"]])


def _exchange_text(connection: Connection, *, plan: _Plan, indexed: IndexedArticle, key: int) -> None:
    """From here on the article reads as it is to be, and what stays of it stands where it stands there."""
    if plan.first is not None:
        rows.remove_rows(connection, "passage", [plan.first])
        rows.insert_passage(
            connection, article=indexed.article, article_key=key, item=indexed.passages[0], key=plan.first
        )
    rows.write_body(connection, key, indexed.article)
    rows.sign(connection, key, digest=rows.UNFINISHED, model=indexed.model)
    for place, row in plan.passages.items():
        item = indexed.passages[place]
        now = (item.passage.start, item.passage.end, item.text_hash)
        if now != (row["start_char"], row["end_char"], row["text_hash"]):
            connection.execute(
                "UPDATE passages SET start_char = ?, end_char = ?, text_hash = ? WHERE key = ?", (*now, row["key"])
            )


def _same_passages(stored: _Stored, indexed: IndexedArticle) -> dict[int, Row]:
    if not _searched_alike(stored.article, indexed.article):
        return {}
    there: dict[tuple[str, str, str], list[Row]] = {}
    for row in sorted(stored.passages, key=lambda row: row["start_char"], reverse=True):
        there.setdefault((row["title"], row["text"], row["words"]), []).append(row)
    found = {}
    for place, item in enumerate(indexed.passages):
        if rows_left := there.get((item.passage.title, item.passage.text, item.words)):
            found[place] = rows_left.pop()
    return found


def _same_questions(stored: _Stored, indexed: IndexedArticle) -> dict[str, Row]:
    if not _filtered_alike(stored.article, indexed.article):
        return {}
    wanted = {text for text, _ in indexed.questions}
    return {row["text"]: row for row in stored.questions if row["text"] in wanted}


def _filtered_alike(old: Article | None, new: Article) -> bool:
    return old is not None and (old.kind, old.visibility, old.language) == (new.kind, new.visibility, new.language)


def _searched_alike(old: Article | None, new: Article) -> bool:
    """Whether all that goes into a passage's words besides the passage is the same."""
    if old is None or not _filtered_alike(old, new):
        return False
    return (old.question, old.variants, old.tags) == (new.question, new.variants, new.tags)


def _lacks_vector(stored: _Stored, indexed: IndexedArticle, row: Row, vector: bytes) -> bool:
    return bool(vector) and not (row["embedded"] and stored.model == indexed.model)
