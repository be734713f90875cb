"""What the palette lists for what is typed: acts at once, tickets as soon as they are found. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent_assist.domain.tickets import TicketQuery, TicketRow, TicketSort
from ui.observable import Changes
from ui.palette.matching import rank_in_group
from ui.ports import Tickets
from ui.tasks import Scope

# Tickets are looked up from so many characters on: one alone is in nearly all of them.
LEAST_TYPED = 2
TICKETS_SHOWN = 6
RECENT_KEPT = 6


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do: `names` are what it is found by (both languages), `group` the names of its menu or setting.

    `keys` and `place` are for people. `here` is False where it acts on another screen, which is then shown instead of
    acting out of sight.
    """

    id: str
    title: str
    names: tuple[str, ...]
    run: Callable[[], object]
    group: tuple[str, ...] = ()
    keys: str = ""
    place: str = ""
    icon: str = ""
    here: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a command, or a ticket to go to."""

    command: Command | None = None
    ticket: TicketRow | None = None


class PalettePresenter:
    """`commands` gives all there are at the moment of opening; `go_to` shows a ticket. `changes` tells of new lines."""

    def __init__(
        self,
        tickets: Tickets,
        scope: Scope,
        *,
        commands: Callable[[], Sequence[Command]],
        go_to: Callable[[str], object],
    ) -> None:
        self._tickets = tickets
        self._scope = scope
        self._make_commands = commands
        self._go_to = go_to
        self._commands: Sequence[Command] = ()
        self._recent: list[str] = []
        self.typed = ""
        self.lines: Sequence[Line] = ()
        self.looking = False
        self.changes = Changes()

    def open(self) -> None:
        """List everything, what was done last first."""
        self._commands = self._make_commands()
        self.ask("")

    def ask(self, typed: str) -> None:
        """List what `typed` finds."""
        self.typed = typed.strip()
        self._scope.cancel("tickets")
        self.lines = [Line(command=command) for command in self._found()]
        self.looking = len(self.typed) >= LEAST_TYPED
        if self.looking:
            self._scope.restart("tickets", self._find_tickets)
        self.changes.notify()

    def close(self) -> None:
        """Look for nothing any more."""
        self._scope.cancel("tickets")
        self.looking = False

    def run(self, line: Line) -> None:
        """Do what a line stands for."""
        self.close()
        if line.ticket is not None:
            self._go_to(line.ticket.id)
        if line.command is not None:
            self._recent = [line.command.id, *(one for one in self._recent if one != line.command.id)][:RECENT_KEPT]
            line.command.run()

    def _found(self) -> list[Command]:
        order = {command_id: place for place, command_id in enumerate(self._recent)}
        ranked = []
        for place, command in enumerate(self._commands):
            found = rank_in_group(self.typed, command.names, command.group)
            if found is not None:
                recent = order.get(command.id, RECENT_KEPT)
                ranked.append(((not command.here, found, recent, place), command))
        return [command for _, command in sorted(ranked, key=lambda entry: entry[0])]

    async def _find_tickets(self) -> None:
        query = TicketQuery(text=self.typed, sort=TicketSort.NEWEST)
        found = list(await self._tickets.page(query, offset=0, limit=TICKETS_SHOWN))
        typed = self.typed.casefold()
        found.sort(key=lambda row: (typed not in row.id.casefold(), typed not in row.customer.casefold()))
        self.looking = False
        self.lines = [*(line for line in self.lines if line.command), *(Line(ticket=row) for row in found)]
        self.changes.notify()
