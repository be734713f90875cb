"""Several different drafts for one ticket, tones and hints."""

from contextlib import aclosing
from pathlib import Path

import pytest

from agent_assist.composition import App
from agent_assist.domain.suggestion import Suggestion, SuggestionKind
from agent_assist.domain.wording import Tone, Wish
from agent_assist.errors import EngineUnavailableError
from agent_assist.services.suggestions import CandidateFound, CandidatesReady
from tests.helpers.shop import open_shop

FIVE = "Return shipping is $5, and you have 7 days."
OTHER = "You have a week to send it back; sending it costs you $5."
THIRD = "Sending the bag back costs $5. Please do so within 7 days of delivery."


async def ready(app: App, ticket_id: str, count: int = 3, wish: Wish | None = None) -> CandidatesReady:
    steps = [step async for step in app.suggestions.candidates(ticket_id, count=count, wish=wish or Wish())]
    assert isinstance(steps[-1], CandidatesReady)
    found = [step.suggestion for step in steps[:-1] if isinstance(step, CandidateFound)]
    assert len(found) == len(steps) - 1 == len(steps[-1].candidates)
    return steps[-1]


async def test_the_likeliest_draft_and_two_that_differ(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.extend([FIVE, OTHER, THIRD])
        done = await ready(app, "t-return")
        assert [one.draft for one in done.candidates] == [FIVE, OTHER, THIRD]
        assert [one.candidate for one in done.candidates] == [1, 2, 3]
        assert not done.exhausted
        assert [order.temperature > 0 for order in engine.orders] == [False, True, True]
        assert [order.seed for order in engine.orders] == [0, 1, 2]
        # All but how a token is picked is the same, so that the prompt is read once.
        prompts = {(order.thread, order.passages, order.hint, order.tone) for order in engine.orders}
        assert len(prompts) == 1


async def test_near_equal_ones_are_dropped_and_tried_again_warmer(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.extend([FIVE, FIVE + " ", FIVE.replace("and", "AND"), OTHER, THIRD])
        done = await ready(app, "t-return")
        assert [one.draft for one in done.candidates] == [FIVE, OTHER, THIRD]
        assert [one.seed for one in done.candidates] == [0, 3, 4]
        temperatures = [order.temperature for order in engine.orders]
        assert temperatures == sorted(set(temperatures))


async def test_a_model_without_another_answer_is_said_to_have_none(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.extend([FIVE] * 9)
        done = await ready(app, "t-return")
        assert [one.draft for one in done.candidates] == [FIVE]
        assert done.exhausted
        assert len(engine.orders) == 6


async def test_clean_ones_come_first(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.extend(["Return shipping is $9.", OTHER, "It will cost you $11 to return the bag to us."])
        done = await ready(app, "t-return")
        assert [bool(one.unsupported) for one in done.candidates] == [False, True, True]
        assert done.candidates[0].draft == OTHER
        assert done.candidates[1].draft == "Return shipping is $9."


async def test_beside_a_reviewed_text_drafts_are_written(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.extend(["It takes 3 business days.", "Your card has the money in 3 business days, at most."])
        done = await ready(app, "t-refund")
        assert [one.kind for one in done.candidates] == [SuggestionKind.APPROVED, *[SuggestionKind.GENERATED] * 2]
        assert [order.temperature > 0 for order in engine.orders] == [False, True]


async def test_where_nothing_is_known_there_is_nothing_to_choose(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        done = await ready(app, "t-oos")
        assert [one.kind for one in done.candidates] == [SuggestionKind.NONE]
        assert done.exhausted
        assert not engine.orders


async def test_leaving_stops_the_drafts(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.extend([FIVE, OTHER, THIRD])
        async with aclosing(app.suggestions.candidates("t-return")) as steps:
            await anext(steps)
            await anext(steps)
        assert len(engine.orders) <= 3


async def test_a_chosen_candidate_is_kept(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.extend([FIVE, OTHER])
        done = await ready(app, "t-return", count=2)
        await app.suggestions.choose(done.candidates[1])
        kept = (await app.tickets.open("t-return")).suggestion
        assert kept is not None
        assert (kept.draft, kept.candidate) == (OTHER, 2)
        assert await app.suggestions.finished("t-return") == kept


async def test_an_engine_that_is_away_is_told(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.available = False
        with pytest.raises(EngineUnavailableError):
            await ready(app, "t-return")


async def wished(app: App, ticket_id: str, **wish: object) -> Suggestion:
    return await app.suggestions.finished(ticket_id, wish=Wish(**wish))  # type: ignore[arg-type]


async def test_a_hint_is_told_to_the_model_and_counts_as_true(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.extend(["It ships on 3 May, for $5.", "It ships on 3 May, for $5."])
        without = await app.suggestions.finished("t-return")
        assert without.unsupported
        hinted = await wished(app, "t-return", hint="it ships on 3 May")
        assert engine.orders[-1].hint == "it ships on 3 May"
        assert hinted.unsupported == ()
        check = await app.reply_checks.check("t-return", "We ship on 3 May, for $6.", suggestion=hinted)
        assert ["We ship on 3 May, for $6."[one.start : one.end] for one in check.unsupported] == ["$6"]


async def test_a_hint_carries_a_draft_where_nothing_is_known_or_a_text_is_approved(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.extend(["We are open on 3 May.", "It takes 9 days now."])
        assert (await wished(app, "t-oos", hint="we are open on 3 May")).draft == "We are open on 3 May."
        longer = await wished(app, "t-refund", hint="it takes 9 days at the moment")
        assert (longer.kind, longer.unsupported) == (SuggestionKind.GENERATED, ())


async def test_a_wish_is_written_once(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.extend([FIVE, OTHER])
        first = await wished(app, "t-return", tone=Tone.WARM)
        assert (first.tone, first.wish) == (Tone.WARM, Wish(tone=Tone.WARM))
        assert await wished(app, "t-return", tone=Tone.WARM) == first
        assert await app.suggestions.finished("t-return") == first
        assert (await wished(app, "t-return", tone=Tone.FORMAL)).draft == OTHER


async def test_the_shops_tone_is_that_of_every_draft(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.extend([FIVE, OTHER, THIRD])
        assert (await app.suggestions.finished("t-return")).tone is Tone.PLAIN
        app.settings.set("suggestion.tone", "formal")
        formal = await app.suggestions.finished("t-return")
        assert (formal.draft, formal.tone) == (OTHER, Tone.FORMAL)
        app.settings.set("suggestion.tone", "shop")
        app.settings.set("shop.tone", "concise")
        assert (await app.suggestions.finished("t-return")).tone is Tone.SHORT
        assert [order.tone for order in engine.orders] == [Tone.PLAIN, Tone.FORMAL, Tone.SHORT]
        assert (await app.suggestions.finished("t-refund")).kind is SuggestionKind.APPROVED
