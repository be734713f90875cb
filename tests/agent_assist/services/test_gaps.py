"""Unanswered questions are logged once, grouped, answered, dismissed and written for; real encrypted profile."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent_assist.composition import App, open_app
from agent_assist.domain.feedback import RejectReason
from agent_assist.domain.knowledge import ArticleStatus
from agent_assist.domain.suggestion import NoneReason, SuggestionKind
from agent_assist.engine.testing import KEYWORDS, ScriptedEngine
from agent_assist.errors import InputError, NotFoundError
from tests.helpers.shop import write_rows

PASSPHRASE = "gaps"
WASHING = ("羽绒服能机洗吗，谢谢", "羽绒服可以机洗吗", "请问羽绒服能机洗吗")
STUDENT = "学生优惠打几折"


def ticket(number: int, text: str, **more: str) -> dict[str, object]:
    return {"id": f"T{number}", "customer": "王小明", "text": text, "created_at": "2026-11-20T09:00:00Z", **more}


@asynccontextmanager
async def desk(folder: Path, texts: Sequence[str] = (*WASHING, STUDENT)) -> AsyncIterator[tuple[App, ScriptedEngine]]:
    engine = ScriptedEngine(keywords={**KEYWORDS, "机洗": "product.usage", "优惠": "promotion.coupon"})
    app = await open_app(folder / "profile", passphrase=PASSPHRASE, engine=engine)
    try:
        await app.start(background=False)
        rows = [ticket(number, text) for number, text in enumerate(texts)]
        await app.tickets.import_paths([write_rows(folder / "tickets.jsonl", rows)])
        yield app, engine
    finally:
        await app.close()


async def silence(app: App, count: int) -> None:
    for number in range(count):
        suggestion = await app.suggestions.finished(f"T{number}")
        assert suggestion.reason is NoneReason.NOTHING_FOUND


async def test_questions_without_an_answer_are_grouped_with_counts_and_examples(tmp_path: Path) -> None:
    async with desk(tmp_path) as (app, _):
        await silence(app, 4)
        report = await app.gaps.report()
        washing, student = report.open
        assert (washing.count, washing.tickets, washing.share) == (3, 3, 0.75)
        assert (washing.last_week, washing.week_before) == (3, 0)
        assert "机洗" in washing.name or "羽绒服" in washing.name
        assert set(washing.examples) == {"T0", "T1", "T2"}
        assert (washing.intent, washing.nearest, washing.answered_by) == ("product.usage", None, None)
        assert (student.count, student.examples, report.questions) == (1, ("T3",), 4)


async def test_a_version_of_a_ticket_counts_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as (app, _):
        await silence(app, 1)
        async for _ in app.suggestions.suggest("T0", again=True):
            pass
        assert (await app.gaps.report()).questions == 1


async def test_what_is_logged_is_masked(tmp_path: Path) -> None:
    text = "羽绒服能机洗吗，我是王小明，电话13800138000"
    async with desk(tmp_path, [text]) as (app, _):
        await silence(app, 1)
        await app.gaps.searched("机洗 13800138000", [])
        told = " ".join(gap.question for gap in (await app.gaps.report()).open)
        assert "机洗" in told
        assert "13800138000" not in told
        assert "王小明" not in told


async def test_a_search_without_a_hit_counts_once_a_day_and_one_with_a_hit_never(tmp_path: Path) -> None:
    async with desk(tmp_path) as (app, _):
        article = {"id": "k1", "title": "退货", "text": "七天内可以退货，运费自理。", "language": "zh"}
        await app.knowledge.add_paths([write_rows(tmp_path / "k.jsonl", [article])])
        for query in ("羽绒服机洗", "羽绒服 机洗", " "):
            await app.gaps.searched(query, [])
        app.settings.set("suggestion.minimum_relevance", 0.0)
        await app.gaps.searched("退货", await app.knowledge.search("退货"))
        app.settings.set("suggestion.minimum_relevance", 1.0)
        [gap] = (await app.gaps.report()).open
        assert (gap.count, gap.tickets, gap.share, gap.examples) == (1, 0, 0.0, ())
        assert gap.nearest is not None
        assert gap.nearest.doc_id == "k1"


async def test_a_rejection_as_irrelevant_is_a_gap_until_it_is_undone(tmp_path: Path) -> None:
    async with desk(tmp_path) as (app, _):
        app.settings.set("suggestion.minimum_relevance", 0.0)
        article = {"id": "k1", "title": "羽绒服", "text": "羽绒服有三种颜色。", "language": "zh"}
        await app.knowledge.add_paths([write_rows(tmp_path / "k.jsonl", [article])])
        suggestion = await app.suggestions.finished("T0")
        assert suggestion.kind is SuggestionKind.GENERATED
        await app.feedback.reject(suggestion, RejectReason.WRONG_TONE)
        assert (await app.gaps.report()).questions == 0
        rejected = await app.feedback.reject(suggestion, RejectReason.NOT_RELEVANT)
        [gap] = (await app.gaps.report()).open  # the passage that was rejected is no answer
        assert gap.examples == ("T0",)
        await app.feedback.undo(rejected.id)
        assert (await app.gaps.report()).questions == 0


async def test_a_gap_that_an_article_answers_now_says_by_which(tmp_path: Path) -> None:
    async with desk(tmp_path) as (app, _):
        await silence(app, 4)
        article = {
            "id": "wash",
            "title": "羽绒服能机洗吗",
            "text": "羽绒服可以机洗，水温不超过30度。",
            "language": "zh",
            "kind": "faq",
            "question": "羽绒服能机洗吗",
            "variants": ["羽绒服可以机洗吗"],
        }
        await app.knowledge.add_paths([write_rows(tmp_path / "k.jsonl", [article])])
        report = await app.gaps.report()
        [answered] = report.answered
        assert answered.answered_by is not None
        assert (answered.answered_by.doc_id, answered.count) == ("wash", 3)
        assert [gap.count for gap in report.open] == [1]
        await app.knowledge.add_paths([write_rows(tmp_path / "k.jsonl", [article | {"status": "blocked"}])])
        assert (await app.gaps.report()).answered == ()


async def test_a_dismissed_gap_comes_back_only_with_more_demand(tmp_path: Path) -> None:
    more = [*WASHING[:1], STUDENT, *WASHING[1:], "羽绒服机洗吗"]
    async with desk(tmp_path, more) as (app, _):
        await silence(app, 2)
        gap = next(one for one in (await app.gaps.report()).open if "T0" in one.examples)
        await app.gaps.dismiss(gap.id)
        report = await app.gaps.report()
        assert (len(report.open), report.dismissed) == (1, 1)
        await app.suggestions.finished("T2")
        assert (await app.gaps.report()).dismissed == 1
        await silence(app, len(more))
        back = next(one for one in (await app.gaps.report()).open if "T0" in one.examples)
        assert (back.id, back.count) == (gap.id, 4)
        await app.gaps.dismiss(back.id)
        await app.gaps.dismiss(back.id, dismissed=False)
        assert (await app.gaps.report()).dismissed == 0


async def test_a_gap_becomes_an_article_without_an_answer(tmp_path: Path) -> None:
    async with desk(tmp_path) as (app, _):
        await silence(app, 4)
        gap = (await app.gaps.report()).open[0]
        article = await app.gaps.draft(gap.id)
        assert {article.question, *article.variants} == set(WASHING)
        assert (article.status, article.text, article.intents) == (ArticleStatus.DRAFT, "", ("product.usage",))
        assert await app.knowledge.list() == ()
        with pytest.raises(NotFoundError, match="gap-99"):
            await app.gaps.draft("gap-99")
        with pytest.raises(InputError, match="knowledge gaps"):
            await app.gaps.dismiss("seven")


async def test_questions_that_came_without_an_engine_get_their_vectors_later(tmp_path: Path) -> None:
    async with desk(tmp_path) as (app, engine):
        engine.available = False
        for text in ("羽绒服能机洗吗", "羽绒服能机洗么"):
            await app.gaps.searched(text, [])
        assert [gap.count for gap in (await app.gaps.report()).open] == [2]
        engine.available = True
        await app.gaps.searched("羽绒服能机洗呢", [])
        report = await app.gaps.report()
        assert report.questions == 3
