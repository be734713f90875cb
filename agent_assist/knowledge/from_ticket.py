"""A draft of an article out of an answered ticket.

The customer's question goes in without personal data, the agent's reply with slots in place of what belongs to that one
customer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus
from agent_assist.domain.language import Language, detect_language
from agent_assist.domain.patterns import find_entities
from agent_assist.domain.shop import Order
from agent_assist.domain.slots import NAMES, find_slots
from agent_assist.domain.tickets import Role, Ticket
from agent_assist.domain.understanding import Understanding
from agent_assist.errors import InputError
from agent_assist.files.text import clean_text, one_line
from agent_assist.privacy.masking import Masker
from agent_assist.privacy.personal_data import KINDS, Secret, secrets_of

_MOST_VARIANTS = 5
_MOST_QUESTION_CHARS = 200
_PLACEHOLDER = re.compile(r"\[([A-Z]+)_[0-9]+\]")
_SLOT_OF = {
    "ORDER": "order_number",
    "TRACKING": "tracking_number",
    "PHONE": "phone",
    "EMAIL": "email",
    "ADDRESS": "address",
}
_AGENT = re.compile(r"客服(小[\u4e00-\u9fff]{1,2}?)(?=为您|很高兴|[，,。！!~～\s]|$)")
# What is left around a number that was taken out: "order no. , where is it" -> "order, where is it"
_LOOSE = (
    (re.compile(r"[ \t]*(?:[:：#]|(?:号码?|no\.?|number)(?:是|is)?)?[ \t]*\x00", re.I), ""),
    (re.compile(r"[ \t]+(?=[,，.。!！?？;；])|(?<=[,，])[ \t]*[,，]"), ""),
    (re.compile(r"[ \t]{2,}"), " "),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredTicket:
    """A ticket with what is known of its messages (by index), its order, and the names of those who answer."""

    ticket: Ticket
    understandings: Mapping[int, Understanding]
    order: Order | None = None
    agents: tuple[str, ...] = ()


def draft_article(answered: AnsweredTicket, *, owner: str) -> Article:
    """The article as a draft of `owner`'s, without a doc_id. Raises `InputError` where nobody answered yet."""
    asked, reply = _turn(answered)
    text = _with_slots(answered, reply)
    questions = _questions(answered, asked)
    read = answered.understandings.get(asked) or _newest(answered)
    intents = tuple(one.label for one in read.intents) if read and read.in_scope else ()
    title = one_line(_masked(answered, answered.ticket.subject)) or questions[0]
    return Article(
        doc_id="",
        title=title[:80],
        text=text,
        language=detect_language(text),
        kind=ArticleKind.MACRO if find_slots(text) else ArticleKind.FAQ,
        question=questions[0],
        variants=tuple(questions[1 : _MOST_VARIANTS + 1]),
        intents=intents,
        tags=tuple(dict.fromkeys(label.partition(".")[0] for label in intents)),
        source=f"ticket {answered.ticket.id}",
        status=ArticleStatus.DRAFT,
        owner=owner,
    )


def _newest(answered: AnsweredTicket) -> Understanding | None:
    """Often only the newest message was read; the labels of the ticket are its."""
    return answered.understandings[max(answered.understandings)] if answered.understandings else None


def _turn(answered: AnsweredTicket) -> tuple[int, int]:
    """The messages that hold the question and its answer: the longest reply, and what it answers."""
    messages = answered.ticket.messages
    replies = [
        index
        for index, message in enumerate(messages)
        if message.role is Role.AGENT and any(one.role is Role.CUSTOMER for one in messages[:index])
    ]
    if not replies:
        raise InputError(f"Ticket {answered.ticket.id} has no reply yet; answer it first.")
    reply = max(replies, key=lambda index: len(messages[index].text))
    asked = [index for index in range(reply) if messages[index].role is Role.CUSTOMER]
    telling = [index for index in asked if _asks(answered, index)] or asked
    same = [index for index in telling if _intents(answered, index) & _intents(answered, telling[-1])]
    return (same or telling)[0], reply  # what opened the matter says more than "and now?"


def _asks(answered: AnsweredTicket, index: int) -> bool:
    """Whether a message is more than a greeting, a number or a word of thanks."""
    read = answered.understandings.get(index)
    if read is None:
        return len(answered.ticket.messages[index].text) > 12
    return read.in_scope and any(not one.label.startswith("chat.") for one in read.intents)


def _intents(answered: AnsweredTicket, index: int) -> set[str]:
    read = answered.understandings.get(index)
    return {one.label for one in read.intents} if read and read.in_scope else set()


