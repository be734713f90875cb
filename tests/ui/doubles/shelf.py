"""What the doubles share: tickets, what was read of them, texts and acts."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from agent_assist.domain.attachments import Attachment
from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.language import detect_language
from agent_assist.domain.suggestion import (
    Suggestion,
)
from agent_assist.domain.tickets import Ticket
from agent_assist.domain.understanding import Entity, EntitySource, ScoredLabel, Understanding
from agent_assist.errors import NotFoundError
from agent_assist.services.events import EventBus
from tests.ui.doubles.samples import sample_products

RULES = {
    "order_number": r"GF\d{10}",
    "amount": r"[$¥€]\s?\d+(?:\.\d\d)?|\d+(?:\.\d\d)?\s?(?:元|块)",
    "phone": r"1\d{10}",
}


def read(text: str) -> Understanding:
    """What the double's engine makes of a message: rules, and intents from a few words."""
    found = [
        Entity(type=kind, start=match.start(), end=match.end(), text=match.group(), value=match.group())
        for kind, pattern in RULES.items()
        for match in re.finditer(pattern, text)
    ]
    for product in sample_products():
        for name in (product.name, *product.aliases):
            place = text.find(name)
            if place >= 0 and all(e.end <= place or e.start >= place + len(name) for e in found):
                end = place + len(name)
                found.append(
                    Entity(type="product", start=place, end=end, text=name, score=0.93, source=EntitySource.HEAD)
                )
                break
    lowered = text.casefold()
    words = {
        "return.request": ("return", "退货", "想退", "无理由"),
        "refund.status": ("refund", "退款"),
        "logistics.track": ("where", "parcel", "快递", "物流"),
        "warranty.repair": ("warranty", "保修"),
        "product.usage": ("how do", "怎么"),
        "account.problem": ("account", "账号"),
    }
    intents = [intent for intent, marks in words.items() if any(mark in lowered for mark in marks)]
    angry = "!!" in text or "！！" in text or "??" in text or "？？" in text
    return Understanding(
        language=detect_language(text),
        intents=tuple(ScoredLabel(label=intent, score=0.94 - place / 5) for place, intent in enumerate(intents[:2]))
        or (ScoredLabel(label="presale.product_info", score=0.61),),
        in_scope="beneficiary" not in lowered,
        entities=tuple(sorted(found, key=lambda entity: entity.start)),
        sentiment=ScoredLabel(label="very_negative" if angry else "neutral", score=0.88),
        urgency=ScoredLabel(label="critical" if angry else "high" if found else "normal", score=0.8),
        model_version="double-1",
    )


@dataclass
class Shelf:
    """What the services share: tickets, labels, texts, acts, and whether the engine is there."""

    tickets: dict[str, Ticket]
    events: EventBus = field(default_factory=EventBus)
    labels: dict[tuple[str, int], Understanding] = field(default_factory=dict)
    said: dict[tuple[str, int], Understanding] = field(default_factory=dict)
    composers: dict[str, str] = field(default_factory=dict)
    note_drafts: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, tuple[Attachment, ...]] = field(default_factory=dict)
    suggestions: dict[str, Suggestion] = field(default_factory=dict)
    log: list[FeedbackEvent] = field(default_factory=list)
    before: dict[str, tuple[Ticket, str, dict[tuple[str, int], Understanding]]] = field(default_factory=dict)
    engine: bool = True
    now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def ticket(self, ticket_id: str) -> Ticket:
        if ticket_id not in self.tickets:
            raise NotFoundError(f"There is no ticket {ticket_id}.")
        return self.tickets[ticket_id]

    def understand(self, ticket: Ticket) -> Understanding:
        index = ticket.last_customer_index() or 0
        key = (ticket.id, index)
        if key not in self.labels:
            self.labels[key] = self.said[key] = read(ticket.messages[index].text)
        return self.labels[key]

    def live(self) -> list[FeedbackEvent]:
        undone = {event.undoes for event in self.log}
        return [e for e in reversed(self.log) if e.id not in undone and e.kind is not FeedbackKind.UNDONE]
