"""What is known of the customer behind a ticket."""

from dataclasses import dataclass
from enum import StrEnum

from agent_assist.domain.shop import Order
from agent_assist.domain.tickets import TicketRow


class SameCustomer(StrEnum):
    """Why another ticket is taken for the same customer's, the surest first: it is about the same order; about another
    order of the same e-mail address or phone; under the same name only."""

    ORDER = "order"
    CONTACT = "contact"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTicket:
    """Another ticket of the same customer; `last_reply` is the beginning of the newest answer, empty without one."""

    row: TicketRow
    why: SameCustomer
    last_reply: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerHistory:
    """The newest `tickets` of a customer beside the one asked for, of `total`; and the `orders`, newest first."""

    tickets: tuple[OtherTicket, ...] = ()
    total: int = 0
    orders: tuple[Order, ...] = ()
