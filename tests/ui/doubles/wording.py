"""Texts worded anew and threads summed up, in memory."""

import asyncio
from collections.abc import AsyncGenerator, Callable

from agent_assist.domain.language import Language, detect_language
from agent_assist.domain.suggestion import (
    ReplyCheck,
    Suggestion,
)
from agent_assist.domain.summary import Summary
from agent_assist.domain.wording import Refusal, Rewording, Rewritten
from agent_assist.services.rewriting import RewriteChunk, RewriteProgress, RewriteReady, RewriteRefused, RewriteStep
from agent_assist.services.summaries import SummaryProgress, SummaryReady, SummaryRefused, SummaryStep
from tests.ui.doubles.shelf import Shelf


class RewritingDouble:
    """Says what `answer` makes of a text, in two pieces. `gate`, where set, is waited for between them."""

    def __init__(self) -> None:
        self.gate: asyncio.Event | None = None
        self.asked: list[tuple[str, Rewording]] = []
        self.answer: Callable[[str], str] = str.upper
        self.refusal: Refusal | None = None
        self.lost: tuple[str, ...] = ()

    async def rewrite(
        self,
        text: str,
        manner: Rewording,
        *,
        to: Language | None = None,
        ticket_id: str = "",
        suggestion: Suggestion | None = None,
    ) -> AsyncGenerator[RewriteStep, None]:
        self.asked.append((text, manner))
        answer = self.answer(text)
        yield RewriteProgress(written=len(answer) // 2, about=len(answer))
        if self.gate is not None:
            await self.gate.wait()
        if self.refusal is not None:
            yield RewriteRefused(refusal=self.refusal)
            return
        yield RewriteChunk(text=answer)
        language = to or detect_language(answer)
        rewritten = Rewritten(manner=manner, language=language, original=text, text=answer, lost=self.lost)
        yield RewriteReady(rewritten=rewritten, check=ReplyCheck())


class SummariesDouble:
    """Sums every thread up as its newest message. `gate`, where set, is waited for on the way."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.gate: asyncio.Event | None = None
        self.stored: dict[str, Summary] = {}
        self.written = 0
        self.refusal: Refusal | None = None

    async def kept(self, ticket_id: str) -> Summary | None:
        kept = self.stored.get(ticket_id)
        return kept if kept and kept.ticket_version == self.shelf.ticket(ticket_id).version else None

    async def summarise(self, ticket_id: str, *, again: bool = False) -> AsyncGenerator[SummaryStep, None]:
        ticket = self.shelf.ticket(ticket_id)
        yield SummaryProgress(written=10, about=100)
        if self.gate is not None:
            await self.gate.wait()
        if self.refusal is not None:
            yield SummaryRefused(refusal=self.refusal)
            return
        self.written += 1
        summary = Summary(
            ticket_id=ticket_id,
            ticket_version=ticket.version,
            language="en",
            problem=ticket.messages[-1].text,
            done="Looked at it.",
            open="",
            next="Answer.",
        )
        self.stored[ticket_id] = summary
        yield SummaryReady(summary=summary)
