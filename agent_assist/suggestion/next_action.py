"""The next best action for a ticket: the first rule of `resources/next_actions.json` that fits.

Only what the order's state allows is offered: no refund form before something was paid and, unless the customer
cancels, before it was delivered.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from agent_assist.domain.language import Language
from agent_assist.domain.next_action import ActionKind, NextAction, Rule, action_table, state_of
from agent_assist.domain.order_words import STATUS_WORDS
from agent_assist.domain.shop import Order
from agent_assist.domain.tickets import Role, Ticket
from agent_assist.domain.understanding import Understanding
from agent_assist.suggestion.clarifying import Missing, Told

_SIGNALS = ("safety", "legal", "supervisor")
# Characters before the words in which a question or a denial turns them into something that did not happen.
_BEFORE, _AFTER = 24, 6
_UNKNOWN = "unknown"
_NEGATIVE = ("very_negative", "negative")
_CANCELS = "order.cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """A reviewed text that fits, its slots filled."""

    doc_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of a ticket."""

    ticket: Ticket
    understanding: Understanding
    order: Order | None
    language: Language
    macro: Macro | None = None


def next_action(known: Situation) -> NextAction:
    """What to do beside the reply, with the reason."""
    action, order = _choose(known), known.order
    if order is None:
        return action
    return replace(action, order_number=order.order_number, order_state=state_of(order, action.kind))


def _choose(known: Situation) -> NextAction:
    conditions = _conditions(known)
    labels = [intent.label for intent in known.understanding.intents] if known.understanding.in_scope else []
    status = known.order.status if known.order else _UNKNOWN
    found = next((rule for rule in action_table().rules if _fits(rule, labels, status, conditions)), None)
    if found is not None and found.action is not ActionKind.NOTHING:
        return _made(found, known, conditions)
    if known.macro is not None:
        macro = known.macro
        return NextAction(
            kind=ActionKind.SEND_MACRO, reason="macro_fits", text=macro.text, doc_id=macro.doc_id, title=macro.title
        )
    return NextAction(kind=ActionKind.NOTHING, reason=found.reason if found else "nothing_needed")


def _fits(rule: Rule, labels: list[str], status: str, conditions: dict[str, str]) -> bool:
    """A topic among the rule's intents stands for all of its own."""
    about = not rule.intents or any(
        label in rule.intents or label.partition(".")[0] in rule.intents for label in labels
    )
    return about and (not rule.orders or status in rule.orders) and all(one in conditions for one in rule.when)


def _conditions(known: Situation) -> dict[str, str]:
    """What holds, with the words that say so."""
    read, order = known.understanding, known.order
    text = _newest(known.ticket)
    holds = {name: words for name in _SIGNALS if (words := _told_of(name, text))}
    told = Told.of(known.ticket, read, order)
    urgent = read.urgency.label in ("high", "critical")
    if read.sentiment.label == _NEGATIVE[0] or (read.sentiment.label in _NEGATIVE and urgent):
        holds["angry"] = read.sentiment.label
    if Missing.PHOTO in told.missing:
        holds["photo_missing"] = ""
    if order is not None and order.tracking_number and order.events:
        holds["tracking"] = order.tracking_number
    if any(intent.label == _CANCELS for intent in read.intents):
        holds["cancels"] = _CANCELS
    if order is not None and any(_pattern("return_under_way").search(step.text) for step in order.events):
        holds["return_under_way"] = ""
    return holds


def _newest(ticket: Ticket) -> str:
    """The customer's messages since the last reply."""
    texts: list[str] = []
    for message in reversed(ticket.messages):
        if message.role is not Role.CUSTOMER:
            break
        texts.append(message.text)
    return "\n".join(reversed(texts))


def _told_of(signal: str, text: str) -> str:
    """The words of a signal, empty where there are none, or only asked about or denied."""
    for match in _pattern(signal).finditer(text):
        clause = re.split(r"[，。；！？,.;!?\n]", text[max(0, match.start() - _BEFORE) : match.start()])[-1]
        after = text[match.end() : match.end() + _AFTER]
        asked = _pattern("hypothetical").search(clause) or re.match(r"[^，。；！]{0,3}吗|风险|保护", after)
        if signal == "supervisor" or not asked:
            return match[0]
    return ""


@cache
def _pattern(signal: str) -> re.Pattern[str]:
    return re.compile("|".join(action_table().signals[signal]), re.IGNORECASE)


def _made(rule: Rule, known: Situation, conditions: dict[str, str]) -> NextAction:
    words = next((conditions[name] for name in rule.when if name in _SIGNALS), "")
    return NextAction(
        kind=rule.action,
        reason=rule.reason,
        words=words,
        text=_text(rule.action, known),
        fields=_fields(rule, known, words),
    )


def _text(kind: ActionKind, known: Situation) -> str:
    texts = action_table().texts
    if kind is ActionKind.ASK_PHOTOS:
        return texts["ask_photos"].of(known.language)
    if kind is ActionKind.TRACK_PARCEL and known.order is not None:
        newest = known.order.events[-1]
        return (
            texts["track_parcel"]
            .of(known.language)
            .format(
                carrier=known.order.carrier or texts["carrier"].of(known.language),
                tracking=known.order.tracking_number,
                at=f"{newest.at:%m-%d %H:%M}" if known.language is Language.ZH else f"{newest.at:%b %d, %H:%M}",
                step=newest.text,
            )
        )
    return ""


def _fields(rule: Rule, known: Situation, words: str) -> tuple[tuple[str, str], ...]:
    """What the note is prefilled with; what is not known is left out."""
    order, read = known.order, known.understanding
    if rule.action not in (ActionKind.REFUND_FORM, ActionKind.ESCALATE):
        return ()
    reason = action_table().reasons[rule.reason].of(known.language).format(words=words, title="")
    fields = [("ticket", known.ticket.id)]
    if order is not None:
        fields.append(("order_number", order.order_number))
        fields.append(("status", STATUS_WORDS[known.language].get(order.status, order.status)))
    if rule.action is ActionKind.REFUND_FORM and order is not None:
        fields.append(("amount", f"{order.total:.2f} {order.currency}"))
        fields.append(("items", ", ".join(f"{item.name} x{item.quantity}" for item in order.items)))
    if rule.action is ActionKind.ESCALATE:
        fields += [("urgency", read.urgency.label), ("sentiment", read.sentiment.label)]
    return tuple((name, value) for name, value in (*fields, ("reason", reason)) if value)
