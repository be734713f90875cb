"""The summary above the thread."""

import asyncio

import pytest

from agent_assist.domain.wording import Refusal, RefusalReason
from tests.ui.doubles import ServicesDouble
from ui.summary.presenter import SummaryPresenter
from ui.tasks import Tasks

REFUND, PARCEL = "TK-1009", "TK-1011"


class Bar:
    def __init__(self) -> None:
        self.services = ServicesDouble()
        self.errors: list[Exception] = []
        self.tasks = Tasks(self.errors.append)
        self.presenter = SummaryPresenter(self.services.summaries, self.tasks.scope())

    async def open(self, ticket_id: str = REFUND) -> SummaryPresenter:
        self.presenter.show(await self.services.tickets.open(ticket_id))
        await self.tasks.idle()
        return self.presenter


@pytest.fixture
def bar() -> Bar:
    return Bar()


async def test_it_is_written_when_it_is_unfolded_and_kept(bar: Bar) -> None:
    presenter = await bar.open()
    assert presenter.summary is None
    presenter.toggle()
    await bar.tasks.idle()
    assert presenter.summary is not None
    presenter.toggle()
    presenter.toggle()
    await bar.tasks.idle()
    assert bar.services.summaries.written == 1
    await bar.open(PARCEL)
    assert presenter.summary is None
    again = await bar.open(REFUND)
    assert again.summary is not None
    assert bar.services.summaries.written == 1
    presenter.write(again=True)
    await bar.tasks.idle()
    assert bar.services.summaries.written == 2


async def test_folding_up_stops_it(bar: Bar) -> None:
    presenter = await bar.open()
    bar.services.summaries.gate = asyncio.Event()
    presenter.toggle()
    for _ in range(5):
        await asyncio.sleep(0)
    assert presenter.writing
    assert presenter.share == 0.1
    presenter.toggle()
    await bar.tasks.idle()
    assert not presenter.writing
    assert presenter.summary is None
    assert bar.services.summaries.written == 0
    assert not presenter.stop()


async def test_a_refusal_is_shown(bar: Bar) -> None:
    presenter = await bar.open()
    bar.services.summaries.refusal = Refusal(reason=RefusalReason.NOT_AT_ALL, language="en")
    presenter.toggle()
    await bar.tasks.idle()
    assert presenter.refusal is bar.services.summaries.refusal
    assert presenter.offered


async def test_without_a_ticket_there_is_nothing_to_sum_up(bar: Bar) -> None:
    bar.presenter.toggle()
    bar.presenter.show(None)
    assert not bar.presenter.offered
    assert not bar.presenter.unfolded
