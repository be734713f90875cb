"""Decides from understanding and search hits what kind of suggestion a ticket gets."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent_assist.domain.knowledge import ArticleKind, Hit, Visibility
from agent_assist.domain.language import Language
from agent_assist.domain.suggestion import NoneReason
from agent_assist.domain.understanding import Understanding

# A reviewed text goes out word for word, so its passage must be relevant, too. On the sample shop's 130 tickets a
# question match of 0.91 with this relevance chose 39 texts, all of them right; 0.91 alone chose 47, 4 of them wrong.
APPROVED_RELEVANCE = 0.6
# And where a reader of passages has read it, by its judgement, too: below this it is a candidate beside a draft. Fitted
# by tests/benchmarks/fit_judgement.py: of 30 texts for the written questions' tuning half it holds back 3, all wrong;
# from .2 up 5, of which 4 are, and right ones of the sample shop's tickets.
APPROVED_ANSWERS = 0.08
# Where a reader finds that the best hit answers, so likely at least, a reviewed text may ask that much less alike than
# the setting wants: customers have more words for a question than an article lists. On the tuning half of the written
# questions 12 more texts went out, 11 of them right, and 1 more where nothing answers.
READ_ANSWERS, READ_MATCH = 0.8, 0.06
# Log odds that a draft's sources answer the customer: of the model's own mark, of the best passage's relevance, and a
# constant. `python -m tests.benchmarks.fit_silence` prints them.
MARK_WEIGHT, RELEVANCE_WEIGHT, CONSTANT = 1.0, 0.0, 0.0
# What is answered alike however it is said, and how sure of it one must be; see `courtesy`.
COURTESIES = frozenset({"chat.greeting", "chat.thanks", "human.request"})
COURTESY_LEAST = 0.8
SENDABLE = frozenset({ArticleKind.FAQ, ArticleKind.MACRO})


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When to speak.

    `approved` is the least `Hit.question_match` with which a reviewed text answers by itself; `relevance` the least
    `Hit.score` with which a passage supports a draft; `passages` how many passages a draft may rest on; `answerable`
    how likely these must answer the customer.
    """

    approved: float
    relevance: float
    passages: int
    answerable: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UseApproved:
    """Send this reviewed text as it is."""

    hit: Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFrom:
    """Let the reply model write from these passages, best first."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaySilent:
    """Suggest nothing, and say why."""

    reason: NoneReason


@dataclass(frozen=True, slots=True, kw_only=True)
class TellProducts:
    """Name the products that answer the question, by their own data."""


Decision = UseApproved | TellProducts | DraftFrom | StaySilent


def decide(
    understanding: Understanding,
    hits: Sequence[Hit],
    *,
    language: Language,
    article_languages: Sequence[Language],
    order_known: bool,
    products_known: bool = False,
    courtesy_reply: Hit | None = None,
    written: bool = False,
    hinted: bool = False,
    thresholds: Thresholds,
) -> Decision:
    """Choose for one ticket. `article_languages[i]` is the language of `hits[i]`'s article.

    An out-of-scope message gets silence unless the knowledge answers it all the same: a shop's own articles define
    its scope better than any classifier. Where an order is known its facts alone can carry a draft about it. Products
    that answer a question before buying (`products_known`) come after a reviewed text and before a draft, which would
    mix their figures up. Who wants a draft `written`, in some tone or beside the reviewed text, gets one from the same
    passages; a hint (`hinted`) carries one even where nothing is known. `courtesy_reply` is the macro for a message
    that says thanks or the like and nothing else (`courtesy`).
    """
    usable = [
        (hit, article_language)
        for hit, article_language in zip(hits, article_languages, strict=True)
        if hit.passage.visibility is Visibility.PUBLIC and hit.score >= thresholds.relevance
    ]
    for hit, article_language in () if written or hinted else usable:
        if article_language is language and _answers_by_itself(hit, thresholds) and _asks_one_thing(understanding):
            return UseApproved(hit=hit)
    for hit, article_language in () if written or hinted else usable[:1]:
        if article_language is language and _read_to_answer(hit, thresholds):
            return UseApproved(hit=hit)
    if courtesy_reply is not None and not (written or hinted):
        return UseApproved(hit=courtesy_reply)
    if products_known and not (written or hinted):
        return TellProducts()
    if usable or hinted or (written and products_known):
        return DraftFrom(hits=tuple(hit for hit, _ in usable[: thresholds.passages]))
    if order_known and understanding.in_scope and about_an_order(understanding):
        return DraftFrom(hits=())
    reason = NoneReason.NOTHING_FOUND if understanding.in_scope else NoneReason.OUT_OF_SCOPE
    return StaySilent(reason=reason)


def may_go_out(hit: Hit, thresholds: Thresholds) -> bool:
    """Whether the hit is a reviewed text that asks what the customer asks, whatever else is known of it."""
    return (
        hit.passage.kind in SENDABLE
        and hit.passage.visibility is Visibility.PUBLIC
        and hit.question_match >= thresholds.approved
    )


def doubted_text(
    hits: Sequence[Hit], *, language: Language, article_languages: Sequence[Language], thresholds: Thresholds
) -> Hit | None:
    """The best reviewed text that asks what the customer asks, but does not answer by what a reader says of it: a
    candidate beside a draft."""
    return next(
        (
            hit
            for hit, own in zip(hits, article_languages, strict=True)
            if own is language
            and may_go_out(hit, thresholds)
            and hit.answers is not None
            and not _answers_by_itself(hit, thresholds)
        ),
        None,
    )


def best_macro(
    hits: Sequence[Hit], *, language: Language, article_languages: Sequence[Language], thresholds: Thresholds
) -> Hit | None:
    """The best macro that may be offered beside a draft: public, in the customer's language, and relevant enough to go
    out word for word."""
    return next(
        (
            hit
            for hit, own in zip(hits, article_languages, strict=True)
            if hit.passage.kind is ArticleKind.MACRO
            and hit.passage.visibility is Visibility.PUBLIC
            and own is language
            and hit.score >= max(APPROVED_RELEVANCE, thresholds.relevance)
            and _read_as_answer(hit)
        ),
        None,
    )


def least_mark(relevance: float | None, thresholds: Thresholds) -> float:
    """The least probability by the model's mark with which its sources count as an answer, from 0 to 1.

    `relevance` is the best passage's, None where a draft rests on the order alone. With 0 for
    `Thresholds.answerable` everything counts, with 1 nothing does.
    """
    if not 0 < thresholds.answerable < 1:
        return thresholds.answerable
    if relevance is None:
        return thresholds.answerable
    needed = _log_odds(thresholds.answerable) - CONSTANT - RELEVANCE_WEIGHT * _log_odds(relevance)
    return 1 / (1 + math.exp(-needed / MARK_WEIGHT))


def _log_odds(probability: float) -> float:
    """Of a probability that is kept a thousandth away from certainty."""
    kept = min(max(probability, 0.001), 0.999)
    return math.log(kept / (1 - kept))


def _answers_by_itself(hit: Hit, thresholds: Thresholds) -> bool:
    return may_go_out(hit, thresholds) and hit.score >= APPROVED_RELEVANCE and _read_as_answer(hit)


def _read_to_answer(hit: Hit, thresholds: Thresholds) -> bool:
    """Whether a reader finds that a reviewed text answers which asks nearly the same, also one of several questions."""
    alike = replace(thresholds, approved=thresholds.approved - READ_MATCH)
    read = hit.answers is not None and hit.answers >= READ_ANSWERS
    return read and may_go_out(hit, alike) and hit.score >= APPROVED_RELEVANCE


def _read_as_answer(hit: Hit) -> bool:
    return hit.answers is None or hit.answers >= APPROVED_ANSWERS


def _asks_one_thing(understanding: Understanding) -> bool:
    """A reviewed text answers one question; two of them need a draft."""
    return len(understanding.intents) <= 1 or not understanding.in_scope


def courtesy(understanding: Understanding) -> str | None:
    """The intent of a message that surely greets, thanks or asks for a person, and does nothing else. What a shop says
    then is the same for all words there are for it, so its macro need not resemble them."""
    if len(understanding.intents) != 1 or not understanding.in_scope:
        return None
    [intent] = understanding.intents
    return intent.label if intent.label in COURTESIES and intent.score >= COURTESY_LEAST else None


def about_an_order(understanding: Understanding) -> bool:
    """Whether the order's own state helps to answer; for a question of policy it only distracts a small model."""
    topics = {intent.label.split(".")[0] for intent in understanding.intents}
    return bool(topics & {"order", "logistics", "refund"})
