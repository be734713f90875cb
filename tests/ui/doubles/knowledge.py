"""The services of the knowledge screen in memory: versions that stay, drafts, sources, conflicts and gaps."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent_assist.domain.article_versions import (
    ArticleDiff,
    ArticleDraft,
    ArticleQuery,
    ArticleRow,
    ArticleVersion,
    Citation,
    FieldDiff,
    Problem,
    VersionCause,
)
from agent_assist.domain.conflicts import Conflict, ConflictKind, ConflictSide, FactPair
from agent_assist.domain.events import ArticleChanged
from agent_assist.domain.feedback import FeedbackKind
from agent_assist.domain.gaps import Gap, GapReport, NearArticle
from agent_assist.domain.knowledge import Article, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.domain.slots import FilledText, fill_slots
from agent_assist.domain.sources import FileState, IndexingProgress, KnowledgeSource, SourceFile
from agent_assist.errors import ChangedMeanwhileError, InputError, NotFoundError
from agent_assist.knowledge.checks import find_problems, refuse_unusable, tidied
from agent_assist.knowledge.comparing import compare, compare_fields
from agent_assist.services.events import EventBus
from agent_assist.services.indexing import KnowledgeReport

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class ArticlesDouble:
    """`gate`, where set, is waited for by every change."""

    def __init__(self, articles: Sequence[Article], events: EventBus) -> None:
        self.events = events
        self.versions: dict[str, list[ArticleVersion]] = {}
        self.asked: list[tuple[int, int]] = []
        self.gate: asyncio.Event | None = None
        for article in articles:
            self._append(article, VersionCause.IMPORT, author="")

    def put(self, article: Article, *, author: str = "Bo") -> ArticleVersion:
        """Somebody else saves."""
        return self._append(article, VersionCause.EDIT, author=author)

    async def page(self, query: ArticleQuery, *, offset: int, limit: int) -> list[ArticleRow]:
        self.asked.append((offset, limit))
        rows = sorted(self._chosen(query), key=lambda version: (version.article.title, version.doc_id))
        return [
            ArticleRow(article=one.article, version=one.number, changed_at=one.at, changed_by=one.author)
            for one in rows[offset : offset + limit]
        ]

    async def count(self, query: ArticleQuery) -> int:
        return len(self._chosen(query))

    async def tags(self) -> list[str]:
        return sorted({tag for one in self._chosen(ArticleQuery()) for tag in one.article.tags})

    async def get(self, doc_id: str) -> ArticleVersion:
        if doc_id not in self.versions:
            raise NotFoundError(f"There is no article {doc_id!r}.")
        return self.versions[doc_id][-1]

    async def version(self, doc_id: str, number: int) -> ArticleVersion:
        return self.versions[doc_id][number - 1]

    async def history(self, doc_id: str) -> list[ArticleVersion]:
        return self.versions[doc_id][::-1]

    async def diff(self, doc_id: str, older: int, newer: int) -> ArticleDiff:
        return compare(self.versions[doc_id][older - 1], self.versions[doc_id][newer - 1])

    def differences(self, older: Article, newer: Article) -> tuple[FieldDiff, ...]:
        return compare_fields(older, newer)

    def problems(self, article: Article) -> tuple[Problem, ...]:
        return find_problems(tidied(article))

    async def create(self, article: Article) -> ArticleVersion:
        named = article if article.doc_id else replace(article, doc_id=f"doc-{len(self.versions)}")
        if named.doc_id in self.versions:
            raise InputError("There is such an article.")
        return await self._change(named, VersionCause.EDIT, base=0)

    async def save(self, article: Article, *, base: int | None = None) -> ArticleVersion:
        return await self._change(article, VersionCause.EDIT, base=base)

    async def review(self, doc_id: str, status: ArticleStatus) -> ArticleVersion:
        last = await self.get(doc_id)
        return await self._change(replace(last.article, status=status), VersionCause.REVIEW, base=None)

    async def restore(self, doc_id: str, number: int, *, base: int | None = None) -> ArticleVersion:
        old = await self.version(doc_id, number)
        return await self._change(old.article, VersionCause.RESTORE, base=base)

    async def delete(self, doc_id: str, *, base: int | None = None) -> ArticleVersion:
        return await self._change((await self.get(doc_id)).article, VersionCause.DELETE, base=base)

    async def _change(self, article: Article, cause: VersionCause, *, base: int | None) -> ArticleVersion:
        if self.gate is not None:
            await self.gate.wait()
        refuse_unusable(tidied(article))
        newest = len(self.versions.get(article.doc_id, ()))
        if base is not None and base != newest:
            raise ChangedMeanwhileError(f"Version {newest} came in between.")
        return self._append(tidied(article), cause, author="Ann")

    def _append(self, article: Article, cause: VersionCause, *, author: str) -> ArticleVersion:
        made = self.versions.setdefault(article.doc_id, [])
        version = ArticleVersion(
            doc_id=article.doc_id,
            number=len(made) + 1,
            at=NOW + timedelta(minutes=len(made)),
            author=author,
            cause=cause,
            note="",
            article=article,
        )
        made.append(version)
        self.events.publish(ArticleChanged(doc_id=article.doc_id, number=version.number))
        return version

    def _chosen(self, query: ArticleQuery) -> list[ArticleVersion]:
        newest = [made[-1] for made in self.versions.values() if not made[-1].deleted]
        return [one for one in newest if _fits(one.article, query)]


def _fits(article: Article, query: ArticleQuery) -> bool:
    words = "\n".join((article.title, article.question, *article.variants, article.text)).casefold()
    end = article.valid_until
    return (
        (query.status is None or article.status is query.status)
        and (query.kind is None or article.kind is query.kind)
        and (query.language is None or article.language is query.language)
        and (query.visibility is None or article.visibility is query.visibility)
        and (not query.tag or query.tag in article.tags)
        and query.text.casefold() in words
        and (query.expires_before is None or (end is not None and end <= query.expires_before))
        and (query.expires_after is None or end is None or end > query.expires_after)
    )


class ArticleDraftsDouble:
    def __init__(self) -> None:
        self.kept: dict[str, ArticleDraft] = {}

    async def keep(self, key: str, article: Article, *, base: int) -> None:
        self.kept[key] = ArticleDraft(key=key, base=base, at=NOW, article=article)

    async def forget(self, key: str) -> None:
        self.kept.pop(key, None)

    async def get(self, key: str) -> ArticleDraft | None:
        return self.kept.get(key)

    async def all(self) -> list[ArticleDraft]:
        return list(self.kept.values())


class CitationsDouble:
    def __init__(self) -> None:
        self.found: list[Citation] = []

    def cite(self, ticket_id: str, passage: str) -> None:
        self.found.append(Citation(ticket_id=ticket_id, at=NOW, act=FeedbackKind.ACCEPTED, passage=passage))

    async def of(self, doc_id: str) -> list[Citation]:
        return self.found


class ExpiryDouble:
    def horizon(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=30)


class PreviewsDouble:
    async def preview(self, article: Article, *, ticket_id: str | None = None) -> FilledText:
        return fill_slots(article.text, {"order_number": "GF2610180288"} if ticket_id else {})


def report(added: int) -> KnowledgeReport:
    return KnowledgeReport(added=added, updated=0, unchanged=0, passages=added, without_vectors=0, rejected=())


class IndexingDouble:
    """Sources by path; `gate`, where set, is waited for by every job."""

    def __init__(self) -> None:
        self.found: dict[str, KnowledgeSource] = {}
        self.read: dict[str, list[SourceFile]] = {}
        self.progress = IndexingProgress()
        self.gate: asyncio.Event | None = None
        self.calls: list[str] = []

    def add(self, path: str, *, failed: str = "") -> None:
        """There is a source with two files, of which the second may have failed."""
        self.found[path] = KnowledgeSource(
            key=len(self.found) + 1,
            path=path,
            watched=True,
            wanted=False,
            checked_at=NOW,
            files=2,
            failed=int(bool(failed)),
            articles=7,
        )
        self.read[path] = [
            SourceFile(key=1, path=f"{path}/a.md", size=1, mtime_ns=1, sha256="", scheme="", state=FileState.READ),
            SourceFile(
                key=2,
                path=f"{path}/b.pdf",
                size=1,
                mtime_ns=1,
                sha256="",
                scheme="",
                state=FileState.FAILED if failed else FileState.READ,
                error=failed,
            ),
        ]

    async def watch(self, path: Path) -> KnowledgeReport:
        self.calls.append(f"watch {path}")
        if self.gate is not None:
            await self.gate.wait()
        self.add(str(path))
        return report(2)

    async def unwatch(self, path: Path) -> None:
        self.found[str(path)] = replace(self.found[str(path)], watched=False)

    async def remove(self, path: Path) -> object:
        return self.found.pop(str(path))

    async def sources(self) -> list[KnowledgeSource]:
        return list(self.found.values())

    async def files(self, path: Path) -> list[SourceFile]:
        return self.read[str(path)]

    async def reindex(self, paths: Sequence[Path] = (), *, anew: bool = False) -> KnowledgeReport:
        self.calls.append(f"reindex {' '.join(map(str, paths))} {anew}")
        return report(0)

    async def pause(self) -> None:
        self.calls.append("pause")

    async def go_on(self) -> None:
        self.calls.append("go on")

    async def cancel(self) -> None:
        self.calls.append("cancel")

    async def status(self) -> IndexingProgress:
        return self.progress


def conflict() -> Conflict:
    """Two articles that give other days."""
    return Conflict(
        kind=ConflictKind.CONTRADICTION,
        one=ConflictSide(doc_id="one", title="Returns", passage="Return within 7 days of 7 July.", start=0, end=31),
        other=ConflictSide(doc_id="two", title="Sending back", passage="You have 14 days.", start=5, end=22),
        facts=(FactPair(kind="duration", one="7 days", other="14 days"),),
        likeness=0.93,
    )


class ConflictsDouble:
    def __init__(self) -> None:
        self.found: list[Conflict] = []
        self.gate: asyncio.Event | None = None

    async def conflicts(self, *, progress: Callable[[int, int], None] | None = None) -> list[Conflict]:
        if progress is not None:
            progress(1, 2)
        if self.gate is not None:
            await self.gate.wait()
        return list(self.found)

    async def dismiss(self, one: str, other: str) -> None:
        self.found = [
            conflict for conflict in self.found if (conflict.one.doc_id, conflict.other.doc_id) != (one, other)
        ]


def gap() -> Gap:
    """A gap of three questions."""
    return Gap(
        id="gap-3",
        name="moon · delivery",
        language=Language.EN,
        question="Do you deliver to the moon?",
        count=3,
        tickets=2,
        share=0.25,
        last_week=2,
        week_before=1,
        newest=NOW,
        examples=("TK-1009", "TK-1011"),
        intent="logistics.track",
        nearest=NearArticle(doc_id="one", title="Delivery", score=0.2),
    )


@dataclass
class GapsDouble:
    found: list[Gap] = field(default_factory=list)
    dismissed: list[str] = field(default_factory=list)

    async def report(self) -> GapReport:
        standing = tuple(gap for gap in self.found if gap.id not in self.dismissed)
        return GapReport(open=standing, answered=(), dismissed=len(self.dismissed), questions=3 * len(self.found))

    async def dismiss(self, gap_id: str, *, dismissed: bool = True) -> None:
        (self.dismissed.append if dismissed else self.dismissed.remove)(gap_id)

    async def draft(self, gap_id: str) -> Article:
        return Article(
            doc_id=gap_id,
            title="moon delivery",
            text="",
            question="Do you deliver to the moon?",
            language=Language.EN,
            status=ArticleStatus.DRAFT,
        )


class TicketArticlesDouble:
    async def compose(self, ticket_id: str) -> Article:
        return Article(
            doc_id=f"from-{ticket_id}",
            title="Parcel",
            text="Your order {order_number} is under way.",
            language=Language.EN,
            status=ArticleStatus.DRAFT,
        )
