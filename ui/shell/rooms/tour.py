"""The tour through the window."""

from dataclasses import dataclass

from ui.shell.rooms.host import TOUR_SEEN, Host
from ui.text_keys import Key
from ui.tour.presenter import Place, TourPresenter
from ui.tour.view import Places, TourBubble, TourOffer


@dataclass(frozen=True)
class TourRoom:
    """The steps, what they say, and the offer."""

    presenter: TourPresenter
    bubble: TourBubble
    offer: TourOffer


def tour(rooms: Host) -> TourRoom:
    """Make the tour, and offer it where nobody took or declined it yet."""
    window, inbox = rooms.window, rooms.desk.inbox
    memory = window.memory

    def prepare() -> None:
        """The steps are about a ticket of the desk."""
        rooms.show(Key.MENU_TICKET)
        if inbox.selected_id is None:
            inbox.select_index(0)

    presenter = TourPresenter(
        was_seen=bool(memory.value(TOUR_SEEN)),
        seen=lambda: memory.setValue(TOUR_SEEN, "1"),
        any_tickets=lambda: inbox.any_tickets,
        load_samples=lambda: window.table.trigger("load_samples"),
        prepare=prepare,
    )
    bubble = TourBubble(window, presenter, window.look, window.i18n, window.table, _places(rooms))
    offer = TourOffer(presenter, window.i18n)
    window.add_above(offer)
    inbox.counted.subscribe(presenter.tickets_changed)
    return TourRoom(presenter, bubble, offer)


def _places(rooms: Host) -> Places:
    """What the steps point at."""
    view = rooms.desk_view
    return {
        Place.LIST: lambda: view.inbox,
        Place.FILTERS: lambda: view.inbox.filters,
        Place.THREAD: lambda: view.conversation,
        Place.SUGGESTION: lambda: view.composer.card,
        Place.EDITOR: lambda: view.composer.editor,
        Place.ORDER: lambda: view.side,
        Place.STATUS: lambda: rooms.window.status,
    }
