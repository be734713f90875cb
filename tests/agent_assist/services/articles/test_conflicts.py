"""Conflicts between articles of a profile: found, kept up to date, dismissed."""

from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from agent_assist.composition import App, open_app
from agent_assist.domain.article_versions import ArticleQuery
from agent_assist.domain.conflicts import ConflictKind
from agent_assist.domain.knowledge import Article, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import NotFoundError
from agent_assist.services.articles import conflicts as module
from tests.agent_assist.services.articles.makers import article

RETURN = article(
    doc_id="a-return",
    title="Return period",
    question="How long can I return an item?",
    variants=(),
    text="You can return an item within 7 days of delivery.",
)
LONGER = replace(RETURN, doc_id="b-return", text="You can return an item within 15 days of delivery.")
OTHER = article(
    doc_id="c-invoice", title="Invoices", question="Where is my invoice?", variants=(), text="In My Orders."
)


async def pairs(app: App) -> list[tuple[ConflictKind, str, str]]:
    return [(one.kind, one.one.doc_id, one.other.doc_id) for one in await app.conflicts.conflicts()]


async def keep(app: App, *articles: Article) -> None:
    """Store with vectors."""
    for one in articles:
        if any(row.article.doc_id == one.doc_id for row in await app.articles.page(ArticleQuery(), offset=0, limit=99)):
            await app.articles.save(one)
        else:
            await app.articles.create(one)
    await app.knowledge.embed_outdated()


CONTRADICTION = [(ConflictKind.CONTRADICTION, "a-return", "b-return")]


async def test_a_contradiction_shows_passages_and_facts_until_it_is_resolved(app: App) -> None:
    await keep(app, LONGER, OTHER, RETURN)
    [found] = await app.conflicts.conflicts()
    assert (found.one.doc_id, found.other.doc_id) == ("a-return", "b-return")
    assert [(fact.kind, fact.one, fact.other) for fact in found.facts] == [("duration", "7 days", "15 days")]
    assert found.one.passage == RETURN.text[found.one.start : found.one.end]
    await keep(app, replace(LONGER, text="An item can be returned within one week of delivery."))
    assert await pairs(app) == []
    await app.articles.restore("b-return", 1)
    assert await pairs(app) == CONTRADICTION
    await app.articles.delete("b-return")
    assert await pairs(app) == []


async def test_doubles_are_told_after_contradictions(app: App) -> None:
    double = replace(OTHER, doc_id="d-invoice")
    await keep(app, OTHER, double, LONGER, RETURN)
    assert await pairs(app) == [*CONTRADICTION, (ConflictKind.DUPLICATE, "c-invoice", "d-invoice")]


async def test_words_find_what_has_no_vectors_yet(app: App, engine: ScriptedEngine) -> None:
    engine.available = False
    await app.articles.create(RETURN)
    await app.articles.create(OTHER)
    await app.articles.create(LONGER)
    assert await pairs(app) == CONTRADICTION


async def test_a_dismissal_holds_until_one_of_the_two_says_something_else(app: App) -> None:
    await keep(app, LONGER, RETURN)
    with pytest.raises(NotFoundError):
        await app.conflicts.dismiss("a-return", "c-invoice")
    assert await pairs(app) == CONTRADICTION
    await app.conflicts.dismiss("b-return", "a-return", note="two countries")
    assert await pairs(app) == []
    assert [one.dismissed for one in await app.conflicts.conflicts(include_dismissed=True)] == [True]
    await keep(app, replace(RETURN, owner="Bob", tags=("x",)))
    assert await pairs(app) == []
    await keep(app, replace(RETURN, text="You can return an item within 9 days of delivery."))
    assert await pairs(app) == CONTRADICTION


@pytest.mark.parametrize(
    "fields",
    [
        {"status": ArticleStatus.DRAFT},
        {"status": ArticleStatus.BLOCKED},
        {"products": ("SKU-2",)},
        {"valid_until": datetime(2020, 1, 1, tzinfo=UTC)},
        {"valid_from": datetime(2040, 1, 1, tzinfo=UTC)},
    ],
    ids=str,
)
async def test_articles_that_are_never_used_together_are_no_conflict(app: App, fields: dict[str, object]) -> None:
    mine = replace(RETURN, products=("SKU-1",), valid_until=datetime(2039, 1, 1, tzinfo=UTC))
    await keep(app, mine, replace(LONGER, **fields))  # type: ignore[arg-type]
    assert await pairs(app) == []


async def test_only_what_changed_is_compared_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    await keep(app, LONGER, RETURN, OTHER)
    seen: list[int] = []
    await app.conflicts.conflicts(progress=lambda done, total: seen.append(total))
    await keep(app, replace(OTHER, text="In My Orders, as a file."))
    await app.conflicts.conflicts(progress=lambda done, total: seen.append(total))
    await app.conflicts.conflicts(progress=lambda done, total: seen.append(total))
    assert seen == [3, 1]
    monkeypatch.setattr(module, "BATCH", 1)
    await keep(app, replace(LONGER, owner="Bob"), replace(RETURN, owner="Ann"))
    assert await pairs(app) == CONTRADICTION


async def test_the_sample_shop_holds_no_contradiction_that_words_can_show(app: App) -> None:
    folder = Path(str(files("resources").joinpath("samples")))
    await app.knowledge.add_paths([folder / "knowledge.jsonl", folder / "articles"])
    assert [one for one in await pairs(app) if one[0] is ConflictKind.CONTRADICTION] == []


@pytest.mark.models
async def test_the_encoder_finds_one_question_in_two_wordings_and_two_languages(tmp_path: Path) -> None:
    app = await open_app(tmp_path / "profile")
    await app.start(background=False)
    chinese = article(doc_id="zh-1", title="退货期限", question="退货期限是多久？", variants=(), language=Language.ZH)
    other = replace(chinese, doc_id="zh-2", title="几天内能退", question="多久之内能退货？")
    await keep(
        app,
        replace(chinese, text="签收后七天内可以无理由退货。"),
        replace(other, text="收到商品15天内都可以退货。"),
        replace(RETURN, question="How long do I have to return an item?", text="Within one week of delivery."),
        OTHER,
    )
    found = await pairs(app)
    assert (ConflictKind.CONTRADICTION, "zh-1", "zh-2") in found
    assert ("a-return", "zh-1") not in [one[1:] for one in found]
    await app.close()
