"""Sources folded out: each passage in its article, with a little of what stands around it. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_assist.domain.suggestion import Source, SourceKind
from ui.observable import Changes
from ui.ports import Knowledge
from ui.tasks import Scope

CONTEXT_CHARS = 160


@dataclass(frozen=True, slots=True)
class Place:
    """A passage in its article, with a little of what stands around it."""

    before: str
    passage: str
    after: str


class Places:
    """`shown` holds the place of each source that is folded out, by its number; None while it is looked up."""

    def __init__(self, knowledge: Knowledge, scope: Scope, changes: Changes) -> None:
        self._knowledge = knowledge
        self._scope = scope
        self._changes = changes
        self.shown: dict[int, Place | None] = {}

    def toggle(self, number: int, sources: Sequence[Source]) -> None:
        """Show source `number` in its place, or fold it up again."""
        shown, source = self.shown, sources[number]
        if number in shown:
            del shown[number]
        elif source.kind is not SourceKind.ARTICLE:
            shown[number] = Place(before="", passage=source.passage, after="")
        else:
            shown[number] = None
            self._scope.start(f"place {number}", lambda: self._look_up(shown, number, source))
        self._changes.notify()

    def unfold_next(self, sources: Sequence[Source]) -> int | None:
        """Show the source behind the one that is folded out, alone; None behind the last, which folds all up."""
        following = max(self.shown, default=-1) + 1
        self.shown = {}
        if following < len(sources):
            self.toggle(following, sources)
            return following
        self._changes.notify()
        return None

    def forget(self) -> None:
        """Other sources: what is still looked up for the ones before is of no use."""
        self.shown = {}

    async def _look_up(self, shown: dict[int, Place | None], number: int, source: Source) -> None:
        place = await find_place(self._knowledge, source)
        if shown is self.shown and number in shown:
            shown[number] = place
            self._changes.notify()


async def find_place(knowledge: Knowledge, source: Source) -> Place:
    """Where the source's passage stands. Raises `NotFoundError` for an article that is gone."""
    text = (await knowledge.get(source.doc_id)).text
    return Place(
        before=text[max(0, source.start - CONTEXT_CHARS) : source.start],
        passage=text[source.start : source.end],
        after=text[source.end : source.end + CONTEXT_CHARS],
    )
