"""Which kind of suggestion a ticket gets."""

from dataclasses import replace

import pytest

from agent_assist.domain.knowledge import ArticleKind, Hit, Passage, Visibility
from agent_assist.domain.language import Language
from agent_assist.domain.suggestion import NoneReason
from agent_assist.domain.understanding import ScoredLabel, Understanding
from agent_assist.suggestion.policy import (
    APPROVED_ANSWERS,
    Decision,
    DraftFrom,
    StaySilent,
    TellProducts,
    Thresholds,
    UseApproved,
    best_macro,
    courtesy,
    decide,
    doubted_text,
    least_mark,
)

THRESHOLDS = Thresholds(approved=0.91, relevance=0.35, passages=2)
FAQ = Hit(
    rank=1,
    score=0.9,
    question_match=0.95,
    passage=Passage(doc_id="faq", title="t", text="x", start=0, end=1, kind=ArticleKind.FAQ),
)


def understood(*intents: str, in_scope: bool = True) -> Understanding:
    return Understanding(
        language=Language.EN,
        intents=tuple(ScoredLabel(label=intent, score=0.9) for intent in intents or ("refund.status",)),
        in_scope=in_scope,
        entities=(),
        sentiment=ScoredLabel(label="neutral", score=1.0),
        urgency=ScoredLabel(label="normal", score=1.0),
    )


def chosen(
    *hits: Hit,
    understanding: Understanding | None = None,
    article_language: Language = Language.EN,
    order_known: bool = False,
    products_known: bool = False,
) -> Decision:
    return decide(
        understanding or understood(),
        hits,
        language=Language.EN,
        article_languages=[article_language] * len(hits),
        order_known=order_known,
        products_known=products_known,
        thresholds=THRESHOLDS,
    )


def test_a_reviewed_text_that_fits_answers_by_itself() -> None:
    assert chosen(FAQ) == UseApproved(hit=FAQ)


@pytest.mark.parametrize(
    "hit",
    [
        replace(FAQ, question_match=0.9),
        replace(FAQ, score=0.5),
        replace(FAQ, answers=APPROVED_ANSWERS / 2),
        replace(FAQ, passage=replace(FAQ.passage, kind=ArticleKind.ARTICLE)),
    ],
    ids=["another question", "not relevant enough", "read as no answer", "no reviewed text"],
)
def test_what_does_not_fit_word_for_word_is_material_for_a_draft(hit: Hit) -> None:
    assert chosen(hit) == DraftFrom(hits=(hit,))


def test_a_reviewed_text_that_was_read_as_an_answer_is_sent() -> None:
    read = replace(FAQ, answers=0.95)
    assert chosen(read) == UseApproved(hit=read)
    assert doubted(read) is None


def doubted(*hits: Hit, article_language: Language = Language.EN) -> Hit | None:
    languages = [article_language] * len(hits)
    return doubted_text(hits, language=Language.EN, article_languages=languages, thresholds=THRESHOLDS)


def test_a_reviewed_text_that_the_reader_doubts_is_a_candidate() -> None:
    read = replace(FAQ, answers=APPROVED_ANSWERS / 2)
    assert doubted(replace(read, question_match=0.9), read) is read
    assert doubted(read, article_language=Language.ZH) is None
    assert doubted(replace(FAQ, score=0.5)) is None  # nobody has read it
    internal = replace(read, passage=replace(read.passage, visibility=Visibility.INTERNAL))
    assert doubted(internal) is None


def test_a_macro_that_the_reader_doubts_is_not_offered_beside_a_draft() -> None:
    macro = replace(FAQ, passage=replace(FAQ.passage, kind=ArticleKind.MACRO))

    def offered(hit: Hit) -> Hit | None:
        return best_macro([hit], language=Language.EN, article_languages=[Language.EN], thresholds=THRESHOLDS)

    assert offered(macro) is macro
    assert offered(replace(macro, answers=0.95)) is not None
    assert offered(replace(macro, answers=APPROVED_ANSWERS / 2)) is None


def test_a_reviewed_text_in_another_language_or_for_one_of_two_questions_is_not_sent() -> None:
    assert isinstance(chosen(FAQ, article_language=Language.ZH), DraftFrom)
    assert isinstance(chosen(FAQ, understanding=understood("refund.status", "return.request")), DraftFrom)


def test_internal_passages_are_never_shown_to_customers() -> None:
    internal = replace(FAQ, passage=replace(FAQ.passage, visibility=Visibility.INTERNAL))
    assert chosen(internal) == StaySilent(reason=NoneReason.NOTHING_FOUND)


def test_products_come_after_a_reviewed_text_and_before_a_draft() -> None:
    assert chosen(FAQ, products_known=True) == UseApproved(hit=FAQ)
    assert chosen(replace(FAQ, question_match=0.0), products_known=True) == TellProducts()
    assert chosen(products_known=True) == TellProducts()


