"""What the palette finds, in both languages, and what it does; no window."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from tests.ui.doubles import ServicesDouble
from ui.palette.matching import BEGINS, EXACT, INITIALS, INSIDE, WORD, rank, rank_in_group
from ui.palette.presenter import RECENT_KEPT, Command, PalettePresenter
from ui.tasks import Tasks


@pytest.mark.parametrize(
    ("typed", "names", "found"),
    [
        ("next ticket", ("Next ticket", "下一张工单"), EXACT),
        ("NEXT", ("Next ticket", "下一张工单"), BEGINS),
        ("tick", ("Next ticket", "下一张工单"), WORD),
        ("nt", ("Next ticket", "下一张工单"), INITIALS),
        ("icke", ("Next ticket", "下一张工单"), INSIDE),
        ("工单", ("Next ticket", "下一张工单"), INSIDE),
        ("下一", ("Next ticket", "下一张工单"), BEGINS),
        ("ｎｅｘｔ", ("Next ticket",), BEGINS),
        ("ticket next", ("Next ticket",), WORD),
        ("dark 主题", ("Dark", "深色", "主题", "Theme"), EXACT),
        ("cafe", ("Café au lait",), BEGINS),
        ("", ("Next ticket",), INSIDE),
        ("previous", ("Next ticket",), None),
        ("next previous", ("Next ticket",), None),
    ],
)
def test_names_are_ranked(typed: str, names: tuple[str, ...], found: int | None) -> None:
    assert rank(typed, names) == found


def test_a_name_comes_before_the_name_of_a_group() -> None:
    own = rank_in_group("ticket", ("Next ticket",), ("Ticket",))
    other = rank_in_group("ticket", ("Send reply",), ("Ticket",))
    assert own is not None
    assert other is not None
    assert own < other
    assert rank_in_group("dark 主题", ("Dark", "深色"), ("Theme", "主题")) is not None
    assert rank_in_group("light", ("Dark",), ("Theme",)) is None


class Bench:
    """A presenter over the sample shop with commands that note that they ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.went: list[str] = []
        self.commands = [
            self.command("import", "Import tickets", "导入工单"),
            self.command("next", "Next ticket", "下一张工单"),
            self.command("dark", "Theme: Dark", "深色"),
            self.command("save", "Save the article", "保存条目", here=False),
        ]

    def command(self, name: str, *names: str, here: bool = True) -> Command:
        return Command(id=name, title=names[0], names=names, run=lambda: self.ran.append(name), here=here)

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run(work)

    def make(self) -> tuple[PalettePresenter, Tasks]:
        tasks = Tasks(_raise)
        presenter = PalettePresenter(
            ServicesDouble().tickets, tasks.scope(), commands=lambda: self.commands, go_to=self.went.append
        )
        return presenter, tasks


def _raise(error: Exception) -> None:
    raise error


def ids(presenter: PalettePresenter) -> list[str]:
    return [line.command.id for line in presenter.lines if line.command]


def test_everything_is_listed_and_what_was_done_last_comes_first() -> None:
    bench = Bench()
    presenter, _ = bench.make()
    presenter.open()
    assert ids(presenter) == ["import", "next", "dark", "save"]
    presenter.run(presenter.lines[2])
    presenter.open()
    assert ids(presenter) == ["dark", "import", "next", "save"]
    assert bench.ran == ["dark"]


def test_only_so_many_are_remembered() -> None:
    bench = Bench()
    bench.commands = [bench.command(str(n), f"name {n}") for n in range(RECENT_KEPT + 4)]
    presenter, _ = bench.make()
    for place in range(RECENT_KEPT + 2):
        presenter.open()
        presenter.run(next(line for line in presenter.lines if line.command and line.command.id == str(place)))
    presenter.open()
    assert ids(presenter)[:RECENT_KEPT] == [str(n) for n in range(RECENT_KEPT + 1, 1, -1)]


def test_words_narrow_the_list_in_either_language() -> None:
    async def work() -> None:
        presenter, tasks = Bench().make()
        presenter.open()
        presenter.ask("工单")
        assert ids(presenter) == ["import", "next"]
        presenter.ask("next t")
        assert ids(presenter) == ["next"]
        await tasks.close()

    Bench().run(work())


def test_tickets_are_found_by_number_and_by_customer_and_come_below() -> None:
    bench = Bench()

    async def work() -> None:
        presenter, tasks = bench.make()
        presenter.open()
        presenter.ask("tk-1009")
        assert presenter.looking
        await tasks.idle()
        assert not presenter.looking
        assert [line.ticket.id for line in presenter.lines if line.ticket] == ["TK-1009"]
        presenter.ask("Amelia")
        await tasks.idle()
        found = [line.ticket.customer for line in presenter.lines if line.ticket]
        assert found
        assert all("Amelia" in customer for customer in found)
        presenter.run(next(line for line in presenter.lines if line.ticket))
        assert len(bench.went) == 1

    bench.run(work())


def test_one_letter_looks_for_no_ticket() -> None:
    bench = Bench()

    async def work() -> None:
        presenter, tasks = bench.make()
        presenter.open()
        presenter.ask("1")
        assert not presenter.looking
        await tasks.idle()
        assert not [line for line in presenter.lines if line.ticket]

    bench.run(work())
