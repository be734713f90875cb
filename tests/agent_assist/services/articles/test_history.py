"""Whatever people do, in whatever order, the history is complete and the newest version is what is in use."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.composition import open_app
from agent_assist.domain.knowledge import Article, ArticleStatus
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import InputError, NotFoundError
from tests.agent_assist.services.articles.makers import REFUND

ACTS = st.one_of(
    st.tuples(st.just("edit"), st.text(min_size=1, max_size=9)),
    st.tuples(st.just("restore"), st.integers(1, 9)),
    st.tuples(st.just("review"), st.sampled_from(list(ArticleStatus))),
    st.tuples(st.just("stale"), st.text(min_size=1, max_size=9)),
    st.tuples(st.just("delete"), st.none()),
    st.tuples(st.just("embed"), st.none()),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(ACTS, max_size=12))
def test_any_sequence_of_acts(acts: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_check(Path(folder), acts))


async def _check(folder: Path, acts: list[tuple[str, object]]) -> None:
    app = await open_app(folder, engine=ScriptedEngine())
    await app.start(background=False)
    first = await app.articles.create(REFUND)
    expected: list[Article] = [first.article]
    for act, what in acts:
        before = await app.articles.get(REFUND.doc_id)
        try:
            match act, what:
                case "edit", str(text):
                    await app.articles.save(replace(before.article, text=text))
                case "restore", int(number):
                    await app.articles.restore(REFUND.doc_id, number)
                case "review", ArticleStatus() as status:
                    await app.articles.review(REFUND.doc_id, status)
                case "stale", str(text):
                    await app.articles.save(replace(before.article, text=text), base=before.number - 1)
                    raise AssertionError("a stale edit was taken")
                case "delete", _:
                    await app.articles.delete(REFUND.doc_id)
                case _:
                    await app.knowledge.embed_outdated()
        except (InputError, NotFoundError):
            assert await app.articles.get(REFUND.doc_id) == before
        after = await app.articles.get(REFUND.doc_id)
        if after.number > before.number:
            expected.append(after.article)
    history = await app.articles.history(REFUND.doc_id)
    assert [version.number for version in history] == list(range(len(expected), 0, -1))
    assert [version.article for version in reversed(history)] == expected
    if history[0].deleted:
        assert await app.knowledge.list() == ()
    else:
        assert await app.knowledge.list() == (expected[-1],)
        assert bool(await app.knowledge.search(REFUND.title)) is (expected[-1].status is ArticleStatus.APPROVED)
    await app.close()
