"""What stands around a conversation, in memory: files, the customer's other tickets, the shop, solved tickets."""

import asyncio
from dataclasses import replace
from pathlib import Path

from agent_assist.domain.attachments import Attachment, AttachmentKind, Picture, PictureFault
from agent_assist.domain.customers import CustomerHistory, OtherTicket, SameCustomer
from agent_assist.domain.language import Language
from agent_assist.domain.shop import Order, Product
from agent_assist.domain.solved import Quote, SimilarReason, SolvedTicket
from agent_assist.domain.tickets import Role, Ticket, TicketRow
from agent_assist.errors import NotFoundError
from tests.ui.doubles.samples import sample_orders, sample_products
from tests.ui.doubles.shelf import Shelf


def attachment(number: int = 1, **fields: object) -> Attachment:
    """A picture of the first message."""
    made = Attachment(
        id=number, message_index=0, name=f"cup-{number}.jpg", media_type="image/jpeg", size=45_000,
        kind=AttachmentKind.PICTURE,
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


class AttachmentsDouble:
    """Every picture is a red one of 40 x 30; `faults` says which are not. `gate`, where set, is waited for."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.faults: dict[int, PictureFault] = {}
        self.gate: asyncio.Event | None = None
        self.asked: list[tuple[int, int]] = []
        self.saved: list[tuple[int, Path]] = []

    async def picture(self, attachment_id: int, *, width: int, height: int) -> Picture | PictureFault:
        self.asked.append((attachment_id, width))
        if self.gate is not None:
            await self.gate.wait()
        if fault := self.faults.get(attachment_id):
            return fault
        return Picture(width=40, height=30, pixels=b"\xff\0\0\xff" * 1200, full_width=400, full_height=300)

    async def save(self, attachment_id: int, out: Path) -> Attachment:
        self.saved.append((attachment_id, out))
        found = [one for files in self.shelf.attachments.values() for one in files if one.id == attachment_id]
        if not found:
            raise NotFoundError(f"There is no attachment {attachment_id}.")
        return found[0]


class CustomersDouble:
    """Tickets under the same name."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.asked: list[str] = []

    async def history(self, ticket_id: str, *, order_number: str | None = None, limit: int = 20) -> CustomerHistory:
        self.asked.append(ticket_id)
        name = self.shelf.ticket(ticket_id).customer
        found = [one for one in self.shelf.tickets.values() if one.customer == name and one.id != ticket_id]
        order = sample_orders().get(order_number or "")
        return CustomerHistory(
            tickets=tuple(_other(one) for one in found[:limit]), total=len(found), orders=(order,) if order else ()
        )


def _other(ticket: Ticket) -> OtherTicket:
    replies = [message.text for message in ticket.messages if message.role is Role.AGENT]
    row = TicketRow(
        id=ticket.id,
        customer=ticket.customer,
        subject=ticket.subject,
        preview=ticket.messages[0].text,
        channel=ticket.channel,
        state=ticket.state,
        waiting_since=ticket.created_at,
        version=ticket.version,
        intent="refund.status",
    )
    return OtherTicket(row=row, why=SameCustomer.NAME, last_reply=replies[-1] if replies else "")


class LookupDouble:
    """The sample shop."""

    async def order(self, number: str) -> Order | None:
        return sample_orders().get(number.upper())

    async def tracked(self, number: str) -> Order | None:
        found = [one for one in sample_orders().values() if one.tracking_number and one.tracking_number == number]
        return found[0] if found else None

    async def product(self, text: str) -> Product | None:
        return next((one for one in sample_products() if text in {one.name, one.name_en, *one.aliases}), None)


class SimilarDouble:
    """The solved tickets in `found`, the same ones for every ticket."""

    def __init__(self) -> None:
        self.found: tuple[SolvedTicket, ...] = ()
        self.asked: list[str] = []

    async def similar(self, ticket_id: str, *, k: int = 5) -> tuple[SolvedTicket, ...]:
        self.asked.append(ticket_id)
        return self.found[:k]


def solved(ticket: Ticket, reply: str = "Refunds take 3 business days.") -> SolvedTicket:
    """A solved ticket like `ticket`."""
    return SolvedTicket(
        rank=1,
        score=0.8,
        ticket_id=ticket.id,
        language=Language.EN,
        question=Quote(message_index=0, start=0, end=9, text="How long does a refund take?"),
        reply=(Quote(message_index=1, start=0, end=len(reply), text=reply),),
        at=ticket.created_at,
        times_sent=3,
        reasons=(SimilarReason.SAME_INTENT, SimilarReason.SAME_WORDS),
    )
