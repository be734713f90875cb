"""What agents do with suggestions: sent, changed, rejected, relabelled, taken back; and the log of it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from agent_assist.domain.events import IntentsCorrected, TicketChanged
from agent_assist.domain.feedback import NO_ORIGIN, FeedbackEvent, FeedbackKind, Origin, RejectReason
from agent_assist.domain.ids import new_id
from agent_assist.domain.language import language_of_thread
from agent_assist.domain.next_action import NOTES, ActionKind, action_note
from agent_assist.domain.slots import find_slots
from agent_assist.domain.suggestion import Suggestion, SuggestionKind, Unsupported
from agent_assist.domain.taxonomy import is_intent_name
from agent_assist.domain.tickets import Message, Role, Ticket, TicketState
from agent_assist.domain.understanding import SENTIMENTS, URGENCIES, Entity, Understanding
from agent_assist.errors import InputError
from agent_assist.learning.export import ExportKind, export
from agent_assist.privacy.masking import find_placeholders
from agent_assist.services.events import EventBus
from agent_assist.services.people import agent_name
from agent_assist.services.product_names import ProductNameService
from agent_assist.settings import Settings
from agent_assist.storage.feedback import FeedbackLog
from agent_assist.storage.tickets import TicketStore
from agent_assist.suggestion.forbidden import find_forbidden, show_forbidden

# Of an internal note, in characters: a long mail fits, a log file does not.
LONGEST_NOTE = 10_000


class FeedbackService:
    """Records acts; each is one transaction with its effects and can be undone."""

    def __init__(
        self,
        *,
        tickets: TicketStore,
        log: FeedbackLog,
        settings: Settings,
        events: EventBus,
        product_names: ProductNameService,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._tickets = tickets
        self._log = log
        self._settings = settings
        self._events = events
        self._product_names = product_names
        self._now = now

    async def accept(
        self,
        suggestion: Suggestion,
        *,
        confirmed: Sequence[Unsupported] = (),
        seconds_open: float | None = None,
        origin: Origin = NO_ORIGIN,
        held: bool = False,
    ) -> FeedbackEvent:
        """Send the draft, or the question to ask back, as it is.

        Raises `InputError` where there is none, it has a gap or a forbidden word, or the ticket moved on.
        """
        return await self.send(
            suggestion.ticket_id,
            suggestion.text,
            suggestion=suggestion,
            confirmed=confirmed,
            seconds_open=seconds_open,
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
        """Send the agent's text; the log tells by the suggestion whether it was accepted, edited or written anew.

        `confirmed` is what the agent was told to be in no source (`ReplyCheckService.check`) and sends all the same;
        `origin` which rewrites, canned replies and other candidates led there. It is stored when this returns; `held`
        back, it goes out only after the setting `sending.undo_seconds`.
        Raises `InputError` as `accept` does.
        """
        if not text.strip():
            raise InputError("There is no text to send; write a reply first.")
        ticket = await self._tickets.get(ticket_id)
        if suggestion is not None:
            _still_fits(suggestion, ticket)
        _without_gaps(text, suggestion)
        await self._without_forbidden(text)
        event = await self._event(
            _kind_of(text, suggestion),
            ticket,
            suggestion=suggestion,
            final_text=text,
            confirmed=tuple(confirmed),
            seconds_open=seconds_open,
            origin=origin,
            held_seconds=float(self._settings.sending.undo_seconds) if held else 0.0,
        )
        await self._tickets.record(
            event, reply=Message(role=Role.AGENT, text=text, at=event.at), state=TicketState.ANSWERED
        )
        return self._told(event)

    async def reject(self, suggestion: Suggestion, reason: RejectReason, *, note: str = "") -> FeedbackEvent:
        """Log that the suggestion is no good, and why. The ticket stays as it is."""
        ticket = await self._tickets.get(suggestion.ticket_id)
        event = await self._event(
            FeedbackKind.REJECTED, ticket, suggestion=suggestion, reason=reason, note=note.strip()
        )
        await self._tickets.record(event)
        return self._told(event)

    async def note(self, suggestion: Suggestion, *, text: str = "") -> FeedbackEvent:
        """Keep the suggestion's next action as an internal note: a refund form or an escalation, as prefilled, or with
        the agent's own `text`. Nothing leaves this machine, and the ticket's thread stays as it is.

        Raises `InputError` where the action is none that becomes a note, or the ticket moved on.
        """
        action = suggestion.next_action
        if action is None or action.kind not in NOTES:
            raise InputError("There is no form to keep for this ticket; write a reply instead.")
        ticket = await self._tickets.get(suggestion.ticket_id)
        _still_fits(suggestion, ticket)
        language = language_of_thread([one.text for one in ticket.messages if one.role is Role.CUSTOMER])
        event = await self._event(
            FeedbackKind.NOTED,
            ticket,
            suggestion=suggestion,
            note=text.strip() or action_note(action, language),
            action=action.kind,
        )
        await self._tickets.record(event)
        return self._told(event)

    async def add_note(self, ticket_id: str, text: str) -> FeedbackEvent:
        """Keep the agent's own internal note. It is sent to nobody and is no part of the thread, so neither a prompt
        nor a summary ever holds it.

        Raises `InputError` for an empty text or one that is no note any more (over `LONGEST_NOTE` characters).
        """
        if not (note := text.strip()):
            raise InputError("There is no text to keep; write the note first.")
        if len(note) > LONGEST_NOTE:
            raise InputError(f"A note holds up to {LONGEST_NOTE:,} characters; this has {len(note):,}. Shorten it.")
        event = await self._event(FeedbackKind.NOTED, await self._tickets.get(ticket_id), note=note)
        await self._tickets.record(event)
        return self._told(event)

    async def correct_intents(self, ticket_id: str, message_index: int, intents: Sequence[str]) -> FeedbackEvent:
        """Put the agent's intents in place of the model's; an empty list means out of scope.

        The models learn from it behind the caller's back. Raises `InputError` for what cannot name an intent.
        """
        if unfit := [name for name in intents if not is_intent_name(name)]:
            raise InputError(f"{unfit[0]!r} cannot name an intent. Give a short name, such as topic.detail.")
        ticket = await self._tickets.get(ticket_id)
        event = await self._event(
            FeedbackKind.INTENTS_CORRECTED, ticket, message_index=message_index, intents=tuple(dict.fromkeys(intents))
        )
        await self._tickets.record(event)
        return self._told(event)

    async def correct_entities(self, ticket_id: str, message_index: int, entities: Sequence[Entity]) -> FeedbackEvent:
        """Put the agent's entities in place of those found. Raises `InputError` for a span outside the message."""
        ticket = await self._tickets.get(ticket_id)
        event = await self._event(
            FeedbackKind.ENTITIES_CORRECTED, ticket, message_index=message_index, entities=tuple(entities)
        )
        await self._tickets.record(event)
        return self._told(event)

    async def correct_sentiment(self, ticket_id: str, message_index: int, sentiment: str) -> FeedbackEvent:
        """Put the agent's sentiment in place of the model's. Raises `InputError` for one that there is not."""
        return await self._grade(FeedbackKind.SENTIMENT_CORRECTED, ticket_id, message_index, sentiment=sentiment)

    async def correct_urgency(self, ticket_id: str, message_index: int, urgency: str) -> FeedbackEvent:
        """Put the agent's urgency in place of the model's. Raises `InputError` for one that there is not."""
        return await self._grade(FeedbackKind.URGENCY_CORRECTED, ticket_id, message_index, urgency=urgency)

    async def _grade(
        self,
        kind: FeedbackKind,
        ticket_id: str,
        index: int,
        *,
        sentiment: str | None = None,
        urgency: str | None = None,
    ) -> FeedbackEvent:
        for given, known in ((sentiment, SENTIMENTS), (urgency, URGENCIES)):
            if given is not None and given not in known:
                raise InputError(f"There is no {given!r}; choose one of {', '.join(known)}.")
        ticket = await self._tickets.get(ticket_id)
        event = await self._event(kind, ticket, message_index=index, sentiment=sentiment, urgency=urgency)
        await self._tickets.record(event)
        return self._told(event)

    async def undo(self, event_id: str) -> FeedbackEvent:
        """Take an act back. Raises `InputError` where that is no longer possible, with the reason."""
        undone = await self._log.get(event_id)
        ticket = await self._tickets.get(undone.ticket_id)
        event = await self._event(FeedbackKind.UNDONE, ticket, message_index=undone.message_index, undoes=undone.id)
        await self._tickets.undo(event)
        if undone.kind is FeedbackKind.INTENTS_CORRECTED:
            self._events.publish(IntentsCorrected(ticket_id=event.ticket_id, message_index=event.message_index))
        return self._told(event)

    async def get(self, event_id: str) -> FeedbackEvent:
        """One act. Raises `NotFoundError`."""
        return await self._log.get(event_id)

    async def events(self, *, limit: int = 100, include_undone: bool = False) -> list[FeedbackEvent]:
        """The newest acts first."""
        return await self._log.events(limit=limit, include_undone=include_undone)

    async def sent(self, *, after: str = "", limit: int = 100) -> list[FeedbackEvent]:
        """Replies that went out and stand, oldest first, for handing on; `after` goes on behind the act of that id.

        What is still held back is not among them, nor is anything behind it, so that none is passed over. Raises
        `NotFoundError` for an unknown act.
        """
        return await self._log.sent(now=self._now(), after=after, limit=limit)

    async def export(self, kind: str, out: Path) -> int:
        """Write masked training rows; returns how many. `kind`: sft, preference, intent or entities.

        Replies that are still held back are left out, since they may yet be taken back; the next export has them.
        """
        try:
            wanted = ExportKind(kind)
        except ValueError as error:
            known = ", ".join(ExportKind)
            raise InputError(f"There is no export named {kind}; choose one of {known}.") from error
        return await export(wanted, out, log=self._log, tickets=self._tickets, now=self._now())

    async def _event(
        self,
        kind: FeedbackKind,
        ticket: Ticket,
        *,
        message_index: int | None = None,
        suggestion: Suggestion | None = None,
        final_text: str | None = None,
        confirmed: tuple[Unsupported, ...] = (),
        reason: RejectReason | None = None,
        note: str = "",
        intents: tuple[str, ...] | None = None,
        entities: tuple[Entity, ...] | None = None,
        sentiment: str | None = None,
        urgency: str | None = None,
        undoes: str | None = None,
        action: ActionKind | None = None,
        seconds_open: float | None = None,
        origin: Origin = NO_ORIGIN,
        held_seconds: float = 0.0,
    ) -> FeedbackEvent:
        index = message_index if message_index is not None else (ticket.last_customer_index() or 0)
        return FeedbackEvent(
            id=new_id(),
            at=self._now(),
            kind=kind,
            ticket_id=ticket.id,
            ticket_version=ticket.version,
            message_index=index,
            actor=agent_name(self._settings),
            suggestion=suggestion,
            final_text=final_text,
            confirmed=confirmed,
            reason=reason,
            note=note,
            predicted=await self._predicted(ticket.id, index),
            intents=intents,
            entities=entities,
            sentiment=sentiment,
            urgency=urgency,
            undoes=undoes,
            action=action,
            seconds_open=seconds_open,
            origin=origin,
            held_seconds=held_seconds,
        )

    async def _without_forbidden(self, text: str) -> None:
        """Neither a draft nor a reviewed text nor the agent's own goes out with a word that the shop never writes."""
        names = await self._product_names.names()
        called = [text[start:end] for start, end, _ in names.find(text)]
        found = find_forbidden(text, self._settings.shop.forbidden_words, names=called)
        if found:
            raise InputError(
                f"A reply must not say {show_forbidden(text, found)}. Write it otherwise and send that; the words are "
                "listed in the setting shop.forbidden_words."
            )

    async def _predicted(self, ticket_id: str, index: int) -> Understanding | None:
        return (await self._tickets.predictions(ticket_id)).get(index)

    def _told(self, event: FeedbackEvent) -> FeedbackEvent:
        self._events.publish(TicketChanged(ticket_id=event.ticket_id))
        if event.kind is FeedbackKind.INTENTS_CORRECTED:
            self._events.publish(IntentsCorrected(ticket_id=event.ticket_id, message_index=event.message_index))
        return event


def _still_fits(suggestion: Suggestion, ticket: Ticket) -> None:
    if suggestion.ticket_version != ticket.version:
        raise InputError("The ticket changed since this suggestion was made; look at the new message first.")


def _kind_of(text: str, suggestion: Suggestion | None) -> FeedbackKind:
    if suggestion is None:
        return FeedbackKind.WRITTEN
    if text.strip() == suggestion.text.strip():
        return FeedbackKind.ACCEPTED
    return FeedbackKind.WRITTEN if suggestion.kind is SuggestionKind.NONE else FeedbackKind.EDITED


def _without_gaps(text: str, suggestion: Suggestion | None) -> None:
    """A slot that nothing filled never reaches a customer, wherever it was copied from; nor does what stands for
    another customer's data in a solved ticket's reply."""
    known = [text[slot.start : slot.end] for slot in find_slots(text) if slot.name]
    shown = [gap for gap in (suggestion.gaps if suggestion else ()) if gap in text]
    if left := list(dict.fromkeys((*shown, *known, *find_placeholders(text)))):
        raise InputError(f"Nothing known fills {', '.join(left)}; write it into the reply, then send that.")
