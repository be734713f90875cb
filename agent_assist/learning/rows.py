"""From the acts on one ticket to masked training rows.

Chat rows have the layout that trl reads: `messages` for supervised tuning; `prompt`, `chosen` and `rejected` for
preference tuning. Label rows are what `train` reads: text and label, or text and spans.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.language import detect_language
from agent_assist.domain.suggestion import Suggestion
from agent_assist.domain.tickets import Message, Role, Ticket
from agent_assist.domain.understanding import OUT_OF_SCOPE, Entity, Understanding
from agent_assist.privacy.masking import Masker
from agent_assist.privacy.tickets import ticket_masker

Row = dict[str, object]
Turns = list[dict[str, str]]

SYSTEM = (
    "You write replies for the support desk of an online shop. Answer the customer's last message from the sources "
    "only, in the customer's language. Say what you cannot answer from them."
)
_SPEAKERS = {Role.CUSTOMER: "Customer", Role.AGENT: "Agent"}
_LANGUAGES = {"zh": "Chinese", "en": "English"}
_SENT = (FeedbackKind.ACCEPTED, FeedbackKind.EDITED, FeedbackKind.WRITTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketHistory:
    """A ticket, what is known of its messages, and the acts on it that stand, oldest first."""

    ticket: Ticket
    understandings: Mapping[int, Understanding]
    events: Sequence[FeedbackEvent]


def sft_rows(history: TicketHistory) -> Iterator[Row]:
    """One row a reply that was sent: `{"messages": [system, user, assistant]}`."""
    for event in history.events:
        if event.kind in _SENT and event.final_text:
            masker = _masker(history)
            prompt = _prompt(history, event, masker)
            yield {"messages": [*prompt, _assistant(event.final_text, masker)]}


def preference_rows(history: TicketHistory) -> Iterator[Row]:
    """One row a draft that the agent replaced: edited, or rejected with a reply sent on the same ticket version."""
    seen: set[tuple[str, str]] = set()
    for index, event in enumerate(history.events):
        rejected = event.suggestion.draft if event.suggestion else ""
        chosen = _replacement(event, history.events[index + 1 :])
        if not rejected.strip() or not chosen or chosen.strip() == rejected.strip() or (chosen, rejected) in seen:
            continue
        seen.add((chosen, rejected))
        masker = _masker(history)
        yield {
            "prompt": _prompt(history, event, masker),
            "chosen": [_assistant(chosen, masker)],
            "rejected": [_assistant(rejected, masker)],
        }


def _replacement(event: FeedbackEvent, later: Sequence[FeedbackEvent]) -> str | None:
    if event.kind is FeedbackKind.EDITED:
        return event.final_text
    if event.kind is not FeedbackKind.REJECTED:
        return None
    sent = (
        other.final_text
        for other in later
        if other.kind in _SENT and other.ticket_version == event.ticket_version and other.final_text
    )
    return next(sent, None)


def intent_rows(history: TicketHistory) -> Iterator[Row]:
    """One row a label of a relabelled message: `{"text", "label"}`; no labels are the label "OOS"."""
    for event in _last_corrections(history, FeedbackKind.INTENTS_CORRECTED):
        text = _masked_message(history, event.message_index)
        for label in event.intents or (OUT_OF_SCOPE,):
            yield {"text": text, "label": label}


def entity_rows(history: TicketHistory) -> Iterator[Row]:
    """One row a message whose entities were corrected: `{"text", "spans": [{"start", "end", "type"}]}`."""
    for event in _last_corrections(history, FeedbackKind.ENTITIES_CORRECTED):
        message = history.ticket.messages[event.message_index]
        entities = [entity for entity in event.entities or () if _fits(entity, message)]
        known = _entities_of(history, event.message_index)
        masked = _masker(history).mask(message.text, entities=[*known, *entities])
        spans = {(*masked.rebase(entity.start, entity.end), entity.type) for entity in entities}
        rows = [{"start": start, "end": end, "type": kind} for start, end, kind in sorted(spans)]
        yield {"text": masked.text, "spans": rows}


def sentiment_rows(history: TicketHistory) -> Iterator[Row]:
    """One row a message whose sentiment was corrected: `{"text", "label"}`."""
    for event in _last_corrections(history, FeedbackKind.SENTIMENT_CORRECTED):
        yield {"text": _masked_message(history, event.message_index), "label": event.sentiment or ""}


def urgency_rows(history: TicketHistory) -> Iterator[Row]:
    """One row a message whose urgency was corrected: `{"text", "label"}`."""
    for event in _last_corrections(history, FeedbackKind.URGENCY_CORRECTED):
        yield {"text": _masked_message(history, event.message_index), "label": event.urgency or ""}


def _last_corrections(history: TicketHistory, kind: FeedbackKind) -> list[FeedbackEvent]:
    """The agent's last word on each message."""
    last = {event.message_index: event for event in history.events if event.kind is kind}
    return [last[index] for index in sorted(last) if index < len(history.ticket.messages)]


def _fits(entity: Entity, message: Message) -> bool:
    return 0 <= entity.start < entity.end <= len(message.text)


def _masked_message(history: TicketHistory, index: int) -> str:
    message = history.ticket.messages[index]
    return _masker(history).text(message.text, entities=_entities_of(history, index))


def _masker(history: TicketHistory) -> Masker:
    return ticket_masker(history.ticket, history.understandings.values())


def _entities_of(history: TicketHistory, index: int) -> tuple[Entity, ...]:
    understanding = history.understandings.get(index)
    return understanding.entities if understanding else ()


def _prompt(history: TicketHistory, event: FeedbackEvent, masker: Masker) -> Turns:
    thread = history.ticket.messages[: event.message_index + 1]
    language = _LANGUAGES[detect_language(thread[-1].text).value]
    # What the agent wrote without a draft rests on none of the sources that were looked at.
    rests_on = None if event.kind is FeedbackKind.WRITTEN else event.suggestion
    lines = ["# Sources", *_sources(rests_on, masker), "", "# Thread"]
    for index, message in enumerate(thread):
        text = masker.text(message.text, entities=_entities_of(history, index))
        lines.append(f"{_SPEAKERS[message.role]}: {text}")
    lines += ["", f"# Reply in {language}"]
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": "\n".join(lines)}]


def _sources(suggestion: Suggestion | None, masker: Masker) -> list[str]:
    sources = suggestion.sources if suggestion else ()
    numbered = enumerate(sources, start=1)
    return [f"[{number}] {masker.text(one.title)}: {masker.text(one.passage)}" for number, one in numbered] or ["none"]


def _assistant(text: str, masker: Masker) -> dict[str, str]:
    return {"role": "assistant", "content": masker.text(text)}
