"""How long looking for conflicts takes: `python -m tests.benchmarks.bench_conflicts [ARTICLES]`.

Articles are made of patterns on products with made-up names, two in a hundred of them planted to contradict another
(some more share a name by chance); vectors are hashed bigrams, so no model is needed. Prints seconds for all, for one
that was edited, and how many of the pairs were found; beside it what comparing all pairs would take, from a sample.
"""

import asyncio
import itertools
import random
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from agent_assist.composition import App, open_app
from agent_assist.domain.conflicts import Conflict
from agent_assist.domain.knowledge import Article, ArticleKind
from agent_assist.domain.language import Language
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.knowledge.conflicts.pairs import Comparer
from agent_assist.storage.articles.conflicts import ConflictStore
from agent_assist.storage.database import Database

PLANTED_EVERY = 50
SAMPLE = 300
_SYLLABLES = (
    "ba",
    "de",
    "fi",
    "go",
    "ku",
    "la",
    "me",
    "ni",
    "po",
    "ra",
    "su",
    "ta",
    "vo",
    "we",
    "xi",
    "che",
    "dro",
    "fle",
    "gri",
)


def articles(count: int) -> tuple[list[Article], set[tuple[str, str]]]:
    """Articles, and the pairs that are on one product and name other days."""
    dice = random.Random(7)
    made: list[Article] = []
    for number in range(count):
        name = "".join(dice.choices(_SYLLABLES, k=4)).title()
        days, price = dice.randrange(2, 60), dice.randrange(5, 500)
        if number % PLANTED_EVERY == PLANTED_EVERY - 1:
            old = made[-1]
            name, days = old.title.split()[-1], int(old.text.split()[5]) + 1
        made.append(
            Article(
                doc_id=f"d{number:06}",
                title=f"Returning the {name}",
                text=f"The {name} is returned within {days} days of delivery, unopened and with its receipt. "
                f"Spare parts of {name} cost ${price}.",
                question=f"How long can I return the {name}?",
                variants=(f"{name} return period",),
                kind=ArticleKind.FAQ,
                language=Language.EN,
            )
        )
    by_name = defaultdict(list)
    for article in made:
        by_name[article.title].append(article)
    pairs = (pair for group in by_name.values() for pair in itertools.combinations(group, 2))
    return made, {(one.doc_id, other.doc_id) for one, other in pairs if one.text.split()[5] != other.text.split()[5]}


async def measure(count: int) -> None:
    """Print the figures."""
    made, planted = articles(count)
    with tempfile.TemporaryDirectory() as folder:
        app = await open_app(Path(folder), engine=ScriptedEngine())
        await app.start(background=False)
        for article in made:
            await app.articles.create(article)
        await app.knowledge.embed_outdated()
        seconds, found = await _timed(app)
        pairs = {(one.one.doc_id, one.other.doc_id) for one in found}
        await app.articles.save(replace(made[0], text=f"{made[0].text} Thank you."))
        await app.knowledge.embed_outdated()
        again, _ = await _timed(app)
        await app.close()
        print(f"{count} articles: {seconds:.1f} s of processor time, after an edit {again:.2f} s")
        print(f"planted {len(planted)}, found {len(planted & pairs)}; others {len(pairs - planted)}")
        print(f"all pairs one by one: {await _all_pairs(Path(folder), [one.doc_id for one in made]):.0f} s")


async def _timed(app: App) -> tuple[float, tuple[Conflict, ...]]:
    began = time.process_time()
    found = await app.conflicts.conflicts()
    return time.process_time() - began, found


async def _all_pairs(folder: Path, doc_ids: list[str]) -> float:
    database = await Database.open(folder / "profile.db")
    loaded = list((await ConflictStore(database).load(doc_ids[:SAMPLE])).values())
    await database.close()
    comparer = Comparer()
    began = time.process_time()
    for index, one in enumerate(loaded):
        for other in loaded[:index]:
            comparer.compare(one, other, near_questions=True)
    pairs = len(loaded) * (len(loaded) - 1) / 2
    return (time.process_time() - began) / pairs * len(doc_ids) * (len(doc_ids) - 1) / 2


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000))
