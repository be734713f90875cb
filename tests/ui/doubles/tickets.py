"""Tickets in memory."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from agent_assist.domain.deadlines import ResponseRule
from agent_assist.domain.events import TicketChanged, TicketsArrived
from agent_assist.domain.tickets import Queue, Role, Ticket, TicketQuery, TicketRow, TicketSort, TicketState
from agent_assist.domain.understanding import OUT_OF_SCOPE, Understanding
from agent_assist.errors import EngineUnavailableError
from agent_assist.intake import ParsedTicket, read_tickets
from agent_assist.services.importing import ImportReport
from agent_assist.services.tickets import TicketView
from tests.ui.doubles.samples import sample_orders, sample_products
from tests.ui.doubles.shelf import Shelf

URGENCY_RANK = ("critical", "high", "normal", "low", "")


class TicketsDouble:
    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.pages: list[int] = []

    async def import_paths(
        self, paths: Sequence[Path], *, progress: Callable[[int, int], None] | None = None
    ) -> ImportReport:
        rows = list(read_tickets(paths))
        fresh = [row.ticket for row in rows if isinstance(row, ParsedTicket)]
        new = [ticket for ticket in fresh if ticket.id not in self.shelf.tickets]
        self.shelf.tickets |= {ticket.id: ticket for ticket in new}
        if progress:
            progress(len(rows), 0)
        if new:
            self.shelf.events.publish(TicketsArrived(count=len(new)))
        rejected = tuple(row for row in rows if not isinstance(row, ParsedTicket))
        return ImportReport(imported=len(new), duplicates=len(fresh) - len(new), rejected=rejected)

    async def page(self, query: TicketQuery, *, offset: int, limit: int) -> list[TicketRow]:
        self.pages.append(offset)
        unanswered = Counter(
            one.customer for one in self.shelf.tickets.values() if one.state is TicketState.WAITING or one.snoozed_until
        )
        shown = self._chosen(query)[offset : offset + limit]
        rows = [self._row(one, unanswered[one.customer]) for one in shown]
        if not query.groups:
            return rows
        sizes = Counter(one.customer for one in self._chosen(replace(query, grouped=False)))
        return [replace(row, grouped=sizes[row.customer] if row.customer else 1) for row in rows]

    async def count(self, query: TicketQuery) -> int:
        return len(self._chosen(query))

    async def ids(self, query: TicketQuery, *, offset: int, limit: int) -> list[str]:
        return [ticket.id for ticket in self._chosen(query)[offset : offset + limit]]

    async def counts(self) -> dict[Queue, int]:
        return {queue: len(self._chosen(TicketQuery(queue=queue))) for queue in Queue}

    async def open(self, ticket_id: str) -> TicketView:
        ticket = self.shelf.ticket(ticket_id)
        order = sample_orders().get(ticket.order_number or "")
        labels = {index: label for (owner, index), label in self.shelf.labels.items() if owner == ticket_id}
        kept = self.shelf.suggestions.get(ticket_id)
        named = {entity.text for label in labels.values() for entity in label.entities if entity.type == "product"}
        skus = {item.sku for item in order.items} if order else set()
        return TicketView(
            ticket=ticket,
            understandings=labels,
            order=order,
            products=tuple(p for p in sample_products() if p.sku in skus or named & {p.name, *p.aliases}),
            suggestion=kept if kept and kept.ticket_version == ticket.version else None,
            composer=self.shelf.composers.get(ticket_id, ""),
            events=tuple(event for event in self.shelf.live() if event.ticket_id == ticket_id),
            predictions={index: said for (owner, index), said in self.shelf.said.items() if owner == ticket_id},
            attachments=self.shelf.attachments.get(ticket_id, ()),
            note_draft=self.shelf.note_drafts.get(ticket_id, ""),
        )

    async def save_composer(self, ticket_id: str, text: str) -> None:
        self.shelf.composers[ticket_id] = text

    async def save_note_draft(self, ticket_id: str, text: str) -> None:
        self.shelf.note_drafts[ticket_id] = text

    async def understand(self, ticket_id: str) -> Understanding:
        if not self.shelf.engine:
            raise EngineUnavailableError("The engine is not running.")
        label = self.shelf.understand(self.shelf.ticket(ticket_id))
        self.shelf.events.publish(TicketChanged(ticket_id=ticket_id))
        return label

    def _row(self, ticket: Ticket, same: int = 1) -> TicketRow:
        index = ticket.last_customer_index() or 0
        label = self.shelf.labels.get((ticket.id, index))
        answered = any(message.role is Role.AGENT for message in ticket.messages)
        since = ticket.messages[index].at
        waits = ticket.state is TicketState.WAITING and ticket.snoozed_until is None
        return TicketRow(
            id=ticket.id,
            customer=ticket.customer,
            subject=ticket.subject,
            preview=ticket.messages[index].text,
            channel=ticket.channel,
            state=ticket.state,
            waiting_since=since,
            version=ticket.version,
            language=label.language if label else "",
            intent=(label.intents[0].label if label.in_scope else OUT_OF_SCOPE) if label else "",
            urgency=label.urgency.label if label else "",
            sentiment=label.sentiment.label if label else "",
            answered_before=answered,
            assignee=ticket.assignee,
            snoozed_until=ticket.snoozed_until,
            due=ResponseRule().due(ticket.channel, since, answered_before=answered) if waits else None,
            open_tickets=max(1, same if ticket.customer else 1),
        )

    def _chosen(self, query: TicketQuery) -> list[Ticket]:
        rows = [(self._row(ticket), ticket) for ticket in self.shelf.tickets.values()]
        rows = [(row, ticket) for row, ticket in rows if _fits(row, ticket, query) and self._in_queue(row, query)]
        rows.sort(key=lambda pair: pair[0].waiting_since, reverse=query.sort is TicketSort.NEWEST)
        if query.sort is TicketSort.URGENCY:
            rows.sort(key=lambda pair: URGENCY_RANK.index(pair[0].urgency))
        if query.sort is TicketSort.DUE:
            rows.sort(key=lambda pair: (pair[0].due is None, pair[0].due or pair[0].waiting_since))
        tickets = [ticket for _row, ticket in rows]
        if not query.groups:
            return tickets
        return list({one.customer or one.id: one for one in reversed(tickets)}.values())[::-1]

    def _in_queue(self, row: TicketRow, query: TicketQuery) -> bool:
        waits = row.due is not None
        match query.queue:
            case Queue.MINE:
                return waits and row.assignee == "me"
            case Queue.UNASSIGNED:
                return waits and not row.assignee
            case Queue.WAITING:
                return waits
            case Queue.OVERDUE:
                return row.due is not None and row.due < self.shelf.now
            case Queue.SNOOZED:
                return row.snoozed_until is not None
            case Queue.ANSWERED | Queue.DONE:
                return row.snoozed_until is None and row.state == query.queue.value
            case _:
                return True


def _fits(row: TicketRow, ticket: Ticket, query: TicketQuery) -> bool:
    text = query.text.casefold()
    haystack = " ".join([row.id, row.customer, row.subject, *(message.text for message in ticket.messages)]).casefold()
    return (
        (query.state is None or row.state is query.state)
        and (not query.intent or row.intent == query.intent)
        and (not query.urgency or row.urgency == query.urgency)
        and (not query.language or row.language == query.language)
        and (not query.sentiment or row.sentiment == query.sentiment)
        and (not query.customer or row.customer == query.customer)
        and (query.assignee is None or row.assignee == query.assignee)
        and text in haystack
    )
