import math
import random
import struct
from dataclasses import replace
from itertools import pairwise

import pytest

from agent_assist.domain.knowledge import Article, ArticleKind, SearchFilter, Visibility
from agent_assist.domain.language import Language
from agent_assist.domain.tickets import Message, Role
from agent_assist.knowledge import Searcher, thread_query
from agent_assist.knowledge.searching.relevance import Signals, relevance
from agent_assist.knowledge.searching.search import passage_query
from agent_assist.knowledge.searching.signals import candidate_signals
from agent_assist.knowledge.searching.wanted import analyse
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.searching import coding
from agent_assist.storage.searching.candidates import PassageQuery
from tests.agent_assist.knowledge.conftest import Indexer, vector
from tests.helpers.makers import NOON


def article(doc_id: str, text: str, **fields: object) -> Article:
    language = Language.EN if text.isascii() else Language.ZH
    return replace(Article(doc_id=doc_id, title=doc_id, text=text, language=language), **fields)  # type: ignore[arg-type]


SHOP = (
    article("refund-zh", "微信、支付宝的退款二十四小时内原路返回。"),
    article("refund-en", "You get your money back within ten days."),
    article("ship-zh", "满九十九元免运费，不满收八元。", question="运费多少", kind=ArticleKind.FAQ),
    article("guide-en", "The X200Pro has a 3.5mm jack. It comes in red."),
    article("secret-zh", "内部：退款权限三十元。", visibility=Visibility.INTERNAL),
)


@pytest.fixture
async def searcher(indexer: Indexer, store: KnowledgeStore) -> Searcher:
    await indexer.add(*SHOP)
    return Searcher(store)


async def ids(searcher: Searcher, query: str, **options: object) -> list[str]:
    hits = await searcher.search(query, vector(query), **options)  # type: ignore[arg-type]
    return [hit.passage.doc_id for hit in hits]


async def test_words_and_meaning_both_find(searcher: Searcher) -> None:
    assert (await ids(searcher, "退款"))[0] == "refund-zh"
    assert (await ids(searcher, "refund please"))[0] == "refund-en"  # no word in common
    assert (await ids(searcher, "x200 pro jack"))[0] == "guide-en"


async def test_hits_are_sorted_numbered_and_bounded(searcher: Searcher) -> None:
    hits = await searcher.search("退款 refund", vector("退款 refund"), k=3)
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert all(0 <= hit.score <= 1 and 0 <= hit.lexical <= 1 and hit.similarity <= 1.0001 for hit in hits)
    assert all(better.score >= worse.score for better, worse in pairwise(hits))


async def test_internal_texts_come_only_on_request(searcher: Searcher) -> None:
    assert "secret-zh" not in await ids(searcher, "退款权限三十元", k=10)
    assert "secret-zh" not in [hit.passage.doc_id for hit in await searcher.search("退款权限三十元", k=10)]
    assert (await ids(searcher, "退款权限三十元", wanted=SearchFilter(include_internal=True)))[0] == "secret-zh"


async def test_a_language_can_be_asked_for(searcher: Searcher) -> None:
    assert set(await ids(searcher, "退款", k=10, wanted=SearchFilter(language=Language.EN))) == {
        "refund-en",
        "guide-en",
    }


async def test_questions_are_matched_and_reported(searcher: Searcher) -> None:
    [first, *others] = await searcher.search("运费多少", vector("运费多少"))
    assert first.passage.doc_id == "ship-zh"
    assert first.question_match == pytest.approx(1.0, abs=1e-4)
    assert all(hit.question_match == 0 for hit in others)


async def test_full_text_alone_where_there_is_no_vector(searcher: Searcher) -> None:
    [hit] = await searcher.search("jack", k=1)
    assert (hit.passage.doc_id, hit.similarity, hit.question_match) == ("guide-en", 0.0, 0.0)
    assert hit.lexical == pytest.approx(1.0)
    assert await searcher.search("火锅好吃 pizza") == []


@pytest.mark.parametrize("query", ["", "  \n", "🙂", '"', "a" * 100_000, "退" * 100_000, "OR NOT NEAR(", "\x00\ud800"])
async def test_odd_queries_do_no_harm(searcher: Searcher, query: str) -> None:
    await searcher.search(query)
    await searcher.search(query, vector("x"))


async def test_an_empty_store_has_no_hits(store: KnowledgeStore) -> None:
    assert await Searcher(store).search("退款", vector("退款")) == []


