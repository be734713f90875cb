from dataclasses import replace

import pytest

from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.errors import InputError, NotFoundError
from agent_assist.knowledge import KnowledgeIndex, Searcher
from agent_assist.storage.articles import rows as article_rows
from agent_assist.storage.knowledge import KnowledgeStore
from tests.agent_assist.knowledge.conftest import Indexer, vector

FAQ = Article(
    doc_id="faq",
    title="退货运费",
    text="七天无理由退货由您承担运费。",
    language=Language.ZH,
    kind=ArticleKind.FAQ,
    question="邮费谁出？",
    variants=("运费谁承担", "邮费谁出？"),
    tags=("售后",),
)


async def test_an_unchanged_article_embeds_and_writes_nothing(indexer: Indexer, store: KnowledgeStore) -> None:
    await indexer.add(FAQ)
    assert indexer.embedded == ["退货运费\n七天无理由退货由您承担运费。", "邮费谁出？", "运费谁承担"]
    indexer.embedded.clear()
    [plan] = await indexer.add(replace(FAQ, source="/another/place.csv"))
    assert plan.unchanged
    assert indexer.embedded == []
    assert await store.counts() == (1, 1)


@pytest.mark.parametrize("change", [{"text": "新规定。"}, {"variants": ()}, {"question": "?"}, {"tags": ()}])
async def test_any_change_is_indexed_again(indexer: Indexer, store: KnowledgeStore, change: dict[str, object]) -> None:
    await indexer.add(FAQ)
    [plan] = await indexer.add(replace(FAQ, **change))  # type: ignore[arg-type]
    assert not plan.unchanged
    assert await store.counts() == (1, 1)
    assert await store.get("faq") == replace(FAQ, **change)  # type: ignore[arg-type]


async def test_another_encoder_makes_new_vectors(indexer: Indexer, store: KnowledgeStore) -> None:
    await indexer.add(FAQ, model="m1")
    assert await store.outdated("m1") == []
    assert await store.outdated("m2") == ["faq"]
    [plan] = await indexer.add(FAQ, model="m2")
    assert not plan.unchanged
    assert await store.outdated("m2") == []


async def test_without_vectors_an_article_is_found_by_words_and_waits_for_the_encoder(
    indexer: Indexer, store: KnowledgeStore
) -> None:
    await indexer.add(FAQ, vectors=False)
    assert [hit.passage.doc_id for hit in await Searcher(store).search("退货运费")] == ["faq"]
    assert [hit.passage.doc_id for hit in await Searcher(store).search("退货运费", vector("退货运费"))] == ["faq"]
    assert await store.outdated("m1") == ["faq"]


async def test_the_old_text_is_gone_after_a_change_and_after_removal(indexer: Indexer, store: KnowledgeStore) -> None:
    searcher = Searcher(store)
    await indexer.add(FAQ)
    await indexer.add(replace(FAQ, title="换货", text="尺码不合适可以换货。", question="怎么换", variants=(), tags=()))
    assert await searcher.search("运费") == []
    assert len(await searcher.search("换货", vector("换货"))) == 1
    assert await indexer.index.remove("faq")
    assert not await indexer.index.remove("faq")
    assert await searcher.search("换货", vector("换货")) == []
    assert await store.counts() == (0, 0)
    with pytest.raises(NotFoundError):
        await store.get("faq")


async def test_vectors_must_fit(store: KnowledgeStore) -> None:
    index = KnowledgeIndex(store)
    plan = await index.plan(FAQ)
    with pytest.raises(InputError, match="one vector"):
        await index.store(plan, passage_vectors=[vector("x")], question_vectors=[vector("x")])
    with pytest.raises(InputError, match="384"):
        await index.store(plan, passage_vectors=[b"\0" * 512], question_vectors=[vector("x")] * 2)
    assert await store.counts() == (0, 0)


async def test_a_failed_change_leaves_the_old_article_whole(
    indexer: Indexer, store: KnowledgeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await indexer.add(FAQ)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr(article_rows, "insert_question", fail)  # after the old one is gone and the passages are in
    with pytest.raises(RuntimeError, match="middle"):
        await indexer.add(replace(FAQ, text="新规定", question="新问题？"))
    assert await store.get("faq") == FAQ
    [hit] = await Searcher(store).search("运费", vector("运费谁承担"))
    assert hit.passage.text == FAQ.text
    assert hit.question_match == pytest.approx(1.0, abs=1e-4)


async def test_articles_by_title(indexer: Indexer, store: KnowledgeStore) -> None:
    await indexer.add(replace(FAQ, doc_id="b", title="b"), replace(FAQ, doc_id="a", title="a"))
    assert [article.doc_id for article in await store.articles()] == ["a", "b"]


@pytest.mark.parametrize("status", [ArticleStatus.DRAFT, ArticleStatus.BLOCKED])
async def test_what_is_not_approved_is_kept_but_in_no_index(
    indexer: Indexer, store: KnowledgeStore, status: ArticleStatus
) -> None:
    await indexer.add(FAQ)
    await indexer.add(replace(FAQ, status=status))
    assert await store.counts() == (1, 0)
    assert await store.get("faq") == replace(FAQ, status=status)
    assert await store.outdated("m1") == []
    assert await Searcher(store).search("退货运费", vector("退货运费")) == []
    await indexer.add(FAQ)
    assert [hit.passage.doc_id for hit in await Searcher(store).search("退货运费")] == ["faq"]
