"""A masker that knows the people, places and numbers of a ticket."""

from collections.abc import Iterable

from agent_assist.domain.tickets import Ticket
from agent_assist.domain.understanding import Understanding
from agent_assist.privacy.masking import Masker
from agent_assist.privacy.personal_data import KINDS, Secret, secrets_of


def ticket_masker(ticket: Ticket, understandings: Iterable[Understanding]) -> Masker:
    """For the texts of `ticket`; `understandings` are what was read in its messages."""
    secrets = secrets_of(ticket.customer)
    if ticket.contact:
        secrets.append(Secret("EMAIL" if "@" in ticket.contact else "NUMBER", ticket.contact))
    if ticket.order_number:
        secrets.append(Secret("ORDER", ticket.order_number))
    for understanding in understandings:
        secrets += [Secret(KINDS[one.type], one.text) for one in understanding.entities if one.type in KINDS]
    return Masker(secrets)
