"""Where articles come from: files and folders with their errors, and the indexing of them. No Qt."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from agent_assist.domain.sources import FileState, IndexingProgress, IndexingState, KnowledgeSource, SourceFile
from ui.observable import Changes
from ui.ports import Indexing, KnowledgeReport
from ui.tasks import Scope


class SourcesPresenter:
    """`changes` tells of sources and files, `moved` of the progress, `reported` that something was indexed."""

    def __init__(self, indexing: Indexing, scope: Scope) -> None:
        self._indexing = indexing
        self._scope = scope
        self.sources: Sequence[KnowledgeSource] | None = None
        self.chosen = ""
        self.files: Sequence[SourceFile] = ()
        self.progress = IndexingProgress()
        self.report: KnowledgeReport | None = None
        self.changes = Changes()
        self.moved = Changes()
        self.reported = Changes()
        scope.changes.subscribe(self.moved.notify)

    @property
    def busy(self) -> bool:
        """Whether files are being read or looked through."""
        return self._scope.busy("index") or self.progress.state in (IndexingState.RUNNING, IndexingState.PAUSED)

    @property
    def problems(self) -> int:
        """How many files could not be read, and sources that cannot be reached."""
        return sum(source.failed + bool(source.problem) for source in self.sources or ())

    @property
    def troubled(self) -> list[SourceFile]:
        """The chosen source's files that something is the matter with, then the others."""
        return sorted(self.files, key=lambda file: (not file.error, file.state is FileState.READ, file.path))

    def load(self) -> None:
        """Read sources and progress."""
        self._scope.restart("load", self._load)

    def choose(self, path: str) -> None:
        """Show the files of a source."""
        self.chosen = path
        self.files = ()
        self._scope.restart("files", self._load_files)

    def told(self, progress: IndexingProgress) -> None:
        """The job got on."""
        ended = self.progress.state is not IndexingState.IDLE and progress.state is IndexingState.IDLE
        self.progress = progress
        self.moved.notify()
        if ended:
            self.load()

    def watch(self, path: Path) -> None:
        """Add a folder and follow it."""
        self._index(lambda: self._indexing.watch(path))

    def set_watched(self, path: str, watched: bool) -> None:
        """Follow a source, or no longer; its articles stay."""
        if watched:
            self.watch(Path(path))
            return

        async def work() -> None:
            await self._indexing.unwatch(Path(path))
            await self._load()

        self._scope.start("source", work)

    def remove(self, path: str) -> None:
        """Forget a source and take its articles out, except those that people edited."""

        async def work() -> None:
            await self._indexing.remove(Path(path))
            self.chosen = ""
            await self._load()

        self._scope.start("source", work)

    def reindex(self, paths: Sequence[str] = (), *, anew: bool = False) -> None:
        """Go through sources again; all of them without `paths`."""
        self._index(lambda: self._indexing.reindex([Path(path) for path in paths], anew=anew))

    def pause(self) -> None:
        """Let indexing rest, or go on."""
        paused = self.progress.state is IndexingState.PAUSED

        async def work() -> None:
            await (self._indexing.go_on() if paused else self._indexing.pause())
            await self._read_status()

        self._scope.start("pause", work)

    def cancel(self) -> None:
        """Give up what is under way; what was stored stays."""

        async def work() -> None:
            await self._indexing.cancel()
            await self._read_status()

        self._scope.start("cancel", work)

    def _index(self, act: Callable[[], Awaitable[KnowledgeReport]]) -> None:
        async def work() -> None:
            self.report = await act()
            self.reported.notify()
            await self._load()

        self._scope.start("index", work)

    async def _load(self) -> None:
        self.sources = await self._indexing.sources()
        await self._read_status()
        await self._load_files()

    async def _read_status(self) -> None:
        self.progress = await self._indexing.status()
        self.moved.notify()

    async def _load_files(self) -> None:
        known = {source.path for source in self.sources or ()}
        if self.chosen not in known:
            self.chosen = self.sources[0].path if self.sources else ""
        path = self.chosen
        files = await self._indexing.files(Path(path)) if path else []
        if path == self.chosen:
            self.files = files
        self.changes.notify()
