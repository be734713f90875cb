"""The tour's steps: where it is, what it waits for, and that it is offered once. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ui.observable import Changes
from ui.text_keys import Key


class Place(StrEnum):
    """A part of the window that a step points at."""

    NOTHING = "nothing"
    LIST = "list"
    FILTERS = "filters"
    THREAD = "thread"
    SUGGESTION = "suggestion"
    EDITOR = "editor"
    ORDER = "order"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Step:
    """What is said; `actions` are those whose keys the text names, in its order."""

    title: Key
    text: Key
    place: Place = Place.NOTHING
    actions: tuple[str, ...] = ()


STEPS = (
    Step(Key.TOUR_WELCOME_TITLE, Key.TOUR_WELCOME_TEXT),
    Step(Key.TOUR_LIST_TITLE, Key.TOUR_LIST_TEXT, Place.LIST, ("next_ticket", "previous_ticket")),
    Step(Key.TOUR_FILTERS_TITLE, Key.TOUR_FILTERS_TEXT, Place.FILTERS, ("filter",)),
    Step(Key.TOUR_THREAD_TITLE, Key.TOUR_THREAD_TEXT, Place.THREAD, ("intents", "entity")),
    Step(Key.TOUR_SUGGESTION_TITLE, Key.TOUR_SUGGESTION_TEXT, Place.SUGGESTION, ("accept", "reject")),
    Step(Key.TOUR_EDITOR_TITLE, Key.TOUR_EDITOR_TEXT, Place.EDITOR, ("take", "send", "undo")),
    Step(Key.TOUR_ORDER_TITLE, Key.TOUR_ORDER_TEXT, Place.ORDER),
    Step(Key.TOUR_STATUS_TITLE, Key.TOUR_STATUS_TEXT, Place.STATUS, ("models",)),
    Step(Key.TOUR_END_TITLE, Key.TOUR_END_TEXT, Place.NOTHING, ("palette", "shortcuts", "knowledge", "tour")),
)


class TourPresenter:
    """`offer` until it was taken or declined once; `seen` tells that, to be kept.

    The first step leads on only where there is something to show: `any_tickets` (None while nobody knows yet), or
    `load_samples` was asked for. `prepare` opens a ticket for the steps about one. `changes` tells of another step.
    """

    def __init__(
        self,
        *,
        was_seen: bool,
        seen: Callable[[], object],
        any_tickets: Callable[[], bool | None],
        load_samples: Callable[[], object],
        prepare: Callable[[], object],
    ) -> None:
        self._seen = seen
        self._any_tickets = any_tickets
        self._load_samples = load_samples
        self._prepare = prepare
        self._waiting = False
        self.offered = not was_seen
        self.index: int | None = None
        self.changes = Changes()

    @property
    def step(self) -> Step | None:
        """The step shown, None while there is no tour."""
        return None if self.index is None else STEPS[self.index]

    @property
    def needs_samples(self) -> bool:
        """Whether there is nothing yet that a tour could show."""
        return self._any_tickets() is False

    @property
    def loading(self) -> bool:
        """Whether the sample shop is awaited."""
        return self._waiting and not self._any_tickets()

    @property
    def last(self) -> bool:
        """Whether this is the last step."""
        return self.index == len(STEPS) - 1

    def start(self) -> None:
        """Begin, however often it was seen."""
        self._not_again()
        self._waiting = False
        self.index = 0
        self.changes.notify()

    def decline(self) -> None:
        """It is not wanted, and not offered again."""
        self._not_again()
        self.changes.notify()

    def go_on(self) -> None:
        """The next step; after the last one the tour is over. Without tickets the sample shop is loaded first."""
        if self.index is None or self.loading:
            return
        if self.index == 0 and self.needs_samples:
            self._waiting = True
            self._load_samples()
            self.changes.notify()
            return
        if self.last:
            self.end()
            return
        self.index += 1
        if self.index == 1:
            self._prepare()
        self.changes.notify()

    def go_back(self) -> None:
        """The step before."""
        if self.index:
            self.index -= 1
            self.changes.notify()

    def end(self) -> None:
        """Leave it, at any step."""
        self.index, self._waiting = None, False
        self.changes.notify()

    def tickets_changed(self) -> None:
        """The sample shop may have come in: the first step has been taken."""
        if self._waiting and self._any_tickets():
            self._waiting = False
            self.go_on()

    def _not_again(self) -> None:
        if self.offered:
            self.offered = False
            self._seen()
