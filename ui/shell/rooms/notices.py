"""Notices of urgent tickets on the desktop."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_assist.domain.tickets import TicketRow
from ui.desktop.presenter import UrgentNotices
from ui.desktop.tray import Notifier, Tray
from ui.shell.rooms.host import Host
from ui.text_keys import Key

NOTIFICATIONS = "ui.notifications"
# Tickets that a notice names; the desktop cuts longer texts.
URGENT_NAMED = 3


@dataclass
class NoticesRoom:
    """What looks for them, and what shows them."""

    presenter: UrgentNotices
    notifier: Notifier


def notices(rooms: Host) -> NoticesRoom:
    """What is new and urgent while nobody looks."""
    window, settings = rooms.window, rooms.services.settings

    def come_to(ticket_id: str) -> None:
        window.come_forward()
        rooms.go_to(ticket_id)

    def tell(rows: Sequence[TicketRow]) -> None:
        """Names and numbers only: a notice is read by whoever stands behind the agent."""
        i18n, first = window.i18n, rows[0]
        name = first.customer or i18n(Key.INBOX_UNNAMED)
        title = i18n(Key.URGENT_ONE, customer=name) if len(rows) == 1 else i18n(Key.URGENT_MANY, n=len(rows))
        numbers = ", ".join(row.id for row in rows[:URGENT_NAMED])
        room.notifier.show(title, numbers, clicked=lambda: come_to(first.id))

    presenter = UrgentNotices(
        rooms.services.tickets,
        rooms.tasks.scope(),
        away=lambda: not window.isActiveWindow(),
        wanted=lambda: settings.text(NOTIFICATIONS) == "true",
        tell=tell,
        pause=rooms.pause,
    )
    room = NoticesRoom(presenter, Tray(window, window.windowIcon(), name=window.i18n(Key.APP_TITLE)))
    return room
