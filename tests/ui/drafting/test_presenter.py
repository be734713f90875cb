"""Candidates, wishes and rewrites, and that the agent's text is safe."""

import asyncio
from collections.abc import Callable

import pytest

from agent_assist.domain.feedback import FeedbackEvent
from agent_assist.domain.suggestion import SuggestionKind
from agent_assist.domain.wording import Refusal, RefusalReason, Rewording, Tone, Wish
from tests.ui.doubles import ServicesDouble
from ui.composer.presenter import ComposerPresenter, Phase
from ui.drafting.presenter import DraftingPresenter
from ui.tasks import Tasks

REFUND, PARCEL = "TK-1009", "TK-1011"


class Desk:
    def __init__(self) -> None:
        self.services = ServicesDouble()
        self.errors: list[Exception] = []
        self.tasks = Tasks(self.errors.append)
        self.recorded: list[FeedbackEvent] = []
        self.composer = ComposerPresenter(
            tickets=self.services.tickets,
            suggestions=self.services.suggestions,
            feedback=self.services.feedback,
            reply_checks=self.services.reply_checks,
            canned=self.services.canned,
            knowledge=self.services.knowledge,
            scope=self.tasks.scope(),
            recorded=self.recorded.append,
        )
        self.drafting = DraftingPresenter(
            composer=self.composer,
            suggestions=self.services.suggestions,
            rewriting=self.services.rewriting,
            scope=self.tasks.scope(),
        )

    async def open(self, ticket_id: str = REFUND) -> DraftingPresenter:
        self.composer.show(await self.services.tickets.open(ticket_id))
        await self.tasks.idle()
        return self.drafting

    async def do(self, act: Callable[[], object]) -> object:
        result = act()
        await self.tasks.idle()
        return result

    async def turn(self) -> None:
        for _ in range(8):
            await asyncio.sleep(0)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_the_second_candidate_is_written_and_shown(desk: Desk) -> None:
    drafting = await desk.open()
    first = desk.composer.suggestion
    assert await desk.do(lambda: drafting.choose(2))
    assert len(drafting.candidates) == 3
    assert desk.composer.draft == "Another answer altogether."
    assert drafting.shown == 2
    assert desk.services.shelf.suggestions[REFUND] is drafting.candidates[1]
    await desk.do(lambda: drafting.choose(1))
    assert first is not None
    assert desk.composer.draft == first.draft
    assert not drafting.choose(4)


async def test_a_model_without_another_answer_says_so(desk: Desk) -> None:
    desk.services.suggestions.others = []
    drafting = await desk.open()
    await desk.do(lambda: drafting.choose(3))
    assert drafting.exhausted
    assert drafting.shown == 1
    assert not drafting.choose(2)


async def test_another_suggestion_or_ticket_forgets_the_candidates(desk: Desk) -> None:
    drafting = await desk.open()
    await desk.do(lambda: drafting.choose(2))
    await desk.do(lambda: desk.composer.ask(again=True))
    assert drafting.candidates == ()
    await desk.do(lambda: drafting.choose(2))
    await desk.open(PARCEL)
    assert drafting.candidates == ()


async def test_candidates_on_their_way_can_be_stopped(desk: Desk) -> None:
    drafting = await desk.open()
    desk.services.suggestions.gate = asyncio.Event()
    drafting.choose(2)
    await desk.turn()
    assert (drafting.writing, drafting.found) == (True, 1)
    assert drafting.stop()
    await desk.tasks.idle()
    assert not drafting.writing
    assert desk.composer.phase is Phase.READY
    assert not drafting.stop()


async def test_a_hint_and_then_a_tone_are_both_wished_for(desk: Desk) -> None:
    drafting = await desk.open()
    assert drafting.open_hint()
    await desk.do(lambda: drafting.wish(hint=" it ships tomorrow "))
    assert not drafting.hinting
    assert desk.services.suggestions.wishes[-1] == Wish(hint="it ships tomorrow")
    await desk.do(lambda: drafting.wish(tone=Tone.FORMAL))
    assert desk.services.suggestions.wishes[-1] == Wish(hint="it ships tomorrow", tone=Tone.FORMAL)
    assert desk.composer.suggestion is not None
    assert desk.composer.suggestion.wish.tone is Tone.FORMAL


async def test_a_stopped_wish_leaves_what_stood_before(desk: Desk) -> None:
    drafting = await desk.open()
    before = desk.composer.suggestion
    desk.services.suggestions.gate = asyncio.Event()
    drafting.wish(tone=Tone.WARM)
    await desk.turn()
    assert desk.composer.phase is Phase.WRITING
    assert drafting.stop()
    await desk.tasks.idle()
    assert (desk.composer.phase, desk.composer.suggestion) == (Phase.READY, before)


