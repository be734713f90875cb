"""Suggestions in memory: streamed, with candidates, and looked over."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from agent_assist.domain.article_versions import DiffPiece
from agent_assist.domain.canned import CannedReply
from agent_assist.domain.knowledge import ArticleKind
from agent_assist.domain.language import Language, detect_language
from agent_assist.domain.slots import fill_slots
from agent_assist.domain.suggestion import (
    NoneReason,
    ReplyCheck,
    Source,
    Suggestion,
    SuggestionKind,
    Unsupported,
    UnsupportedReason,
)
from agent_assist.domain.tickets import Ticket
from agent_assist.domain.wording import NO_WISH, Wish
from agent_assist.services.suggestions import (
    CandidateFound,
    CandidatesReady,
    CandidateStep,
    DraftChunk,
    SourcesFound,
    SuggestionReady,
)
from agent_assist.text.word_diff import word_diff
from tests.ui.doubles.samples import sample_articles
from tests.ui.doubles.shelf import Shelf


class SuggestionsDouble:
    """Streams a reply taken from a sample article. `gate`, where set, is waited for in mid-draft."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.gate: asyncio.Event | None = None
        self.asked: list[str] = []
        self.wishes: list[Wish] = []
        self.others = ["Another answer altogether.", "A third one."]
        self.kinds: dict[str, Suggestion] = {}
        self.standing = True

    async def stands(self, suggestion: Suggestion) -> bool:
        return self.standing

    async def candidates(self, ticket_id: str, *, count: int = 3) -> AsyncGenerator[CandidateStep, None]:
        first = self.shelf.suggestions[ticket_id]
        texts = [first.draft, *self.others][:count]
        found = [replace(first, draft=text, candidate=number) for number, text in enumerate(texts, start=1)]
        for one in found:
            yield CandidateFound(suggestion=one)
            if self.gate is not None:
                await self.gate.wait()
        yield CandidatesReady(candidates=tuple(found), exhausted=len(found) < count)

    async def choose(self, suggestion: Suggestion) -> None:
        self.shelf.suggestions[suggestion.ticket_id] = suggestion

    async def suggest(
        self, ticket_id: str, *, again: bool = False, wish: Wish = NO_WISH
    ) -> AsyncGenerator[object, None]:
        self.asked.append(ticket_id)
        self.wishes.append(wish)
        ticket = self.shelf.ticket(ticket_id)
        if not self.shelf.engine:
            yield SuggestionReady(suggestion=silent(ticket, NoneReason.ENGINE_UNAVAILABLE))
            return
        suggestion = self.kinds.get(ticket_id) or drafted(ticket)
        suggestion = replace(suggestion, ticket_id=ticket.id, ticket_version=ticket.version, wish=wish)
        if suggestion.sources:
            yield SourcesFound(sources=suggestion.sources)
        half = len(suggestion.draft) // 2
        for piece in (suggestion.draft[:half], suggestion.draft[half:]):
            if piece:
                yield DraftChunk(text=piece)
            if self.gate is not None:
                await self.gate.wait()
                if not self.shelf.engine:
                    yield SuggestionReady(suggestion=silent(ticket, NoneReason.ENGINE_UNAVAILABLE))
                    return
        self.shelf.suggestions[ticket_id] = suggestion
        yield SuggestionReady(suggestion=suggestion)


def silent(ticket: Ticket, reason: NoneReason) -> Suggestion:
    return Suggestion(
        ticket_id=ticket.id, ticket_version=ticket.version, kind=SuggestionKind.NONE, draft="", reason=reason
    )


def not_answered(ticket: Ticket) -> Suggestion:
    """Sources that were looked at, and a question to ask back."""
    return replace(
        drafted(ticket),
        kind=SuggestionKind.NONE,
        reason=NoneReason.NOT_ANSWERED,
        draft="",
        clarifying="Our notes do not say. Which one do you mean?",
        answerable=0.1,
    )


def drafted(ticket: Ticket, *, doubtful: bool = False) -> Suggestion:
    """A suggestion in the ticket's language from the sample knowledge."""
    text = ticket.messages[ticket.last_customer_index() or 0].text
    language = detect_language(text)
    articles = [article for article in sample_articles().values() if article.language is language][:3]
    greeting = "您好，" if language == "zh" else "Hello, thank you for your message. "
    draft = greeting + articles[0].text
    promise = " 我们会在24小时内退还50元。" if language == "zh" else " We will refund $50 within 24 hours."
    mark = (
        Unsupported(start=len(draft), end=len(draft) + len(promise), reason=UnsupportedReason.AMOUNT)
        if doubtful
        else None
    )
    return Suggestion(
        ticket_id=ticket.id,
        ticket_version=ticket.version,
        kind=SuggestionKind.GENERATED,
        draft=draft + promise if doubtful else draft,
        sources=tuple(
            Source(doc_id=a.doc_id, title=a.title, passage=a.text[:120], start=0, end=min(120, len(a.text)))
            for a in articles
        ),
        unsupported=(mark,) if mark else (),
        model_version="double-1",
        total_ms=640.0,
    )


class PrefetchDouble:
    def __init__(self) -> None:
        self.keys = 0

    def typing(self) -> None:
        self.keys += 1


class ReplyChecksDouble:
    """Doubts every amount in dollars that the suggestion does not hold; "forbidden" is a forbidden word."""

    def __init__(self) -> None:
        self.checked: list[str] = []

    async def check(
        self, ticket_id: str, text: str, *, suggestion: Suggestion | None, said: tuple[str, ...] = ()
    ) -> ReplyCheck:
        self.checked.append(text)
        known = "".join((suggestion.draft, *said)) if suggestion else text
        doubts = [one for one in re.finditer(r"\$\d+", text) if one[0] not in known]
        banned = [(one, UnsupportedReason.FORBIDDEN) for one in re.finditer("forbidden", text)]
        gaps = [(one, UnsupportedReason.SLOT) for one in re.finditer(r"\{order_number\}", text)]
        found = [*((one, UnsupportedReason.AMOUNT) for one in doubts), *banned, *gaps]
        return ReplyCheck(
            unsupported=tuple(Unsupported(start=one.start(), end=one.end(), reason=reason) for one, reason in found)
        )

    def differences(self, draft: str, text: str) -> Sequence[DiffPiece]:
        return word_diff(draft, text)


class CannedDouble:
    """Approved texts and one macro, found by their titles; only the customer's name is known."""

    TEXTS = (
        ("faq-hours", "Opening hours", ArticleKind.FAQ, "We are here from 9 to 18."),
        ("faq-refund", "Refund time", ArticleKind.FAQ, "It takes 3 days and costs $42."),
        ("m-where", "Where is it", ArticleKind.MACRO, "Hi {customer_name}, order {order_number} is on its way."),
    )

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.asked: list[tuple[str, bool]] = []

    async def find(
        self, ticket_id: str, words: str = "", *, macros: bool = False, limit: int = 8
    ) -> Sequence[CannedReply]:
        self.asked.append((words, macros))
        values = {"customer_name": self.shelf.ticket(ticket_id).customer}
        return [
            CannedReply(doc_id=doc_id, title=title, kind=kind, language=Language.EN, filled=fill_slots(text, values))
            for doc_id, title, kind, text in self.TEXTS
            if words.lower() in title.lower() and (kind is ArticleKind.MACRO or not macros)
        ]
