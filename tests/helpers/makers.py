"""Short ways to write tickets, understandings and events in tests of what is stored."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.ids import TimeIds
from agent_assist.domain.language import Language
from agent_assist.domain.suggestion import Source, Suggestion, SuggestionKind
from agent_assist.domain.tickets import Channel, Message, Role, Ticket
from agent_assist.domain.understanding import Entity, ScoredLabel, Understanding

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
new_id = TimeIds()


def customer(text: str, *, minute: int = 0) -> Message:
    return Message(role=Role.CUSTOMER, text=text, at=NOON + timedelta(minutes=minute))


def agent(text: str, *, minute: int = 0) -> Message:
    return Message(role=Role.AGENT, text=text, at=NOON + timedelta(minutes=minute))


def ticket(ticket_id: str = "T1", *messages: Message, **fields: Any) -> Ticket:
    thread = messages or (customer("我的快递到哪里了？"),)
    defaults: dict[str, Any] = {"created_at": thread[0].at, "customer": "李雷", "channel": Channel.CHAT}
    return Ticket(id=ticket_id, messages=thread, **(defaults | fields))


def understanding(
    intent: str = "logistics.track",
    *,
    urgency: str = "normal",
    sentiment: str = "neutral",
    in_scope: bool = True,
    entities: Sequence[Entity] = (),
    language: Language = Language.ZH,
) -> Understanding:
    return Understanding(
        language=language,
        intents=(ScoredLabel(label=intent, score=0.9),),
        in_scope=in_scope,
        entities=tuple(entities),
        sentiment=ScoredLabel(label=sentiment, score=0.8),
        urgency=ScoredLabel(label=urgency, score=0.7),
        model_version="starter-1",
    )


def suggestion(ticket_id: str = "T1", *, version: int = 1, draft: str = "您好，包裹已发出。") -> Suggestion:
    source = Source(doc_id="K1", title="物流", passage="发货后 3 天内送达。", start=0, end=11)
    return Suggestion(
        ticket_id=ticket_id,
        ticket_version=version,
        kind=SuggestionKind.GENERATED,
        draft=draft,
        sources=(source,),
        model_version="reply-1",
        first_token_ms=120.5,
    )


def event(kind: FeedbackKind, *, ticket_id: str = "T1", **fields: Any) -> FeedbackEvent:
    defaults: dict[str, Any] = {"id": new_id(), "at": NOON, "ticket_version": 1, "message_index": 0}
    return FeedbackEvent(kind=kind, ticket_id=ticket_id, **(defaults | fields))


def undo_of(act: FeedbackEvent) -> FeedbackEvent:
    return event(FeedbackKind.UNDONE, ticket_id=act.ticket_id, message_index=act.message_index, undoes=act.id)