async def test_a_draft_stopped_before_there_was_any_says_so(desk: Desk) -> None:
    desk.services.suggestions.gate = asyncio.Event()
    desk.composer.show(await desk.services.tickets.open(REFUND))
    await desk.turn()
    assert desk.drafting.stop()
    await desk.tasks.idle()
    assert desk.composer.phase is Phase.STOPPED


async def test_the_agents_text_is_worded_anew_beside_itself(desk: Desk) -> None:
    drafting = await desk.open()
    desk.composer.typed("my words")
    assert await desk.do(lambda: drafting.reword(Rewording.WARM))
    assert desk.composer.text == "my words"
    assert drafting.rewrite is not None
    assert (drafting.rewrite.text, drafting.rewrite.original) == ("MY WORDS", "my words")
    assert drafting.take()
    assert desk.composer.text == "MY WORDS"
    assert drafting.rewrite is None
    assert not drafting.take()


async def test_the_suggestion_is_worded_anew_where_the_editor_is_empty(desk: Desk) -> None:
    drafting = await desk.open()
    draft = desk.composer.draft
    await desk.do(lambda: drafting.reword(Rewording.TRANSLATE))
    assert desk.services.rewriting.asked == [(draft, Rewording.TRANSLATE)]
    desk.composer.typed("something else meanwhile")
    assert not drafting.take()
    assert desk.composer.text == "something else meanwhile"
    desk.composer.typed("")
    assert drafting.take()
    assert desk.composer.text == draft.upper()


async def test_a_rewrite_is_stopped_at_once_and_leaves_nothing(desk: Desk) -> None:
    drafting = await desk.open()
    desk.composer.typed("my words")
    desk.services.rewriting.gate = asyncio.Event()
    drafting.reword(Rewording.SHORT)
    await desk.turn()
    assert drafting.rewrite is not None
    assert drafting.rewrite.writing
    assert drafting.rewrite.share == 0.5
    assert drafting.stop()
    await desk.tasks.idle()
    assert drafting.rewrite is None
    assert desk.composer.text == "my words"


async def test_a_small_models_refusal_is_shown_and_cannot_be_taken(desk: Desk) -> None:
    drafting = await desk.open()
    desk.services.rewriting.refusal = Refusal(reason=RefusalReason.TOO_LONG, language="en", tokens=90, limit=48)
    desk.composer.typed("my words")
    await desk.do(lambda: drafting.reword(Rewording.LONG))
    assert drafting.rewrite is not None
    assert drafting.rewrite.refusal is desk.services.rewriting.refusal
    assert drafting.rewrite.text == ""
    assert not drafting.take()
    drafting.close()
    assert drafting.rewrite is None


async def test_a_failed_rewrite_is_reported_and_put_away(desk: Desk) -> None:
    drafting = await desk.open()

    def fail(_text: str) -> str:
        raise RuntimeError("broken")

    desk.services.rewriting.answer = fail
    desk.composer.typed("my words")
    await desk.do(lambda: drafting.reword(Rewording.LONG))
    assert drafting.rewrite is None
    assert [str(error) for error in desk.errors] == ["broken"]


async def test_without_a_text_there_is_nothing_to_reword(desk: Desk) -> None:
    assert not desk.drafting.reword(Rewording.WARM)
    assert not desk.drafting.open_hint()
    assert not desk.drafting.choose(1)


async def test_the_log_is_told_what_led_to_the_reply(desk: Desk) -> None:
    drafting = await desk.open()
    await desk.do(lambda: drafting.wish(hint="soon", tone=Tone.WARM))
    await desk.do(lambda: drafting.choose(2))
    await desk.do(desk.composer.take)
    await desk.do(lambda: drafting.reword(Rewording.FORMAL))
    drafting.take()
    await desk.do(desk.composer.send)
    [event] = desk.recorded
    assert event.suggestion is not None
    assert (event.suggestion.candidate, event.suggestion.wish) == (2, Wish(hint="soon", tone=Tone.WARM))
    assert len(event.origin.passed_over) == 2
    assert event.suggestion.draft not in event.origin.passed_over
    [rewrite] = event.origin.rewrites
    assert (rewrite.manner, rewrite.text) == (Rewording.FORMAL, event.final_text)
    assert event.suggestion.kind is SuggestionKind.GENERATED
