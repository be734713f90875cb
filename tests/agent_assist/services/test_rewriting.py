"""Texts worded anew: what is kept, what is refused, and what works instead."""

from pathlib import Path

import pytest

from agent_assist.composition import App
from agent_assist.domain.language import Language
from agent_assist.domain.wording import Refusal, RefusalReason, Rewording, WayKind
from agent_assist.errors import EngineUnavailableError, InputError
from agent_assist.services.rewriting import RewriteChunk, RewriteProgress, RewriteReady, RewriteRefused, RewriteStep
from tests.helpers.shop import open_shop

TEXT = "Your order ships on 3 May and costs $5."


async def steps_of(app: App, text: str = TEXT, manner: Rewording = Rewording.WARM, **more: object) -> list[RewriteStep]:
    return [step async for step in app.rewriting.rewrite(text, manner, **more)]  # type: ignore[arg-type]


def ready(steps: list[RewriteStep]) -> RewriteReady:
    assert isinstance(steps[-1], RewriteReady)
    return steps[-1]


def refused(steps: list[RewriteStep]) -> Refusal:
    assert isinstance(steps[-1], RewriteRefused)
    assert not [step for step in steps if isinstance(step, RewriteChunk)]  # nothing of it was shown
    return steps[-1].refusal


async def test_the_text_is_shown_as_it_comes_and_the_original_stays(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.rewrites.append("Good news: your order ships on 3 May, for $5!")
        steps = await steps_of(app)
        done = ready(steps)
        assert "".join(step.text for step in steps if isinstance(step, RewriteChunk)) == done.rewritten.text
        assert any(isinstance(step, RewriteProgress) for step in steps)
        assert done.rewritten.original == TEXT
        assert (done.rewritten.lost, done.rewritten.added) == ((), ())


async def test_what_got_lost_or_came_in_is_named(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.rewrites.append("Your order ships on 4 May, see https://example.com/x.")
        done = ready(await steps_of(app)).rewritten
        assert set(done.lost) == {"3 May", "$5"}
        assert set(done.added) == {"4 May", "https://example.com/x"}


async def test_breaks_and_greetings_stay_where_they_are(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.rewrites.extend(["One, nicely put.", "Two, nicely put."])
        text = "Dear Ann,\n\nThis is the first paragraph.\n\nThis is the second one.\n\nBest regards,\nBob"
        done = ready(await steps_of(app, text)).rewritten
        assert done.text == "Dear Ann,\n\nOne, nicely put.\n\nTwo, nicely put.\n\nBest regards,\nBob"
        assert [order.text for order in engine.rewrite_orders] == [
            "This is the first paragraph.",
            "This is the second one.",
        ]


async def test_the_ticket_is_evidence_and_so_is_the_text_itself(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        suggestion = await app.suggestions.finished("t-return")
        engine.rewrites.append("It ships on 3 May, within 7 days, for $5 or $9.")
        done = ready(await steps_of(app, ticket_id="t-return", suggestion=suggestion))
        marked = [done.rewritten.text[one.start : one.end] for one in done.check.unsupported]
        assert marked == ["$9"]
        assert set(done.rewritten.added) == {"7 days", "$9"}


async def test_a_translation_goes_the_other_way(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.rewrites.extend(["您的订单5月3日发货，运费5美元。", "It ships in 3 days."])
        done = ready(await steps_of(app, manner=Rewording.TRANSLATE)).rewritten
        assert (done.language, done.lost, done.added) == ("zh", (), ())
        assert ready(await steps_of(app, "三天内发货。", Rewording.TRANSLATE)).rewritten.language == "en"
        assert [order.language for order in engine.rewrite_orders] == ["zh", "en"]


@pytest.mark.parametrize(
    ("text", "manner", "to"),
    [
        ("  ", Rewording.WARM, None),
        (TEXT, Rewording.TRANSLATE, Language.EN),
        (TEXT, Rewording.WARM, Language.ZH),
    ],
)
async def test_what_makes_no_sense_is_an_input_error(
    tmp_path: Path, text: str, manner: Rewording, to: Language | None
) -> None:
    async with open_shop(tmp_path) as (app, _):
        with pytest.raises(InputError):
            await steps_of(app, text, manner, to=to)


async def test_an_engine_that_is_away_is_told(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.available = False
        with pytest.raises(EngineUnavailableError):
            await steps_of(app)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Your order ships soon and costs $5.", RefusalReason.FIGURES),
        ("Your order ships on 3 May and costs $5, ask a@b.com.", RefusalReason.FIGURES),
        ("您的订单5月3日发货，运费5美元。", RefusalReason.LANGUAGE),
        ("Your order ships on 3 May. It costs $5. It costs $5. It costs $5.", RefusalReason.REPEATS),
        ("", RefusalReason.UNFINISHED),
        ("qqq zzz xxx jjj 3 May qqq zzz xxx $5 jjj vvv kkk www ppp", RefusalReason.MEANING),
    ],
)
async def test_a_small_models_faults_are_not_shown(tmp_path: Path, answer: str, reason: RefusalReason) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.small = True
        engine.rewrites.append(answer)
        assert refused(await steps_of(app)).reason is reason
        engine.small = False
        engine.rewrites.append(answer)
        assert ready(await steps_of(app)).rewritten.text == answer


async def test_a_small_model_says_what_works_instead(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.small = True
        long = (
            "You can return goods within 7 days of delivery. Return shipping costs $5. How long does a refund take? "
            * 2
        )
        refusal = refused(await steps_of(app, long, Rewording.SHORT))
        assert refusal.reason is RefusalReason.TOO_LONG
        assert refusal.tokens > refusal.limit > 0
        kinds = [way.kind for way in refusal.ways]
        assert kinds[-2:] == [WayKind.SHORTER, WayKind.LARGER_MODEL]
        assert {way.doc_id for way in refusal.ways if way.doc_id} <= {"faq-refund", "art-return"}
        assert WayKind.ARTICLE in kinds
        translation = refused(await steps_of(app, long, Rewording.TRANSLATE))
        assert {way.doc_id for way in translation.ways if way.doc_id} <= {"art-invoice"}


async def test_a_small_models_good_text_is_shown_whole(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.small = True
        engine.rewrites.append("Good news, your order ships on 3 May and costs $5.")
        steps = await steps_of(app)
        assert ready(steps).rewritten.text.startswith("Good news")
        assert not [step for step in steps if isinstance(step, RewriteChunk)]
