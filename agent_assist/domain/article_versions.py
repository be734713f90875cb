"""The history of an article: every change is a version that stays, and what a list of articles shows and filters by."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent_assist.domain.feedback import FeedbackKind
from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus, Visibility
from agent_assist.domain.language import Language


class VersionCause(StrEnum):
    """What made a version: a file that was read in, a person's edit or review, a version taken back, a deletion."""

    IMPORT = "import"
    EDIT = "edit"
    REVIEW = "review"
    RESTORE = "restore"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVersion:
    """One version of an article, as a whole. `number` counts from 1 and never repeats for a doc_id.

    `author` is the person, "" for the program itself (an import). The version of a deletion holds what was deleted.
    """

    doc_id: str
    number: int
    at: datetime
    author: str
    cause: VersionCause
    note: str
    article: Article

    @property
    def deleted(self) -> bool:
        """Whether the article is gone with this version."""
        return self.cause is VersionCause.DELETE

    @property
    def by_person(self) -> bool:
        """Whether a person made it, so that no file may silently take its place."""
        return bool(self.author)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleQuery:
    """What a list of articles shows. Empty fields do not filter; `text` is matched as a substring of title, question,
    variants and text, whatever the case and width; `expires_before` leaves those whose time is over before then,
    `expires_after` those whose time is not over by then or has no end.
    """

    status: ArticleStatus | None = None
    kind: ArticleKind | None = None
    language: Language | None = None
    tag: str = ""
    product: str = ""
    owner: str = ""
    text: str = ""
    expires_before: datetime | None = None
    expires_after: datetime | None = None
    visibility: Visibility | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """One line of the list: the article, and when and by whom ("" for an import) it was changed last."""

    article: Article
    version: int
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """An article that somebody is writing. `key` is its doc_id, or an id of its own for a new one (`base` 0); `base`
    is the version worked on, `at` when it was kept last. The article need not be fit to be saved."""

    key: str
    base: int
    at: datetime
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A reply that rests on an article: what was done with the suggestion, and the passage that was cited."""

    ticket_id: str
    at: datetime
    act: FeedbackKind
    passage: str


class DiffKind(StrEnum):
    """What became of a piece of text from the older version to the newer one."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A piece of either text: kept pieces are in both, removed ones in the older, added ones in the newer."""

    kind: DiffKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDiff:
    """A field that differs, by its name in `Article`, and its pieces in reading order."""

    field: str
    pieces: tuple[DiffPiece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDiff:
    """What differs between two versions: field by field for the window, and as unified text."""

    older: ArticleVersion
    newer: ArticleVersion
    fields: tuple[FieldDiff, ...]
    unified: str


class ProblemKind(StrEnum):
    """What is the matter with an article that is to be saved."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TIMES = "times"
    UNKNOWN_SLOT = "unknown_slot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something about the `field` of an article; a `fatal` one keeps it from being saved. `detail` is the slot."""

    kind: ProblemKind
    field: str
    sentence: str
    detail: str = ""

    @property
    def fatal(self) -> bool:
        """Unknown slots are only pointed out: braces may be meant as text."""
        return self.kind is not ProblemKind.UNKNOWN_SLOT
