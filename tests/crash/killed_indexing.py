"""Kills a program that indexes, again and again, while its files change; shared by the test and the benchmark."""

import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from agent_assist.composition import App, open_app
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.storage.searching.nearest import UNCODED
from tests.helpers.stored_index import consistent, content, integrity

FILLER = "Parcels leave our warehouse on the day after the order. 包裹在下单次日发出，偏远地区除外。" * 3
TOPICS = ("退款 refund", "运费 postage", "发票 invoice", "保修 warranty", "尺码 size", "会员 member", "换货 exchange")
PASSPHRASE = "秘密"


class Files:
    """A folder of Markdown files and a table, which changes by chance."""

    def __init__(self, folder: Path, count: int, dice: random.Random) -> None:
        self.folder, self._dice, self._second = folder, dice, 1_700_000_000
        folder.mkdir()
        self._names = [f"{number % 20:02}/{number:05}.md" for number in range(count)]
        for name in self._names:
            self._write(name)
        # One article of a hundred passages, which takes several transactions, and a file of many articles.
        self._write("long.md", sections=100)
        self._write_table(count // 4)

    def change(self, count: int) -> None:
        """Some files get another text, some another name, some go."""
        for name in self._dice.sample(self._names, count):
            path = self.folder / name
            if not path.exists():
                continue
            act = self._dice.random()
            if act < 0.6:
                self._write(name)
            elif act < 0.8:
                path.rename(path.with_name(f"renamed-{self._dice.randrange(10**9)}.md"))
            else:
                path.unlink()
        self._write("long.md", sections=100)

    def _write(self, name: str, *, sections: int = 0) -> None:
        count = sections or self._dice.randrange(1, 4)
        parts = [f"## {self._dice.choice(TOPICS)} {self._dice.randrange(50)}\n\n{FILLER}" for _ in range(count)]
        # With an id of its own a renamed file has the same articles in a store that never knew its old name.
        self._put(name, f"---\nid: {Path(name).stem}\n---\n# {name}\n\n" + "\n\n".join(parts))

    def _write_table(self, rows: int) -> None:
        lines = ["id,question,answer"]
        lines += [f"q{n},{self._dice.choice(TOPICS)} {n}?,Answer {self._dice.randrange(9)} of {n}" for n in range(rows)]
        self._put("faq.csv", "\n".join(lines) + "\n")

    def _put(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self._second += 10
        os.utime(path, (self._second, self._second))


@dataclass(frozen=True)
class Killed:
    """How many transactions a child told of, and whether it was done before it was killed."""

    writes: int
    done: bool


def kill_after(profile: Path, writes: int) -> Killed:
    """Start a program that indexes and kill it after `writes` transactions, which is in the midst of later work."""
    command = [sys.executable, "-m", "tests.crash.indexing_child", str(profile), PASSPHRASE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        said = [child.stdout.readline() for _ in range(writes)]
        child.kill()
        said += child.stdout.read().splitlines(keepends=True)
    return Killed(writes=said.count("w\n"), done="done\n" in said)


async def open_killed(profile: Path) -> App:
    """Open the profile of a program that was killed; fails unless file and indexes are sound."""
    app = await open_app(profile, passphrase=PASSPHRASE, engine=ScriptedEngine())
    assert await app._profile.database.read(integrity) == ["ok"]
    await app._profile.database.read(consistent)
    return app


async def compare_with_scratch(app: App, folder: Path, scratch: Path) -> int:
    """Fails unless the index equals one that is built of the same files at once; returns the number of passages.

    Vectors are searched too where there are few enough to be compared in full: codes rest on a random sample.
    """
    fresh = await open_app(scratch, passphrase=PASSPHRASE, engine=ScriptedEngine())
    await fresh.start(background=False)
    await fresh.indexing.add([folder])
    ours, theirs = [await one._profile.database.read(content) for one in (app, fresh)]
    for one, other in zip(ours, theirs, strict=True):
        assert len(one) == len(other)
        assert one == other
    for topic in TOPICS:
        vector = await app.knowledge.query_vector(topic) if len(ours[0]) < UNCODED else b""
        found = [await one.knowledge.search_vector(topic, vector, k=10) for one in (app, fresh)]
        assert [hit.score for hit in found[0]] == [hit.score for hit in found[1]]
    await fresh.close()
    return len(ours[0])
