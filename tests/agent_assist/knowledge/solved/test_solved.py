"""Threads as exchanges, codes that keep like questions near, and when a reply no longer holds."""

import struct
from dataclasses import replace
from datetime import timedelta

from agent_assist.domain.knowledge import Article, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.domain.solved import OutdatedReason, SimilarReason
from agent_assist.domain.suggestion import Source, SourceKind
from agent_assist.domain.tickets import Channel, Message, Ticket
from agent_assist.domain.understanding import Entity, ScoredLabel
from agent_assist.knowledge.solved import (
    CODE_BITS,
    Likeness,
    Side,
    alike,
    centre_of,
    code,
    compare,
    exchanges,
    outdated,
    products_of,
    profile_of,
    profile_similarity,
    question_words,
    rarity,
    reasons,
    reply_places,
)
from tests.helpers.makers import NOON, agent, customer, ticket, understanding


def ticket_of(*thread: Message) -> Ticket:
    return ticket("T1", *thread)


def labels(**scores: float) -> tuple[ScoredLabel, ...]:
    return tuple(ScoredLabel(label=label, score=score) for label, score in scores.items())


def test_each_run_of_agent_messages_answers_what_was_asked_before() -> None:
    thread = (
        agent("您好"),
        customer("在吗"),
        customer("发票怎么开"),
        agent("稍等"),
        agent("在订单页申请即可"),
        customer("谢谢"),
    )
    [one] = exchanges(ticket("T1", *thread))
    assert (one.question, one.first, one.last) == (2, 3, 4)
    assert one.text == "在吗\n发票怎么开"
    assert exchanges(ticket("T2", customer("发票怎么开"))) == []


def test_a_reply_that_asks_back_goes_on_with_the_answer() -> None:
    thread = (
        customer("我的快递怎么还没到"),
        agent("请发下您的订单号哦"),
        customer("GF2611020017"),
        agent("还请您稍等，正在为您查询~"),
        customer("好"),
        agent("包裹明天送达。"),
        customer("谢谢"),
        agent("不客气"),
    )
    whole = ticket_of(*thread)
    cut = exchanges(whole)
    assert [(one.question, one.first, one.last) for one in cut] == [(0, 1, 5), (2, 3, 5), (4, 5, 5), (6, 7, 7)]
    assert reply_places(whole, 1, 5) == [1, 3, 5]
    english = ticket_of(
        customer("where is it"), agent("Could you send the order number?"), customer("no"), agent("Ok.")
    )
    assert [(one.first, one.last) for one in exchanges(english)] == [(1, 3), (3, 3)]


def test_a_mail_is_asked_with_its_subject() -> None:
    mail = ticket("T1", customer("see above"), agent("Done."), subject="Change my address", channel=Channel.EMAIL)
    assert exchanges(mail)[0].text == "Change my address\nsee above"


def test_of_a_long_talk_the_newest_exchanges_are_kept() -> None:
    thread = [message for number in range(40) for message in (customer(f"q{number}"), agent(f"a{number}"))]
    cut = exchanges(ticket("T1", *thread))
    assert len(cut) == 12
    assert cut[-1].last == len(thread) - 1


def test_leanings_tell_more_than_intents() -> None:
    asked = replace(understanding("refund.status"), leanings=labels(a=0.5, b=0.4))
    near = replace(understanding("refund.status"), leanings=labels(a=0.45, b=0.5))
    far = replace(understanding("refund.status"), leanings=labels(a=0.1, c=0.9))
    profile = profile_of(asked)
    assert profile_similarity(profile, profile_of(near)) > 0.98
    assert profile_similarity(profile, profile_of(far)) < 0.4
    assert profile_of(understanding("refund.status")) == (("refund.status", 1.0),)
    assert profile_similarity(profile, ()) == 0


def test_codes_of_like_questions_differ_in_few_bits() -> None:
    def vector(*values: float) -> bytes:
        return struct.pack(f"<{len(values)}f", *values)

    one, near, far = vector(0.9, 0.8, 0.7, 0.6), vector(0.9, 0.8, 0.7, 0.5), vector(0.5, 0.6, 0.9, 0.8)
    centre = centre_of([one, far])

    def bits(first: bytes, second: bytes) -> int:
        return (int.from_bytes(first, "big") ^ int.from_bytes(second, "big")).bit_count()

    same = (("refund.status", 1.0),)
    here = code(one, centre, same)
    assert len(here) * 8 == CODE_BITS
    assert bits(here, code(near, centre, same)) < bits(here, code(far, centre, same))
    assert bits(here, code(one, centre, (("logistics.track", 1.0),))) == 20
    assert bits(here, code(one, centre, (("refund.status", 0.5),))) == 5
    assert bits(here, code(one, centre, (("mine.own", 1.0),))) == 20


def test_relevance_grows_with_meaning_intent_and_words() -> None:
    strong = Likeness(cosine=0.95, intents=0.95, words=0.9, terms=10, product=False)
    assert alike(strong) > 0.8
    assert alike(replace(strong, intents=0.2)) < 0.4
    assert alike(replace(strong, words=0.0)) < alike(strong)
    assert alike(replace(strong, cosine=0.8)) < alike(strong)
    alone = Likeness(cosine=0.0, intents=0.0, words=1.0, terms=10, product=False)
    assert alike(alone) > 0.8 > 0.3 > alike(replace(alone, words=0.2))


def test_reasons_name_what_is_alike() -> None:
    asked = replace(understanding(), entities=(Entity(type="product", start=0, end=8, text="Watch S3"),))
    side = Side(profile=(("a", 1.0),), words=frozenset(question_words("表带怎么换")), products=products_of(asked))
    weights = rarity(dict.fromkeys(side.words, 1), 10)
    same = compare(side, side, cosine=0.95, weights=weights)
    assert (same.words, same.intents, same.product) == (1.0, 1.0, True)
    assert set(reasons(same)) == set(SimilarReason)
    weak = Likeness(cosine=0.82, intents=0.1, words=0.1, terms=5, product=False)
    assert reasons(weak) == (SimilarReason.SAME_MEANING,)


def test_a_reply_is_out_of_date_by_age_or_by_its_articles() -> None:
    article = Article(doc_id="K1", title="t", text="退货 7 天内。", language=Language.ZH)
    source = Source(doc_id="K1", title="t", passage="7 天", start=3, end=6)

    def why(known: Article | None, *, days: int = 1, of: Source = source) -> tuple[OutdatedReason, ...]:
        articles = {"K1": known} if known else {}
        return outdated(sent=NOON - timedelta(days=days), sources=[of], articles=articles, now=NOON, months=2)

    assert why(article) == ()
    assert why(article, days=70) == (OutdatedReason.OLD,)
    assert why(replace(article, text="退货 9 天内。")) == (OutdatedReason.ARTICLE_CHANGED,)
    assert why(replace(article, status=ArticleStatus.BLOCKED)) == (OutdatedReason.ARTICLE_BLOCKED,)
    assert why(replace(article, valid_until=NOON)) == (OutdatedReason.ARTICLE_EXPIRED,)
    assert why(None) == (OutdatedReason.ARTICLE_GONE,)
    assert why(None, of=replace(source, kind=SourceKind.ORDER)) == ()
