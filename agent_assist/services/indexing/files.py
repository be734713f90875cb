"""Files of a job become prepared articles: what is stored already or was edited by a person needs nothing more."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from agent_assist.domain.knowledge import Article
from agent_assist.domain.sources import FileState, KnowledgeSource, SourceFile
from agent_assist.files.rows import RejectedRow
from agent_assist.knowledge.index import SCHEME, article_digest
from agent_assist.services.indexing.looking import Found, sha256
from agent_assist.services.indexing.reading import ReadingThread
from agent_assist.services.indexing.vectors import Prepared, prepare
from agent_assist.storage.knowledge import ArticleState, KnowledgeStore
from agent_assist.storage.sources import ReadFile, SourceStore

# A file that changed so recently may change again without another time or size; it is looked at once more.
_SETTLED_NS = 2_000_000_000


@dataclass(slots=True, kw_only=True)
class FileJob:
    """A file on its way. `before` and `articles` map the ids that it gave, then and now, to the doc_ids stored."""

    source: KnowledgeSource
    found: Found
    before: Mapping[str, str] = field(default_factory=dict)
    articles: dict[str, str] = field(default_factory=dict)
    rejected: list[RejectedRow] = field(default_factory=list)
    kept: list[RejectedRow] = field(default_factory=list)
    unchanged: int = 0
    hash: str = ""
    mtime_ns: int = -1
    bytes_done: int = 0
    _told: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The file."""
        return self.found.name

    @property
    def renamed(self) -> bool:
        """Whether it is known under another name."""
        return self.found.known is not None and self.found.known.path != self.path

    def new_articles(self) -> dict[str, str]:
        """Those of `articles` that are neither known nor were told by this before."""
        told = {**self.before, **self._told}
        new = {given: doc_id for given, doc_id in self.articles.items() if told.get(given) != doc_id}
        self._told |= new
        return new

    def keep(self, title: str) -> None:
        """A person's article stays."""
        self.remark(f"“{title}” was edited or deleted here; the edited version is kept.")

    def remark(self, reason: str) -> None:
        """Why something is not as the file has it, a sentence."""
        self.kept.append(RejectedRow(file=self.path, line=0, reason=reason))

    def remembered(self, state: FileState, articles: Mapping[str, str] | None) -> ReadFile:
        """What is to be known of the file from now on."""
        known = self.found.known
        remarks = [row.reason for row in (*self.rejected, *self.kept)]
        more = f" (and {len(remarks) - 1} more)" if len(remarks) > 1 else ""
        file = SourceFile(
            key=known.key if known else 0,
            path=self.path,
            size=self.found.size,
            mtime_ns=self.mtime_ns,
            sha256=self.hash,
            scheme=SCHEME,
            state=state,
            error=remarks[0] + more if remarks else "",
        )
        return ReadFile(source=self.source.key, file=file, articles=articles)


class FileReader:
    """Reads the files of one job, whose vectors are to be of `encoder`."""

    def __init__(self, *, store: KnowledgeStore, sources: SourceStore, thread: ReadingThread, encoder: str) -> None:
        self._store = store
        self._sources = sources
        self._thread = thread
        self._encoder = encoder

    async def read(self, job: FileJob) -> AsyncIterator[list[Prepared]]:
        """What is to be indexed of a file, in pieces; the job then knows the rest."""
        known = job.found.known
        job.before = await self._sources.articles(known.key) if known else {}
        try:
            job.hash = await self._thread.run(lambda: sha256(job.found.path))
        except OSError as error:
            job.rejected.append(
                RejectedRow(file=job.path, line=0, reason=f"The file cannot be opened: {error.strerror or error}.")
            )
            return
        names = await self._new_names(job) if job.renamed else job.before
        async for piece in self._thread.read(job.found.path, Path(job.source.path)):
            job.rejected += [row for row in piece if isinstance(row, RejectedRow)]
            articles = [row for row in piece if isinstance(row, Article)]
            yield await self._prepare(job, articles, names)
        job.mtime_ns = await self._thread.run(lambda: settled_time(job.found))

    async def _prepare(self, job: FileJob, articles: Sequence[Article], names: Mapping[str, str]) -> list[Prepared]:
        taken = await self._sources.taken([one.doc_id for one in articles if one.doc_id not in names], path=job.path)
        named = []
        for article in articles:
            doc_id = names.get(article.doc_id, article.doc_id)
            if doc_id in taken:  # by a file that had this name before and was renamed
                doc_id = f"{doc_id}-{job.hash[:8]}"
            job.articles[article.doc_id] = doc_id
            named.append(replace(article, doc_id=doc_id))
        states = await self._store.states([one.doc_id for one in named])
        changed = []
        for article, state in zip(named, states, strict=True):
            if state is not None and self._is_stored(article, state):
                job.unchanged += 1
            elif state is not None and state.edited:
                job.keep(article.title)
            else:
                changed.append(article)
        return await self._thread.run(lambda: [prepare(article, encoder=self._encoder) for article in changed])

    def _is_stored(self, article: Article, state: ArticleState) -> bool:
        """Without an encoder now, vectors that are there are good.

        An article that was stored just before a kill, from a file that has another name since, must name that.
        """
        embedded = not self._encoder or state.model == self._encoder
        told = state.edited or state.source == article.source
        return state.digest == article_digest(article) and embedded and told

    async def _new_names(self, job: FileJob) -> dict[str, str]:
        """For a renamed file: what it calls its articles now, and the doc_ids that they had and keep."""
        given: list[str] = []
        async for piece in self._thread.read(job.found.path, Path(job.source.path)):
            given += [row.doc_id for row in piece if isinstance(row, Article)]
        names = {one: job.before[one] for one in given if one in job.before}
        rest = [one for one in dict.fromkeys(given) if one not in names]
        lost = [doc_id for one, doc_id in job.before.items() if one not in names]
        if len(rest) == len(lost):
            names |= zip(sorted(rest), lost, strict=True)
        return names


def settled_time(found: Found) -> int:
    """The file's time, or -1 where it changed while it was read or may be changing."""
    try:
        stat = found.path.stat()
    except OSError:
        return -1
    unchanged = (stat.st_size, stat.st_mtime_ns) == (found.size, found.mtime_ns)
    return found.mtime_ns if unchanged and abs(time.time_ns() - found.mtime_ns) > _SETTLED_NS else -1
