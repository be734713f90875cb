"""A shop's folder of articles, an app over it, and an engine that counts what it embeds."""

import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from agent_assist.composition import App, open_app
from agent_assist.engine.protocol import Priority, TextKind
from agent_assist.engine.testing import ScriptedEngine

FILLER = "Parcels are sent from our warehouse on the day after the order, and every one of them is insured. " * 4


class CountingEngine(ScriptedEngine):
    """Remembers the texts that it made vectors of."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []

    async def embed(self, texts: Sequence[str], *, kind: TextKind, priority: Priority = Priority.BATCH) -> list[bytes]:
        vectors = await super().embed(texts, kind=kind, priority=priority)
        if kind is TextKind.PASSAGE:
            self.embedded += texts
        return vectors


class Shelf:
    """A folder of files whose times lie in the past, so that none counts as still being written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._second = 1_700_000_000

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.date(name)
        return path

    def date(self, name: str) -> None:
        """Give a file a time that no file had before."""
        self._second += 10
        os.utime(self.folder / name, (self._second, self._second))

    def sections(self, name: str, *words: str) -> Path:
        """An article with a section, and so a passage, a word."""
        return self.write(name, "# Long\n\n" + "\n\n".join(f"## {word}\n\nAbout {word}. {FILLER}" for word in words))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf")


@pytest.fixture
def engine() -> CountingEngine:
    return CountingEngine()


@pytest.fixture
async def app(tmp_path: Path, engine: CountingEngine) -> AsyncIterator[App]:
    app = await open_app(tmp_path / "profile", passphrase="秘密", engine=engine)
    await app.start(background=False)
    yield app
    await app.close()


async def texts(app: App) -> dict[str, str]:
    """All articles."""
    return {article.doc_id: article.text for article in await app.knowledge.list()}
