"""The log of acts in memory: one event an act, undo of each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from agent_assist.domain.events import TicketChanged
from agent_assist.domain.feedback import NO_ORIGIN, FeedbackEvent, FeedbackKind, Origin, RejectReason
from agent_assist.domain.suggestion import (
    Suggestion,
    Unsupported,
)
from agent_assist.domain.tickets import Message, Role, Ticket, TicketState
from agent_assist.domain.understanding import Entity, ScoredLabel, Understanding
from agent_assist.errors import InputError
from tests.ui.doubles.shelf import Shelf, read


class FeedbackDouble:
    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.undo_seconds = 0.0
        self.exports: list[tuple[str, Path]] = []

    async def accept(
        self,
        suggestion: Suggestion,
        *,
        confirmed: Sequence[Unsupported] = (),
        seconds_open: float | None = None,
        origin: Origin = NO_ORIGIN,
        held: bool = False,
    ) -> FeedbackEvent:
        return await self.send(
            suggestion.ticket_id,
            suggestion.draft,
            suggestion=suggestion,
            confirmed=confirmed,
            origin=origin,
            held=held,
        )

    async def send(
        self,
        ticket_id: str,
        text: str,
        *,
        suggestion: Suggestion | None,
        confirmed: Sequence[Unsupported] = (),
        seconds_open: float | None = None,
        origin: Origin = NO_ORIGIN,
        held: bool = False,
    ) -> FeedbackEvent:
        if "forbidden" in text or "{order_number}" in text:
            raise InputError("A reply must not say that.")
        ticket = self.shelf.ticket(ticket_id)
        kind = FeedbackKind.WRITTEN
        if suggestion is not None:
            kind = FeedbackKind.ACCEPTED if text == suggestion.draft else FeedbackKind.EDITED
        event = self._event(
            kind,
            ticket,
            suggestion=suggestion,
            final_text=text,
            confirmed=tuple(confirmed),
            origin=origin,
            held_seconds=self.undo_seconds if held else 0.0,
        )
        reply = Message(role=Role.AGENT, text=text, at=self.shelf.now)
        self.shelf.tickets[ticket_id] = replace(
            ticket, messages=(*ticket.messages, reply), state=TicketState.ANSWERED, version=ticket.version + 1
        )
        self.shelf.composers.pop(ticket_id, None)
        return self._told(event)

    async def reject(self, suggestion: Suggestion, reason: RejectReason, *, note: str = "") -> FeedbackEvent:
        ticket = self.shelf.ticket(suggestion.ticket_id)
        return self._told(self._event(FeedbackKind.REJECTED, ticket, suggestion=suggestion, reason=reason))

    async def note(self, suggestion: Suggestion) -> FeedbackEvent:
        ticket = self.shelf.ticket(suggestion.ticket_id)
        assert suggestion.next_action is not None
        fields = {"note": "kept", "action": suggestion.next_action.kind}
        return self._told(self._event(FeedbackKind.NOTED, ticket, suggestion=suggestion, **fields))

    async def add_note(self, ticket_id: str, text: str) -> FeedbackEvent:
        if not text.strip():
            raise InputError("There is no text to keep.")
        event = self._event(FeedbackKind.NOTED, self.shelf.ticket(ticket_id), note=text.strip())
        self.shelf.note_drafts.pop(ticket_id, None)
        return self._told(event)

    async def correct_sentiment(self, ticket_id: str, message_index: int, sentiment: str) -> FeedbackEvent:
        ticket = self.shelf.ticket(ticket_id)
        label = self._label(ticket, message_index)
        event = self._event(FeedbackKind.SENTIMENT_CORRECTED, ticket, index=message_index, sentiment=sentiment)
        graded = replace(label, sentiment=ScoredLabel(label=sentiment, score=1.0))
        self.shelf.labels[ticket_id, message_index] = graded
        return self._told(event)

    async def correct_urgency(self, ticket_id: str, message_index: int, urgency: str) -> FeedbackEvent:
        ticket = self.shelf.ticket(ticket_id)
        label = self._label(ticket, message_index)
        event = self._event(FeedbackKind.URGENCY_CORRECTED, ticket, index=message_index, urgency=urgency)
        graded = replace(label, urgency=ScoredLabel(label=urgency, score=1.0))
        self.shelf.labels[ticket_id, message_index] = graded
        return self._told(event)

    async def correct_intents(self, ticket_id: str, message_index: int, intents: Sequence[str]) -> FeedbackEvent:
        ticket = self.shelf.ticket(ticket_id)
        event = self._event(FeedbackKind.INTENTS_CORRECTED, ticket, index=message_index, intents=tuple(intents))
        label = self._label(ticket, message_index)
        named = tuple(ScoredLabel(label=intent, score=1.0) for intent in intents)
        self.shelf.labels[ticket_id, message_index] = replace(label, intents=named, in_scope=bool(intents))
        return self._told(event)

    async def correct_entities(self, ticket_id: str, message_index: int, entities: Sequence[Entity]) -> FeedbackEvent:
        ticket = self.shelf.ticket(ticket_id)
        event = self._event(FeedbackKind.ENTITIES_CORRECTED, ticket, index=message_index, entities=tuple(entities))
        label = self._label(ticket, message_index)
        self.shelf.labels[ticket_id, message_index] = replace(label, entities=tuple(entities))
        return self._told(event)

    async def undo(self, event_id: str) -> FeedbackEvent:
        if event_id not in self.shelf.before:
            raise InputError("That act was taken back already.")
        ticket, composer, labels = self.shelf.before.pop(event_id)
        event = self._event(FeedbackKind.UNDONE, ticket, undoes=event_id)
        self.shelf.before.pop(event.id)
        newest = self.shelf.tickets[ticket.id]
        version = newest.version + 1 if newest.messages != ticket.messages else newest.version
        self.shelf.tickets[ticket.id] = replace(ticket, version=version)
        self.shelf.composers[ticket.id] = composer
        self.shelf.labels |= labels
        return self._told(event)

    async def events(self, *, limit: int = 100) -> Sequence[FeedbackEvent]:
        return self.shelf.live()[:limit]

    async def export(self, kind: str, out: Path) -> int:
        self.exports.append((kind, out))
        return len(self.shelf.live())

    def _label(self, ticket: Ticket, index: int) -> Understanding:
        return self.shelf.labels.get((ticket.id, index)) or read(ticket.messages[index].text)

    def _event(
        self, kind: FeedbackKind, ticket: Ticket, *, index: int | None = None, **fields: object
    ) -> FeedbackEvent:
        event = FeedbackEvent(
            id=f"E{len(self.shelf.log):04}",
            at=self.shelf.now + timedelta(seconds=len(self.shelf.log)),
            kind=kind,
            ticket_id=ticket.id,
            ticket_version=ticket.version,
            message_index=index if index is not None else (ticket.last_customer_index() or 0),
            **fields,  # type: ignore[arg-type]
        )
        labels = {key: label for key, label in self.shelf.labels.items() if key[0] == ticket.id}
        self.shelf.before[event.id] = (ticket, self.shelf.composers.get(ticket.id, ""), labels)
        return event

    def _told(self, event: FeedbackEvent) -> FeedbackEvent:
        self.shelf.log.append(event)
        self.shelf.events.publish(TicketChanged(ticket_id=event.ticket_id))
        return event
