"""What a query asks for: slips, pinyin, synonyms, and the reasons a hit gives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agent_assist.domain.knowledge import Article, SearchFilter, Visibility
from agent_assist.domain.language import Language
from agent_assist.domain.profiles import profile_of_labels
from agent_assist.domain.understanding import ScoredLabel, Understanding
from agent_assist.knowledge import Searcher
from agent_assist.knowledge.searching.synonyms import synonyms_in
from agent_assist.knowledge.searching.wanted import analyse, without_pinyin
from agent_assist.storage.articles.profiles import ArticleProfileStore
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.searching import candidates
from tests.agent_assist.knowledge.conftest import Indexer, vector

DAY = datetime(2026, 6, 1, tzinfo=UTC)
RETURNS = Article(doc_id="returns", title="退货", text="七天无理由退货，运费由您承担。", language=Language.ZH)
COUPONS = Article(doc_id="coupons", title="优惠券", text="每单可用一张优惠券，不与满减同享。", language=Language.ZH)
INVOICE = Article(doc_id="invoice", title="开具发票", text="电子发票在签收后两天内发出。", language=Language.ZH)
REFUND = Article(doc_id="refund", title="Refunds", text="A refund reaches your card in ten days.", language=Language.EN)
CLOSED = Article(doc_id="closed", title="预付卡", text="经营者终止经营的，应当退还余额。", language=Language.ZH)
SHOP = (RETURNS, COUPONS, INVOICE, REFUND, CLOSED)


@pytest.fixture
async def searcher(indexer: Indexer, store: KnowledgeStore) -> Searcher:
    await indexer.add(*SHOP)
    return Searcher(store)


@pytest.mark.parametrize(
    ("query", "doc_id"),
    [
        ("退火要几天", "returns"),  # the same sound
        ("优会券怎么用", "coupons"),
        ("发漂", "invoice"),
        ("fapiao", "invoice"),  # left unconverted
        ("tuihuoyunfei", "returns"),
        ("refnud", "refund"),  # letters changed places
        ("refuns", "refund"),
        ("reffund", "refund"),
        ("退貨", "returns"),
        ("店家跑路了", "closed"),  # a synonym that no passage holds
    ],
)
async def test_slips_pinyin_and_synonyms_are_found_by_words_alone(searcher: Searcher, query: str, doc_id: str) -> None:
    hits = await searcher.search(await searcher.without_pinyin(query))
    assert [hit.passage.doc_id for hit in hits][:1] == [doc_id]


@pytest.mark.parametrize("query", ["xylophone", "qqqq", "鲲鹏", "zzyzx"])
async def test_what_is_like_nothing_finds_nothing(searcher: Searcher, query: str) -> None:
    assert await searcher.search(query) == []


async def test_a_hit_says_why_it_is_there(searcher: Searcher) -> None:
    [hit, *_] = await searcher.search("退火的运费")
    assert hit.slips == (("退火", "退货"),)
    assert set(hit.matched) >= {"退火", "运费"}
    [hit, *_] = await searcher.search("When do refunds arrive on my card?")
    assert set(hit.matched) >= {"refunds", "card"}
    assert hit.slips == ()


async def test_pinyin_is_written_out_and_all_else_left_alone(store: KnowledgeStore, indexer: Indexer) -> None:
    await indexer.add(*SHOP)
    assert await without_pinyin(store, "tuihuo YUNFEI谁出") == "退货 运费谁出"
    for text in ("refund time", "Change my order", "退货运费", "What shipping costs?", ""):
        assert await without_pinyin(store, text) == text


async def test_a_common_word_needs_no_synonym(store: KnowledgeStore, indexer: Indexer) -> None:
    await indexer.add(*(replace(RETURNS, doc_id=str(number)) for number in range(20)))
    asked = await analyse(store, "运费")
    assert all(not one.near for one in asked.wanted)


def test_the_longest_phrase_is_the_one_that_is_meant() -> None:
    assert "预付卡" in synonyms_in("预付卡怎么退")
    assert "预付" not in synonyms_in("预付卡怎么退")
    assert "隐私政策" in synonyms_in("your privacy policy please")["privaci polici"]
    assert synonyms_in("") == {}


async def test_filters_leave_out_what_does_not_fit(indexer: Indexer, store: KnowledgeStore) -> None:
    await indexer.add(
        replace(RETURNS, doc_id="now", tags=("售后", "VIP"), products=("GF-1",)),
        replace(RETURNS, doc_id="past", valid_until=DAY - timedelta(days=1)),
        replace(RETURNS, doc_id="future", valid_from=DAY + timedelta(days=1), tags=("售后",)),
    )
    searcher = Searcher(store)

    async def found(**fields: object) -> set[str]:
        wanted = replace(SearchFilter(valid_at=DAY), **fields)  # type: ignore[arg-type]
        by_words = await searcher.search("退货运费", wanted=wanted)
        by_both = await searcher.search("退货运费", vector("退货运费"), wanted=wanted)
        assert {hit.passage.doc_id for hit in by_words} == {hit.passage.doc_id for hit in by_both}
        return {hit.passage.doc_id for hit in by_both}

    assert await found() == {"now"}
    assert await found(valid_at=DAY - timedelta(days=2)) == {"now", "past"}
    assert await found(valid_at=DAY - timedelta(days=1)) == {"now"}  # no longer from this moment on
    assert await found(valid_at=DAY + timedelta(days=1)) == {"now", "future"}
    assert await found(tags=("售后",), valid_at=DAY + timedelta(days=2)) == {"now", "future"}
    assert await found(tags=("售后", "vip")) == {"now"}  # all of them, in any case
    assert await found(tags=("别的",)) == set()
    assert await found(products=("gf-1", "GF-2")) == {"now"}
    assert await found(language=Language.EN) == set()


async def test_an_article_that_wants_the_same_comes_first(indexer: Indexer, store: KnowledgeStore) -> None:
    await indexer.add(replace(RETURNS, doc_id="a"), replace(RETURNS, doc_id="b"))
    profiles = {
        doc_id: ("", [profile_of_labels([label])]) for doc_id, label in (("a", "invoice.issue"), ("b", "return.how"))
    }
    await ArticleProfileStore(store._database).save(profiles, model="m1")
    neutral = ScoredLabel(label="neutral", score=1.0)
    read = Understanding(
        language=Language.ZH,
        intents=(ScoredLabel(label="return.how", score=0.9),),
        in_scope=True,
        entities=(),
        sentiment=neutral,
        urgency=ScoredLabel(label="normal", score=1.0),
    )
    plain = await Searcher(store).search("退货", vector("退货"))
    assert [hit.passage.doc_id for hit in plain] == ["a", "b"]
    [first, second] = await Searcher(store).search("退货", vector("退货"), read=read)
    assert first.passage.doc_id == "b"
    assert first.score > second.score


async def test_what_became_internal_while_a_search_went_on_is_not_shown(
    indexer: Indexer, store: KnowledgeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await indexer.add(RETURNS, replace(COUPONS, visibility=Visibility.INTERNAL))
    # As if the pass over the words had still seen the article in public.
    monkeypatch.setattr(candidates, "_by_words", lambda *_: [1, 2])
    assert [hit.passage.doc_id for hit in await Searcher(store).search("优惠券")] == ["returns"]