def narrow(dice: random.Random) -> bytes:
    """A unit vector like e5's: a direction that all texts share, and a little of its own."""
    values = [(-1) ** (place % 3) + dice.gauss(0, 0.3) for place in range(384)]
    length = math.hypot(*values)
    return struct.pack("<384f", *(value / length for value in values))


async def test_the_coarse_pass_finds_the_true_nearest_among_alike_vectors(
    indexer: Indexer, store: KnowledgeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(3)
    for number in range(400):
        plan = await indexer.index.plan(article(f"n{number}", f"第{number}条说明"), model="m1")
        await indexer.index.store(plan, passage_vectors=[narrow(dice) for _ in plan.passages])

    wanted = SearchFilter(valid_at=NOON)

    async def nearest(query: bytes) -> list[str]:
        asked = PassageQuery(terms=(), frequencies={}, passages=400, vector=query, limit=50, filter=wanted)
        return [one.passage.doc_id for one in (await store.candidates(asked))[:10]]

    queries = [narrow(dice) for _ in range(5)]
    exact = [await nearest(query) for query in queries]
    monkeypatch.setattr(coding, "UNCODED", 100)
    await store.code_vectors()
    assert not await uncoded(store)
    assert [await nearest(query) for query in queries] == exact
    await indexer.add(article("later", "后来的一条"))
    assert not await uncoded(store)  # where there is a scale of the encoder, a new vector is coded at once


async def uncoded(store: KnowledgeStore) -> int:
    return int(
        await store._database.read(
            lambda connection: connection.execute("SELECT count(*) FROM passage_marks WHERE code IS NULL").fetchone()[0]
        )
    )


def signals(**fields: object) -> Signals:
    plain = Signals(similarity=0.85, question_match=0.0, lexical=0.3, terms=6)
    return replace(plain, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "better",
    [{"similarity": 0.9, "lift": 0.05}, {"question_match": 0.95}, {"lexical": 0.6}, {"terms": 20}, {"heading": 1.0}],
)
@pytest.mark.parametrize("known", [{}, {"chinese": True}, {"in_scope": True}, {"in_scope": True, "chinese": True}])
def test_relevance_grows_with_every_signal(better: dict[str, object], known: dict[str, object]) -> None:
    assert relevance(signals(**known, **better)) > relevance(signals(**known))


def test_a_chinese_query_needs_a_higher_cosine_and_fewer_words() -> None:
    close = {"similarity": 0.86, "question_match": 0.88, "in_scope": True, "wish": 0.7}
    assert relevance(signals(**close, chinese=True)) < relevance(signals(**close))
    more = {**close, "lexical": 0.6}
    gained = [
        relevance(signals(**more, chinese=one)) / relevance(signals(**close, chinese=one)) for one in (True, False)
    ]
    assert gained[0] > gained[1]


def test_a_query_that_is_out_of_scope_finds_less() -> None:
    assert relevance(signals(in_scope=False, wish=0.5)) < relevance(signals(in_scope=True, wish=0.5))


@pytest.mark.parametrize(("query", "chinese"), [("退款多久到账", True), ("how long does a refund take", False)])
async def test_the_language_of_the_query_is_a_signal(
    searcher: Searcher, store: KnowledgeStore, query: str, chinese: bool
) -> None:
    asked = await analyse(store, query)
    candidates = await store.candidates(passage_query(asked, vector(query)))
    assert {found.chinese for found, _ in candidate_signals(asked, candidates)} == {chinese}


def test_relevance_separates_the_clear_cases() -> None:
    assert relevance(signals(similarity=0.93, question_match=0.97, lexical=0.9, lift=0.08)) > 0.9
    assert relevance(signals(similarity=0.93, question_match=0.97, lexical=0.9, lift=0.08, wish=1.0)) > 0.9
    assert relevance(signals(similarity=0.80, lexical=0.0)) < 0.05
    assert relevance(signals(similarity=0.80, lexical=0.0, wish=0.0, in_scope=False)) < 0.01
    assert relevance(signals(similarity=0.0, lexical=1.0)) > 0.8
    assert relevance(signals(similarity=0.0, lexical=0.0)) < 0.1


def test_the_query_of_a_thread_is_what_the_customer_wrote_last() -> None:
    roles = [Role.CUSTOMER, Role.AGENT, *[Role.CUSTOMER] * 4]
    messages = [Message(role=role, text=f"m{number}", at=NOON) for number, role in enumerate(roles)]
    assert thread_query(messages) == "m2\nm3\nm4\nm5"
    assert thread_query(messages[:3], subject="s") == "s\nm0\nm2"
