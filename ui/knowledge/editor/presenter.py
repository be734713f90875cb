"""Writing an article: what is typed is kept with every pause, and nobody's saving goes over somebody else's. No Qt."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from agent_assist.domain.article_versions import ArticleDraft, ArticleVersion, FieldDiff, Problem
from agent_assist.domain.knowledge import Article, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.errors import ChangedMeanwhileError
from ui.knowledge.acts import ActKind, Acts
from ui.knowledge.editor.filling import Filling
from ui.knowledge.editor.times import parse_time
from ui.knowledge.editor.unsaved import Unsaved, unsaved
from ui.observable import Changes
from ui.ports import ArticleDrafts, Articles, Previews
from ui.tasks import Scope

KEEP = "keep"
NEW = "new-"


class EditorPresenter:
    """One article at a time. `changes` tells of problems and state, `replaced` that all fields were set from
    here, `opened` that the editor was opened or left, `left` what was written last when it was."""

    def __init__(
        self,
        *,
        articles: Articles,
        drafts: ArticleDrafts,
        previews: Previews,
        acts: Acts,
        scope: Scope,
        ticket: Callable[[], str],
    ) -> None:
        """`ticket` names the open ticket ("" for none), from which slots are filled for the preview."""
        self._articles = articles
        self._unsaved = Unsaved(drafts)
        self._acts = acts
        self._scope = scope
        self._kept: Article | None = None
        self._start: Article | None = None
        self.key = ""
        self.base = 0
        self.article: Article | None = None
        self.bad_times: frozenset[str] = frozenset()
        self.problems: Sequence[Problem] = ()
        self.resumed_at: datetime | None = None
        self.theirs: ArticleVersion | None = None
        self.conflict = ""
        self.differences: Sequence[FieldDiff] = ()
        self.drafts: Sequence[ArticleDraft] = ()
        self.saved_id = ""
        self.discarded: ArticleDraft | None = None
        self.filling = Filling(previews, scope, ticket=ticket)
        self.changes = Changes()
        self.replaced = Changes()
        self.opened = Changes()
        self.saved = Changes()
        self.dropped = Changes()
        scope.changes.subscribe(self.changes.notify)

    @property
    def open(self) -> bool:
        """Whether something is being written."""
        return self.article is not None

    @property
    def changed(self) -> bool:
        """Whether there is something that is not saved."""
        return self.article is not None and self.article != self._start

    @property
    def kept(self) -> bool:
        """Whether what is written is stored as it stands, though not saved."""
        return self.changed and self.article == self._kept

    @property
    def saving(self) -> bool:
        """Whether it is being saved."""
        return self._scope.busy("save")

    # opening and leaving

    def edit(self, version: ArticleVersion) -> None:
        """Edit the newest version, or go on with what is unsaved of it."""

        async def work() -> None:
            draft = await self._unsaved.get(version.doc_id)
            if draft is not None:
                self._resume(draft, version.article)
            else:
                self._begin(version.doc_id, version.article, base=version.number, start=version.article)

        self._switch(work)

    def create(self, article: Article | None = None, *, language: Language = Language.EN) -> None:
        """Write a new article, from `article` where something is known of it already."""
        empty = Article(doc_id="", title="", text="", language=language, status=ArticleStatus.DRAFT)

        async def work() -> None:
            self._begin(NEW + secrets.token_hex(6), article or empty, base=0, start=empty)
            self.keep()

        self._switch(work)

    def resume(self, draft: ArticleDraft) -> None:
        """Go on with an unsaved text."""

        async def work() -> None:
            start = None if draft.base == 0 else (await self._articles.version(draft.key, draft.base)).article
            self._resume(draft, start)

        self._switch(work)

    def leave(self) -> None:
        """Close the editor; what is unsaved stays kept."""
        if not self.open:
            return
        self.keep()
        self.article = None
        self.theirs = None
        self.load_drafts()
        self.opened.notify()

    async def finish(self) -> None:
        """Like `leave`, and everything is stored when this returns."""
        self.leave()
        await self._scope.join(KEEP)

    def load_drafts(self) -> None:
        """Read which articles are unsaved."""

        async def work() -> None:
            await self._scope.join(KEEP)
            await self._read_drafts()

        self._scope.restart("drafts", work)

    # writing

    def typed(self, **fields: Any) -> None:
        """Fields of the article as they are now."""
        if self.article is not None:
            self.article = replace(self.article, **fields)
            self._check()

    def typed_time(self, field: str, text: str) -> None:
        """A time as it is written: a day, a day with a time, or nothing."""
        try:
            moment = parse_time(text)
        except ValueError:
            self.bad_times |= {field}
            self.changes.notify()
            return
        self.bad_times -= {field}
        self.typed(**{field: moment})

    def keep(self) -> None:
        """Store what is written, as unsaved; forget it where nothing is."""
        article, key, base = self.article, self.key, self.base
        if article is None or article == self._kept:
            return
        changed = self.changed

        async def work() -> None:
            if changed:
                await self._unsaved.keep(key, article, base=base)
            else:
                await self._unsaved.forget(key)
            if self.key == key:
                self._kept = article
            self.changes.notify()

        self._scope.restart(f"{KEEP} {key}", work)

    def preview(self) -> None:
        """Fill the slots from the open ticket."""
        self.filling.fill(self.article)

    # saving

    def save(self) -> None:
        """Make it a version. Where somebody saved in between, both texts are shown and nothing is stored."""
        if self.article is not None and not self.bad_times:
            self._scope.start("save", self._save)
            self.changes.notify()

    def save_over(self) -> None:
        """Save over what somebody else saved meanwhile; theirs stays as a version."""
        if self.theirs is not None:
            self.base = self.theirs.number
            self.theirs = None
            self.save()

    def discard(self) -> None:
        """Give up what is unsaved; `undo_discard` brings it back."""
        article, key, base = self.article, self.key, self.base
        if article is None:
            return
        changed = self.changed
        self.article, self.theirs = None, None

        async def work() -> None:
            await self._scope.join(KEEP)
            await self._unsaved.forget(key)
            await self._read_drafts()
            if changed:
                self.discarded = unsaved(key, article, base=base)
                self.dropped.notify()

        self._scope.start("discard", work)
        self.opened.notify()

    def undo_discard(self) -> None:
        """Bring back what was given up last."""
        draft, self.discarded = self.discarded, None
        if draft is None:
            return

        async def work() -> None:
            await self._unsaved.keep(draft.key, draft.article, base=draft.base)
            self.resume(draft)

        self._scope.start("undiscard", work)

    async def _save(self) -> None:
        article, key, base = self.article, self.key, self.base
        if article is None:
            return
        try:
            if base:
                version = await self._articles.save(article, base=base)
            else:
                version = await self._articles.create(article)
        except ChangedMeanwhileError as error:
            self.theirs = await self._articles.get(article.doc_id)
            self.conflict = str(error)
            self.differences = self._articles.differences(self.theirs.article, article)
            self.changes.notify()
            return
        await self._scope.join(KEEP)
        await self._unsaved.forget(key)
        await self._read_drafts()
        self.saved_id = version.doc_id
        if self.article == article:  # nobody typed on while it was being saved
            self.article = None
        self.saved.notify()
        self.opened.notify()
        if version.number != base:
            self._acts.record(ActKind.SAVED if base else ActKind.CREATED, version, before=base)

    # inside

    async def _read_drafts(self) -> None:
        self.drafts = await self._unsaved.all()
        self.changes.notify()

    def _switch(self, work: Callable[[], Any]) -> None:
        self.keep()
        self._scope.restart("switch", work)

    def _resume(self, draft: ArticleDraft, start: Article | None) -> None:
        self._begin(draft.key, draft.article, base=draft.base, start=start)
        self.resumed_at = draft.at
        self._kept = draft.article
        self.changes.notify()

    def _begin(self, key: str, article: Article, *, base: int, start: Article | None) -> None:
        self.key, self.article, self.base = key, article, base
        self._start, self._kept = start, start
        self.resumed_at, self.theirs = None, None
        self.bad_times = frozenset()
        self.replaced.notify()
        self.opened.notify()
        self._check()
        self.preview()

    def _check(self) -> None:
        if self.article is not None:
            self.problems = [one for one in self._articles.problems(self.article) if one.field != "doc_id"]
        self.changes.notify()
