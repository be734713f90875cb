"""A thread in four lines, kept for as long as nothing is added to it."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

import msgspec

from agent_assist.domain.language import Language, language_of_thread
from agent_assist.domain.summary import Summary
from agent_assist.domain.tickets import Role, Ticket
from agent_assist.domain.wording import Refusal, RefusalReason
from agent_assist.engine.api import Engine, SummaryOrder
from agent_assist.engine.protocol import DraftDone, Turn
from agent_assist.errors import EngineError, ModelTooSmallError
from agent_assist.services.small_models import Ways, is_small
from agent_assist.storage.summaries import SummaryStore
from agent_assist.storage.tickets import TicketStore
from agent_assist.suggestion.rewriting import drift

# A summary of 256 tokens has about so many characters.
_ABOUT = {Language.ZH: 180, Language.EN: 420}


class _Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the engine writes (`protocol.SUMMARY_FIELDS`)."""

    problem: str
    done: str
    open: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryProgress:
    """So many characters of about so many are written."""

    written: int
    about: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryReady:
    """The last step."""

    summary: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRefused:
    """The last step instead: the model is too small for this thread."""

    refusal: Refusal


SummaryStep = SummaryProgress | SummaryReady | SummaryRefused


class SummaryService:
    """Summaries of stored tickets."""

    def __init__(self, *, engine: Engine, tickets: TicketStore, summaries: SummaryStore, ways: Ways) -> None:
        self._engine = engine
        self._tickets = tickets
        self._summaries = summaries
        self._ways = ways

    async def kept(self, ticket_id: str, *, language: Language | None = None) -> Summary | None:
        """The summary of the ticket as it is now, None where there is none. Raises `NotFoundError`."""
        ticket = await self._tickets.get(ticket_id)
        return await self._summaries.get(ticket, language=language or _language(ticket))

    async def summarise(
        self, ticket_id: str, *, language: Language | None = None, again: bool = False
    ) -> AsyncGenerator[SummaryStep, None]:
        """Yield the steps; a kept summary comes at once unless `again`. Closing the iterator cancels them.

        It is in the customer's language where none is named. Raises `NotFoundError`, and `EngineError` where the
        engine gives no answer or one that is no summary.
        """
        ticket = await self._tickets.get(ticket_id)
        language = language or _language(ticket)
        kept = None if again else await self._summaries.get(ticket, language=language)
        if kept is not None:
            yield SummaryReady(summary=kept)
            return
        thread = tuple(Turn(role=message.role, text=message.text) for message in ticket.messages)
        order = SummaryOrder(thread=thread, language=language)
        began, written = time.perf_counter(), 0
        done: DraftDone | None = None
        small: bool | None = None
        try:
            stream = self._engine.summarise(order, ticket_id=ticket.id, ticket_version=ticket.version)
            async with aclosing(stream):
                async for item in stream:
                    if small is None:  # known only now: before the first answer no model may be loaded
                        small = await is_small(self._engine)
                        if small and language is not _language(ticket):
                            yield await self._refused(Refusal(reason=RefusalReason.NOT_AT_ALL, language=language))
                            return
                    if isinstance(item, DraftDone):
                        done = item
                        continue
                    written += len(item.text)
                    yield SummaryProgress(written=written, about=_ABOUT[language])
        except ModelTooSmallError as error:
            reason = RefusalReason.TOO_LONG if error.limit else RefusalReason.NOT_AT_ALL
            refusal = Refusal(reason=reason, language=language, tokens=error.tokens, limit=error.limit)
            yield await self._refused(refusal)
            return
        summary = _read(ticket, language, done, (time.perf_counter() - began) * 1000)
        if small and summary.doubts:
            refusal = Refusal(reason=RefusalReason.FIGURES, language=language, added=summary.doubts)
            yield await self._refused(refusal)
            return
        await self._summaries.keep(summary)
        yield SummaryReady(summary=summary)

    async def _refused(self, refusal: Refusal) -> SummaryRefused:
        return SummaryRefused(refusal=replace(refusal, ways=await self._ways.instead_of(refusal, "")))


def _language(ticket: Ticket) -> Language:
    return language_of_thread([message.text for message in ticket.messages if message.role is Role.CUSTOMER])


def _read(ticket: Ticket, language: Language, done: DraftDone | None, took: float) -> Summary:
    try:
        fields = msgspec.json.decode(done.text if done else "", type=_Fields)
    except msgspec.DecodeError as error:
        raise EngineError("The reply model's summary cannot be read. Ask for it again.") from error
    assert done is not None
    text = "\n".join((fields.problem, fields.done, fields.open, fields.next))
    thread = "\n".join(message.text for message in ticket.messages)
    return Summary(
        ticket_id=ticket.id,
        ticket_version=ticket.version,
        language=language,
        problem=fields.problem.strip(),
        done=fields.done.strip(),
        open=fields.open.strip(),
        next=fields.next.strip(),
        doubts=drift(thread, text).added,
        cut=done.stopped_early,
        model_version=done.model_version,
        total_ms=took,
    )
