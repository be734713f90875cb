"""Knowledge articles, the passages they are cut into, and search hits."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent_assist.domain.language import Language


class ArticleKind(StrEnum):
    """`FAQ` and `MACRO` texts may be sent word for word; an `ARTICLE` is only material to answer from."""

    ARTICLE = "article"
    FAQ = "faq"
    MACRO = "macro"


class Visibility(StrEnum):
    """Whether a text may be shown to customers."""

    PUBLIC = "public"
    INTERNAL = "internal"


class ArticleStatus(StrEnum):
    """Whether an article may be used. Only an `APPROVED` one is searched, cited and sent; for a macro the three read
    as unreviewed, allowed and blocked."""

    DRAFT = "draft"
    APPROVED = "approved"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One document of the shop's knowledge. `question` and `variants` are what a FAQ or macro answers.

    It holds from `valid_from` until before `valid_until` (None: without a limit). `products` are the SKUs it is about.
    """

    doc_id: str
    title: str
    text: str
    language: Language
    kind: ArticleKind = ArticleKind.ARTICLE
    question: str = ""
    variants: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    visibility: Visibility = Visibility.PUBLIC
    tags: tuple[str, ...] = ()
    source: str = ""
    status: ArticleStatus = ArticleStatus.APPROVED
    owner: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    products: tuple[str, ...] = ()

    def usable_at(self, moment: datetime) -> bool:
        """Whether it may be searched, cited and sent at `moment`: approved, begun, and not over."""
        begun = self.valid_from is None or self.valid_from <= moment
        over = self.valid_until is not None and self.valid_until <= moment
        return self.status is ArticleStatus.APPROVED and begun and not over


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of an article: `text == article.text[start:end]`, so a citation can be shown in its place."""

    doc_id: str
    title: str
    text: str
    start: int
    end: int
    kind: ArticleKind = ArticleKind.ARTICLE
    visibility: Visibility = Visibility.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilter:
    """Which articles a search looks at: those that hold at `valid_at` (None: now) and have all `tags` and one of
    `products` (any where these are empty), in `language` (any where None); internal ones only on request."""

    language: Language | None = None
    tags: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    valid_at: datetime | None = None
    include_internal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage found for a query.

    `score` is a relevance between 0 and 1 which can be compared across queries and held against a threshold;
    hits are sorted by it. `similarity` is the cosine of the vectors (0 where only full text found the passage),
    `lexical` the share of the query's weighted words that the passage holds. `question_match` is the best cosine
    between the query and one of the article's own questions (0 where it has none), `question` that question.
    `matched` are words of the query that the passage holds, the most telling first; `slips` those among them that the
    passage spells otherwise, as typed and as found. `reranked` is what a reranker says of the passage, from 0 to 1,
    and is part of `score` (None: it was not asked); `answers` is how likely the passage answers, as a reader of
    passages judged it, and is part of `score` too.
    """

    rank: int
    score: float
    passage: Passage
    similarity: float = 0.0
    lexical: float = 0.0
    question_match: float = 0.0
    question: str = ""
    matched: tuple[str, ...] = ()
    slips: tuple[tuple[str, str], ...] = ()
    reranked: float | None = None
    answers: float | None = None
