"""Messages in the agent's language: beneath the original, kept, stopped, refused with what works."""

import asyncio

import pytest

from agent_assist.domain.language import Language
from agent_assist.domain.wording import Refusal, RefusalReason, Rewording
from agent_assist.errors import EngineUnavailableError
from tests.ui.doubles import ServicesDouble
from ui.tasks import Tasks
from ui.translation.presenter import Translation, TranslationPresenter

REFUND, PARCEL = "TK-1009", "TK-1011"
ZH = Language.ZH


class Desk:
    def __init__(self) -> None:
        self.services = ServicesDouble()
        self.errors: list[Exception] = []
        self.tasks = Tasks(self.errors.append)
        self.presenter = TranslationPresenter(self.services.rewriting, self.tasks.scope())

    async def open(self, ticket_id: str = REFUND) -> TranslationPresenter:
        self.presenter.show(await self.services.tickets.open(ticket_id))
        return self.presenter


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_message_is_translated_once_and_hidden_again(desk: Desk) -> None:
    presenter = await desk.open()
    presenter.toggle(0, "hello", ZH)
    assert presenter.of(0, ZH) == Translation(ZH, writing=True)
    await desk.tasks.idle()
    assert presenter.of(0, ZH) == Translation(ZH, text="HELLO", share=1.0)
    assert desk.services.rewriting.asked == [("hello", Rewording.TRANSLATE)]
    presenter.toggle(0, "hello", ZH)
    assert presenter.of(0, ZH) is None
    presenter.toggle(0, "hello", ZH)
    await desk.tasks.idle()
    assert len(desk.services.rewriting.asked) == 1
    assert presenter.of(0, Language.EN) is None


async def test_what_is_being_written_can_be_stopped(desk: Desk) -> None:
    presenter = await desk.open()
    desk.services.rewriting.gate = asyncio.Event()
    presenter.toggle(0, "hello", ZH)
    while not (presenter.of(0, ZH) or Translation(ZH)).share:
        await asyncio.sleep(0)
    assert presenter.stop()
    assert presenter.of(0, ZH) is None
    await desk.tasks.idle()
    assert presenter.of(0, ZH) is None
    assert not presenter.stop()


async def test_another_ticket_ends_the_writing_and_shows_its_own(desk: Desk) -> None:
    presenter = await desk.open()
    desk.services.rewriting.gate = asyncio.Event()
    presenter.toggle(0, "hello", ZH)
    await desk.open(PARCEL)
    await desk.tasks.idle()
    assert presenter.of(0, ZH) is None
    await desk.open()
    assert presenter.of(0, ZH) is None


async def test_a_model_that_cannot_says_so_in_place(desk: Desk) -> None:
    presenter = await desk.open()
    refusal = Refusal(reason=RefusalReason.NOT_AT_ALL, language="zh", manner=Rewording.TRANSLATE)
    desk.services.rewriting.refusal = refusal
    presenter.toggle(0, "hello", ZH)
    await desk.tasks.idle()
    assert presenter.of(0, ZH) == Translation(ZH, refusal=refusal)
    desk.services.rewriting.refusal = None
    presenter.toggle(0, "hello", ZH)
    presenter.toggle(0, "hello", ZH)  # a better model may be there: asked again
    await desk.tasks.idle()
    assert (presenter.of(0, ZH) or Translation(ZH)).text == "HELLO"


async def test_an_engine_that_is_away_is_no_error(desk: Desk) -> None:
    presenter = await desk.open()

    def away(_text: str) -> str:
        raise EngineUnavailableError("The engine is not running.")

    desk.services.rewriting.answer = away
    presenter.toggle(0, "hello", ZH)
    await desk.tasks.idle()
    assert presenter.of(0, ZH) == Translation(ZH, away=True)
    assert desk.errors == []


async def test_figures_that_the_texts_do_not_share_are_told(desk: Desk) -> None:
    presenter = await desk.open()
    desk.services.rewriting.lost = ("30",)
    presenter.toggle(0, "hello", ZH)
    await desk.tasks.idle()
    assert (presenter.of(0, ZH) or Translation(ZH)).doubts == ("30",)
