"""Other tickets and solved ones come beside the open ticket; "back" leads where one came from."""

import asyncio

import pytest

from agent_assist.errors import EngineUnavailableError
from tests.ui.doubles import ServicesDouble
from tests.ui.doubles.around import solved
from ui.side.presenter import Section, SidePresenter
from ui.tasks import Tasks

REFUND, PARCEL = "TK-1009", "TK-1011"


class Side:
    def __init__(self) -> None:
        self.services = ServicesDouble()
        self.services.similar.found = (solved(self.services.shelf.tickets[PARCEL]),)
        self.errors: list[Exception] = []
        self.tasks = Tasks(self.errors.append)
        self.opened: list[str] = []
        self.presenter = SidePresenter(
            self.services.customers,
            self.services.similar,
            self.tasks.scope(),
            open_ticket=self.opened.append,
            pause=0.0,
        )

    async def open(self, ticket_id: str = REFUND, *, wait: bool = True) -> SidePresenter:
        self.presenter.show(await self.services.tickets.open(ticket_id))
        if wait:
            await self.tasks.idle()
        return self.presenter


@pytest.fixture
def side() -> Side:
    return Side()


async def test_both_lists_come_and_are_not_asked_for_again(side: Side) -> None:
    presenter = await side.open()
    assert presenter.history is not None
    assert [one.ticket_id for one in presenter.similar or ()] == [PARCEL]
    await side.open()
    assert side.services.customers.asked == side.services.similar.asked == [REFUND]
    presenter.show(None)
    assert (presenter.history, presenter.similar) == (None, None)


async def test_who_walks_down_the_list_asks_for_the_last_ticket_only(side: Side) -> None:
    for ticket_id in (REFUND, PARCEL, REFUND):
        await side.open(ticket_id, wait=False)
    await side.tasks.idle()
    assert side.services.similar.asked == [REFUND]


async def test_without_an_engine_there_is_none_like_it(side: Side) -> None:
    async def away(_ticket_id: str, *, k: int = 5) -> object:
        raise EngineUnavailableError("The engine is not running.")

    side.services.similar.similar = away  # type: ignore[method-assign,assignment]
    presenter = await side.open()
    assert presenter.similar == ()
    assert side.errors == []


async def test_back_leads_through_the_tickets_one_came_from(side: Side) -> None:
    presenter = await side.open()
    assert not presenter.go_back()
    presenter.go_to(PARCEL)
    await side.open(PARCEL)
    assert presenter.came_from == REFUND
    assert presenter.go_back()
    await side.open()
    assert side.opened == [PARCEL, REFUND]
    assert presenter.came_from is None
    assert not presenter.go_back()


async def test_sections_fold_and_stay_folded(side: Side) -> None:
    presenter = await side.open()
    presenter.toggle(Section.SIMILAR)
    await side.open(PARCEL)
    assert presenter.folded == {Section.SIMILAR}
    presenter.unfold(Section.SIMILAR)
    presenter.unfold(Section.SIMILAR)
    assert presenter.folded == set()
    presenter.fold_all(["order", "of an older version"])
    assert presenter.folded == {Section.ORDER}
    presenter.expand(0)
    await asyncio.sleep(0)
    assert presenter.unfolded == {0}
