"""What stands around a ticket that is open: files, customer, order, and the reply on its way out."""

from typing import TYPE_CHECKING

from agent_assist.pictures import PictureReader
from agent_assist.services.attachments import AttachmentService
from agent_assist.services.canned import CannedReplyService
from agent_assist.services.customers import CustomerService, LookupService
from agent_assist.services.feedback import FeedbackService
from agent_assist.services.product_names import ProductNameService
from agent_assist.services.replies import ReplyCheckService
from agent_assist.storage.articles.canned import CannedStore
from agent_assist.storage.attachments import AttachmentStore
from agent_assist.storage.customers import CustomerStore
from agent_assist.storage.feedback import FeedbackLog
from agent_assist.storage.offers import OfferStore
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore

if TYPE_CHECKING:
    from agent_assist.composition.app import App


def attachments(app: "App") -> AttachmentService:
    """Files that came with messages."""
    return AttachmentService(store=AttachmentStore(app.database), reader=PictureReader())


def customers(app: "App") -> CustomerService:
    """A customer's other tickets and orders."""
    return CustomerService(customers=CustomerStore(app.database))


def lookup(app: "App") -> LookupService:
    """Orders and products by their numbers."""
    return LookupService(shop=ShopStore(app.database))


def feedback(app: "App") -> FeedbackService:
    """What the agent does with a suggestion."""
    return FeedbackService(
        tickets=TicketStore(app.database),
        log=FeedbackLog(app.database),
        settings=app.settings,
        events=app.events,
        product_names=app.product_names,
    )


def canned(app: "App") -> CannedReplyService:
    """Reviewed replies by their short names."""
    return CannedReplyService(
        canned=CannedStore(app.database),
        tickets=TicketStore(app.database),
        shop=ShopStore(app.database),
        settings=app.settings,
    )


def product_names(app: "App") -> ProductNameService:
    """What the shop's products are called."""
    return ProductNameService(OfferStore(app.database))


def reply_checks(app: "App") -> ReplyCheckService:
    """A reply is looked over before it goes."""
    return ReplyCheckService(
        tickets=TicketStore(app.database),
        shop=ShopStore(app.database),
        product_names=app.product_names,
        settings=app.settings,
    )