def _questions(answered: AnsweredTicket, asked: int) -> list[str]:
    """The question, then how else the customer asked the same, masked."""
    messages = answered.ticket.messages
    others = [
        index
        for index, message in enumerate(messages)
        if index != asked and message.role is Role.CUSTOMER and _intents(answered, index) & _intents(answered, asked)
    ]
    texts = [_masked(answered, messages[index].text, index)[:_MOST_QUESTION_CHARS] for index in (asked, *others)]
    return list(dict.fromkeys(filter(None, map(one_line, texts)))) or [one_line(answered.ticket.subject) or "?"]


def _masked(answered: AnsweredTicket, text: str, index: int = -1) -> str:
    """`text` without personal data and without the marks of where it was."""
    read = answered.understandings.get(index)
    masked = _masker(answered).text(text, entities=read.entities if read else ())
    bare = _PLACEHOLDER.sub("\x00", masked)
    for pattern, put in _LOOSE:
        bare = pattern.sub(put, bare)
    return bare.replace("\x00", "").strip(" \t\n,，:：;；、")


def _masker(answered: AnsweredTicket) -> Masker:
    return Masker(_secrets(answered))


def _secrets(answered: AnsweredTicket) -> list[Secret]:
    ticket, order = answered.ticket, answered.order
    names = [ticket.customer, *(answered.agents), *([order.customer] if order else [])]
    secrets = [secret for name in names for secret in secrets_of(name)]
    numbers = [("ORDER", ticket.order_number or "")]
    if order is not None:
        numbers += [("ORDER", order.order_number), ("TRACKING", order.tracking_number)]
        numbers += [("PHONE", order.customer_phone), ("EMAIL", order.customer_email)]
        numbers += [("ADDRESS", order.shipping_address)]
    for read in answered.understandings.values():
        numbers += [(KINDS[one.type], one.text) for one in read.entities if one.type in KINDS]
    return [*secrets, *(Secret(kind, text) for kind, text in numbers if len(text) > 1)]


def _with_slots(answered: AnsweredTicket, reply: int) -> str:
    text = clean_text(answered.ticket.messages[reply].text)
    language = detect_language(text)
    parts, place = [], 0
    for start, end, name in _chosen([*_personal(answered, text), *_of_the_order(answered, text)]):
        parts += [text[place:start], f"{{{_word(name, language)}}}"]
        place = end
    return "".join([*parts, text[place:]])


def _chosen(spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Spans in order of place; of two that overlap the first given stays."""
    kept: list[tuple[int, int, str]] = []
    for one in spans:
        if all(one[1] <= other[0] or other[1] <= one[0] for other in kept):
            kept.append(one)
    return sorted(kept)


def _personal(answered: AnsweredTicket, text: str) -> Iterator[tuple[int, int, str]]:
    masked = _masker(answered).mask(text)
    for match in _AGENT.finditer(text):
        yield match.start(1), match.end(1), "agent"
    for piece in masked.pieces:
        found = _PLACEHOLDER.match(masked.text, piece.start_masked)
        kind = found[1] if found else ""
        name = _person(answered, text, piece.start, piece.end) if kind == "PERSON" else _SLOT_OF.get(kind, "number")
        yield piece.start, piece.end, name


def _person(answered: AnsweredTicket, text: str, start: int, end: int) -> str:
    """The customer is greeted, the agent signs."""
    name = text[start:end]
    if any(name in agent for agent in answered.agents):
        return "agent"
    order = answered.order
    if name in answered.ticket.customer or (order is not None and name in order.customer):
        return "customer_name"
    return "customer_name" if start < len(text) / 2 else "agent"


def _of_the_order(answered: AnsweredTicket, text: str) -> Iterator[tuple[int, int, str]]:
    """Dates, and what the order says: product, carrier, amount paid."""
    order = answered.order
    if order is not None:
        known = [(item.name, "product") for item in order.items] + [(order.carrier, "carrier")]
        for value, name in known:
            if len(value) > 1:
                yield from ((match.start(), match.end(), name) for match in re.finditer(re.escape(value), text))
    for entity in find_entities(text):
        if entity.type == "date":
            placed = order is not None and entity.value == f"{order.placed_at:%Y-%m-%d}"
            end = entity.start + len(entity.text.rstrip(" .,"))  # "2 Nov." may end the sentence
            yield entity.start, end, "order_date" if placed else "date"
        elif entity.type == "amount" and order is not None and entity.value == f"{order.total:.2f} {order.currency}":
            yield entity.start, entity.end, "amount"


def _word(name: str, language: Language) -> str:
    """The slot in the article's language."""
    if language is Language.ZH:
        return next((word for word in NAMES[name] if not word.isascii()), name)
    return name
