"""What is done to articles from the screen, one or many at a time, with the way back. No Qt."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent_assist.domain.article_versions import ArticleVersion
from agent_assist.domain.knowledge import ArticleStatus
from agent_assist.errors import ChangedMeanwhileError
from ui.observable import Changes
from ui.ports import Articles
from ui.tasks import Scope


class ActKind(StrEnum):
    """What was done."""

    CREATED = "created"
    SAVED = "saved"
    APPROVED = "approved"
    BLOCKED = "blocked"
    DRAFTED = "drafted"
    RESTORED = "restored"
    DELETED = "deleted"
    UNDONE = "undone"
    REFUSED = "refused"
    NOTHING = "nothing"


REVIEWS = {
    ArticleStatus.APPROVED: ActKind.APPROVED,
    ArticleStatus.BLOCKED: ActKind.BLOCKED,
    ArticleStatus.DRAFT: ActKind.DRAFTED,
}


@dataclass(frozen=True, slots=True)
class Step:
    """A version that was made of an article, and the one before it (0: there was none)."""

    doc_id: str
    made: int
    before: int


@dataclass(frozen=True, slots=True)
class Done:
    """An act on `count` articles, of which the first is called `title`."""

    kind: ActKind
    steps: tuple[Step, ...] = ()
    title: str = ""

    @property
    def count(self) -> int:
        """How many articles."""
        return len(self.steps)

    @property
    def undoable(self) -> bool:
        """Whether it can be taken back."""
        return bool(self.steps) and self.kind not in (ActKind.UNDONE, ActKind.REFUSED)


Change = Callable[[str], Awaitable[ArticleVersion]]


class Acts:
    """One act at a time. `told` says that one is done (see `done`), `moved` that many are (see `progress`)."""

    def __init__(self, articles: Articles, scope: Scope) -> None:
        self._articles = articles
        self._scope = scope
        self._acts: list[Done] = []
        self.done = Done(ActKind.NOTHING)
        self.progress: tuple[int, int] | None = None
        self.told = Changes()
        self.moved = Changes()

    @property
    def running(self) -> bool:
        """Whether something is being done."""
        return self._scope.busy("act")

    def review(self, doc_ids: Sequence[str], status: ArticleStatus) -> None:
        """Approve, block or send back to draft."""
        self._each(REVIEWS[status], doc_ids, lambda doc_id: self._articles.review(doc_id, status))

    def delete(self, doc_ids: Sequence[str]) -> None:
        """Take articles out; undo and the versions bring them back."""
        self._each(ActKind.DELETED, doc_ids, self._articles.delete)

    def restore(self, doc_id: str, number: int) -> None:
        """Make an older version the newest."""
        self._each(ActKind.RESTORED, [doc_id], lambda one: self._articles.restore(one, number))

    def record(self, kind: ActKind, version: ArticleVersion, *, before: int) -> None:
        """Something was done elsewhere: it can be undone from here."""
        self._finish(Done(kind, (Step(version.doc_id, version.number, before),), version.article.title))

    def undo(self) -> None:
        """Take the newest act back."""
        if not self._acts:
            self._say(Done(ActKind.NOTHING))
            return
        self._scope.start("act", self._undo)

    def cancel(self) -> None:
        """Stop between two articles; what is done stays and can be undone."""
        if self.progress is not None:
            self._scope.cancel("act")

    def _each(self, kind: ActKind, doc_ids: Sequence[str], change: Change) -> None:
        if doc_ids:
            self._scope.start("act", lambda: self._do(kind, list(doc_ids), change))

    async def _do(self, kind: ActKind, doc_ids: Sequence[str], change: Change) -> None:
        steps: list[Step] = []
        title = ""
        try:
            for number, doc_id in enumerate(doc_ids):
                self._move(number, len(doc_ids))
                before = await self._articles.get(doc_id)
                made = await change(doc_id)
                title = title or made.article.title
                if made.number != before.number:
                    steps.append(Step(doc_id, made.number, before.number))
        finally:
            self._move(0, 0)
            if steps:
                self._finish(Done(kind, tuple(steps), title))

    async def _undo(self) -> None:
        act = self._acts[-1]
        try:
            for number, step in enumerate(act.steps):
                self._move(number, len(act.steps))
                if step.before:
                    await self._articles.restore(step.doc_id, step.before, base=step.made)
                else:
                    await self._articles.delete(step.doc_id, base=step.made)
        except ChangedMeanwhileError:
            # What somebody changed meanwhile stays theirs; trying again would not help.
            self._say(Done(ActKind.REFUSED, act.steps, act.title))
            return
        finally:
            self._acts.remove(act)
            self._move(0, 0)
        self._say(Done(ActKind.UNDONE, act.steps, act.title))

    def _finish(self, done: Done) -> None:
        self._acts.append(done)
        self._say(done)

    def _say(self, done: Done) -> None:
        self.done = done
        self.told.notify()

    def _move(self, number: int, total: int) -> None:
        self.progress = (number, total) if total > 1 else None
        self.moved.notify()
