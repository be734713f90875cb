"""What reads files of tickets and of the shop."""

from typing import TYPE_CHECKING

from agent_assist.services.importing import Importer
from agent_assist.storage.attachments import AttachmentStore
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore

if TYPE_CHECKING:
    from agent_assist.composition.app import App


def importer(app: "App") -> Importer:
    """Files become tickets, orders and products."""
    return Importer(
        tickets=TicketStore(app.database),
        attachments=AttachmentStore(app.database),
        shop=ShopStore(app.database),
        events=app.events,
    )
