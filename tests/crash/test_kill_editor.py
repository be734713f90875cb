"""A program killed in the midst of edits: every edit that it acknowledged is there, in the history, and searched."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from agent_assist.composition import open_app
from agent_assist.domain.knowledge import Article
from agent_assist.domain.language import Language
from agent_assist.engine.testing import ScriptedEngine
from tests.crash.article_child import ARTICLES

ROUNDS = 4
MOST_EDITS = 40
pytestmark = pytest.mark.crash


def kill_an_editor(profile: Path, round_number: int, edits: int) -> list[list[str]]:
    """Start an editor, kill it after `edits` acknowledgements, return all that it said as words."""
    command = [sys.executable, "-m", "tests.crash.article_child", str(profile), str(round_number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        said = [child.stdout.readline() for _ in range(edits)]
        child.kill()
        said += child.stdout.read().splitlines(keepends=True)
    return [line.split() for line in said if line.endswith("\n")]


async def test_killed_editors_lose_nothing_acknowledged(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    app = await open_app(profile, passphrase="key", engine=ScriptedEngine())
    for number in range(ARTICLES):
        await app.articles.create(Article(doc_id=f"A{number}", title="t", text="first", language=Language.EN))
    await app.close()
    seed = random.randrange(10**6)
    print("seed", seed)  # shown when the test fails
    dice = random.Random(seed)
    for round_number in range(ROUNDS):
        said = kill_an_editor(profile, round_number, dice.randrange(1, MOST_EDITS))
        app = await open_app(profile, passphrase="key", engine=ScriptedEngine())
        for doc_id, number, word in said:
            assert word in (await app.articles.version(doc_id, int(number))).article.text
        for doc_id in {words[0] for words in said}:
            newest = await app.articles.get(doc_id)
            assert await app.knowledge.get(doc_id) == newest.article
            word = newest.article.text.removeprefix("Answer ").removesuffix(".")
            [hit, *_] = await app.knowledge.search(word, k=1)  # the engine is not there: by words alone
            assert hit.passage.doc_id == doc_id
            assert word in hit.passage.text
        await app.start(background=False)
        await app.knowledge.embed_outdated()
        hits = await app.knowledge.search("Answer", k=ARTICLES)
        assert len(hits) == ARTICLES
        assert all(hit.similarity > 0 for hit in hits)
        await app.close()