def test_no_more_passages_than_asked_for() -> None:
    hits = tuple(replace(FAQ, rank=rank, question_match=0.0) for rank in range(1, 5))
    assert chosen(*hits) == DraftFrom(hits=hits[:2])


def test_silence_says_why() -> None:
    weak = replace(FAQ, score=0.2)
    assert chosen(weak) == StaySilent(reason=NoneReason.NOTHING_FOUND)
    assert chosen(weak, understanding=understood(in_scope=False)) == StaySilent(reason=NoneReason.OUT_OF_SCOPE)
    assert chosen() == StaySilent(reason=NoneReason.NOTHING_FOUND)


def test_the_knowledge_answers_what_the_classifier_calls_out_of_scope() -> None:
    assert chosen(FAQ, understanding=understood(in_scope=False)) == UseApproved(hit=FAQ)


def test_an_order_carries_a_draft_about_it_and_about_nothing_else() -> None:
    assert chosen(understanding=understood("logistics.track"), order_known=True) == DraftFrom(hits=())
    assert isinstance(chosen(understanding=understood("invoice.request"), order_known=True), StaySilent)


def test_the_models_mark_decides_at_the_settings_value() -> None:
    half = replace(THRESHOLDS, answerable=0.5)
    assert least_mark(None, half) == 0.5
    assert least_mark(0.6, replace(half, answerable=0.0)) == 0.0
    assert least_mark(0.6, replace(half, answerable=1.0)) == 1.0
    assert least_mark(0.6, replace(half, answerable=0.8)) > least_mark(0.6, half) > 0.0
    assert least_mark(0.9, half) <= least_mark(0.3, half)  # relevance never speaks against an answer


def test_a_courtesy_is_one_sure_intent_and_no_question() -> None:
    thanks = understood("chat.thanks")
    assert courtesy(thanks) == "chat.thanks"
    assert courtesy(understood("refund.status")) is None
    assert courtesy(understood("chat.thanks", "refund.status")) is None
    assert courtesy(understood("chat.thanks", in_scope=False)) is None
    unsure = replace(thanks, intents=(ScoredLabel(label="chat.thanks", score=0.7),))
    assert courtesy(unsure) is None


@pytest.mark.parametrize(("written", "hinted"), [(True, False), (False, True)])
def test_a_courtesys_macro_goes_out_unless_a_text_fits_better_or_a_draft_is_wished_for(
    written: bool, hinted: bool
) -> None:
    macro = replace(FAQ, question_match=0.0, passage=replace(FAQ.passage, doc_id="mac", kind=ArticleKind.MACRO))

    def decided(*hits: Hit, written: bool = False, hinted: bool = False) -> Decision:
        return decide(
            understood("chat.thanks"),
            hits,
            language=Language.EN,
            article_languages=[Language.EN] * len(hits),
            order_known=False,
            courtesy_reply=macro,
            written=written,
            hinted=hinted,
            thresholds=THRESHOLDS,
        )

    assert decided() == UseApproved(hit=macro)
    assert decided(replace(FAQ, question_match=0.5)) == UseApproved(hit=macro)
    assert decided(FAQ) == UseApproved(hit=FAQ)
    assert decided(FAQ, written=written, hinted=hinted) == DraftFrom(hits=(FAQ,))


NEAR = replace(FAQ, question_match=0.87, answers=0.85)


def test_a_reviewed_text_that_is_read_to_answer_need_not_ask_quite_the_same() -> None:
    assert chosen(NEAR) == UseApproved(hit=NEAR)


@pytest.mark.parametrize(
    "hit",
    [
        replace(NEAR, answers=None),
        replace(NEAR, answers=0.75),
        replace(NEAR, question_match=0.8),
        replace(NEAR, score=0.5),
        replace(NEAR, passage=replace(FAQ.passage, kind=ArticleKind.ARTICLE)),
        replace(NEAR, passage=replace(FAQ.passage, visibility=Visibility.INTERNAL)),
    ],
    ids=["not read", "does not answer", "another question", "not relevant enough", "no reviewed text", "internal"],
)
def test_what_is_near_alone_is_no_answer(hit: Hit) -> None:
    assert not isinstance(chosen(hit), UseApproved)


def test_only_the_best_hit_is_taken_for_the_answer_by_what_is_read() -> None:
    other = replace(NEAR, passage=replace(NEAR.passage, doc_id="art", kind=ArticleKind.ARTICLE))
    assert chosen(other, NEAR) == DraftFrom(hits=(other, NEAR))
    assert chosen(NEAR, article_language=Language.ZH) == DraftFrom(hits=(NEAR,))


def test_a_text_that_is_read_to_answer_may_answer_several_questions() -> None:
    several = understood("refund.status", "return.policy")
    assert chosen(NEAR, understanding=several) == UseApproved(hit=NEAR)
    assert chosen(replace(NEAR, answers=0.75), understanding=several) == DraftFrom(hits=(replace(NEAR, answers=0.75),))
