"""Putting articles into the index: what has to be embedded is planned first, stored when the vectors are there.

The engine is another room's; a service does `plan`, asks the engine for the vectors, then `store`.
"""

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from agent_assist.domain.knowledge import Article, ArticleStatus, Passage
from agent_assist.errors import InputError
from agent_assist.knowledge.splitter import split_article
from agent_assist.knowledge.words import index_words
from agent_assist.storage.articles.indexed import IndexedArticle, IndexedPassage, text_hash
from agent_assist.storage.knowledge import KnowledgeStore

# Part of the digest: a new way to read files, to split texts or words makes every file and article count as changed.
SCHEME = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPlan:
    """What `store` needs vectors for, in this order: `passage_texts` (kind PASSAGE), then `questions` (kind QUERY).

    `unchanged` plans hold no texts and need no `store`.
    """

    article: Article
    digest: str
    model: str
    unchanged: bool
    passages: tuple[Passage, ...] = ()
    passage_texts: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """By what the vectors of passages, then of questions, are known (`KnowledgeStore.known_vectors`)."""
        passages = (text_hash(text) for text in self.passage_texts)
        return (*passages, *(text_hash(text, question=True) for text in self.questions))


class KnowledgeIndex:
    """The index's writing side."""

    def __init__(self, store: KnowledgeStore) -> None:
        self._store = store

    async def plan(self, article: Article, *, model: str = "") -> IndexPlan:
        """Split `article` unless the very same one is stored with vectors of the encoder `model` (its version)."""
        digest = article_digest(article)
        state = await self._store.state(article.doc_id)
        if state is not None and state.digest == digest and state.model == model:
            return IndexPlan(article=article, digest=digest, model=model, unchanged=True)
        return plan_article(article, model=model)

    async def store(
        self,
        plan: IndexPlan,
        *,
        passage_vectors: Sequence[bytes] = (),
        question_vectors: Sequence[bytes] = (),
        refresh: bool = False,
    ) -> bool:
        """Put a plan's article in place of the old one; True where it is new.

        With `refresh` only where the article is still what was planned: an edit made meanwhile stays.

        Without vectors (no engine) the article is found by full text only, and `KnowledgeStore.outdated` names it
        until it is stored again with vectors. Raises InputError where the numbers do not match.
        """
        if plan.unchanged:
            return False
        indexed = indexed_article(plan, passage_vectors=passage_vectors, question_vectors=question_vectors)
        return await self._store.upsert(indexed, refresh=refresh)

    async def remove(self, doc_id: str) -> bool:
        """Take an article out; False where there is none."""
        return await self._store.delete(doc_id)


def without_vectors(article: Article) -> IndexedArticle:
    """All that the index keeps of an article but its vectors, for those who store it themselves."""
    return indexed_article(plan_article(article, model=""))


def plan_article(article: Article, *, model: str) -> IndexPlan:
    """The plan for an article that is not stored like this."""
    passages = tuple(split_article(article)) if article.status is ArticleStatus.APPROVED else ()
    asked = dict.fromkeys(filter(None, (article.question, *article.variants)))
    return IndexPlan(
        article=article,
        digest=article_digest(article),
        model=model,
        unchanged=False,
        # Others are kept without passages: what no index holds cannot be found by mistake.
        passages=passages,
        passage_texts=tuple(embedding_text(passage) for passage in passages),
        questions=tuple(asked) if passages else (),
    )


def indexed_article(
    plan: IndexPlan, *, passage_vectors: Sequence[bytes] = (), question_vectors: Sequence[bytes] = ()
) -> IndexedArticle:
    """All that is stored of a plan's article; the words are cut here. Raises InputError like `KnowledgeIndex.store`."""
    embedded = bool(passage_vectors or question_vectors)
    if embedded and (len(passage_vectors), len(question_vectors)) != (len(plan.passages), len(plan.questions)):
        raise InputError("There must be one vector a passage and one a question.")
    vectors = passage_vectors or [b""] * len(plan.passages)
    asked = question_vectors or [b""] * len(plan.questions)
    return IndexedArticle(
        article=plan.article,
        digest=plan.digest,
        model=plan.model if embedded or not plan.passages else "",
        passages=tuple(
            _indexed(plan.article, passage, vector) for passage, vector in zip(plan.passages, vectors, strict=True)
        ),
        questions=tuple(zip(plan.questions, asked, strict=True)),
    )


def article_digest(article: Article) -> str:
    """Changes when anything in the article changes that is shown or searched; where its file lies does not count."""
    body = msgspec.json.encode(dataclasses.replace(article, source=""))
    return hashlib.sha256(SCHEME.encode() + body).hexdigest()


def embedding_text(passage: Passage) -> str:
    """What the encoder reads of a passage: its headings say what a table row or a list item is about."""
    return f"{passage.title}\n{passage.text}"


def _indexed(article: Article, passage: Passage, vector: bytes) -> IndexedPassage:
    # The customers' own words for a FAQ stand in its questions more often than in its answer.
    searched = "\n".join([passage.title, article.question, *article.variants, *article.tags, passage.text])
    split = index_words(searched)
    return IndexedPassage(
        passage=passage,
        words=" ".join(split.words),
        pairs=" ".join(split.pairs),
        vector=vector,
        text_hash=text_hash(embedding_text(passage)),
    )
