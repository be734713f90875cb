"""What to ask a customer back where nothing known answers: reviewed phrases of `resources/clarifying.json`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from agent_assist.domain.language import Language
from agent_assist.domain.shop import Order
from agent_assist.domain.tickets import Role, Ticket
from agent_assist.domain.understanding import Understanding

_PHOTO = re.compile(
    r"图片|照片|截图|视频|拍了|拍照|见图|如图|\[图|附件|photos?\b|pictures?\b|pics?\b|screenshots?\b|videos?\b|"
    r"attach(?:ed|ment|ing)|\bimages?\b",
    re.IGNORECASE,
)
_PRODUCT = frozenset({"product", "model", "brand"})


class Missing(StrEnum):
    """What the customer has not told yet; `ALWAYS` asks whatever was told."""

    ORDER = "order_missing"
    ORDER_NOT_FOUND = "order_not_found"
    PRODUCT = "product_missing"
    PHOTO = "photo_missing"
    DEFECT = "defect_missing"
    ADDRESS = "address_missing"
    ALWAYS = "always"


class _Phrase(msgspec.Struct, frozen=True, kw_only=True):
    zh: str
    en: str

    def of(self, language: Language) -> str:
        return self.zh if language is Language.ZH else self.en


class _Question(_Phrase, frozen=True, kw_only=True):
    id: str
    intents: tuple[str, ...]
    when: Missing


class _Phrases(msgspec.Struct, frozen=True, kw_only=True):
    opening: _Phrase
    most: int
    questions: tuple[_Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a customer has told in a thread, and whether the order named there is known."""

    missing: frozenset[Missing]

    @classmethod
    def of(cls, ticket: Ticket, understanding: Understanding, order: Order | None) -> "Told":
        """Read it from the thread and from what the models read in its newest message."""
        types = {entity.type for entity in understanding.entities}
        texts = [message.text for message in ticket.messages if message.role is Role.CUSTOMER]
        numbered = "order_number" in types or bool(ticket.order_number)
        absent = {
            Missing.ORDER: order is None and not numbered,
            Missing.ORDER_NOT_FOUND: order is None and numbered,
            Missing.PRODUCT: not types & _PRODUCT and (order is None or len(order.items) != 1),
            Missing.PHOTO: not any(_PHOTO.search(text) for text in texts),
            Missing.DEFECT: "defect" not in types,
            Missing.ADDRESS: "address" not in types,
            Missing.ALWAYS: True,
        }
        return cls(missing=frozenset(what for what, is_so in absent.items() if is_so))


def clarifying_question(understanding: Understanding, told: Told, *, language: Language) -> str:
    """The question to ask back, empty where no phrase fits the intents or nothing is missing."""
    if not understanding.in_scope:
        return ""
    phrases = _load()
    labels = [intent.label for intent in understanding.intents]
    asked = [one.of(language) for one in phrases.questions if one.when in told.missing and _is_about(one, labels)]
    if not asked:
        return ""
    chosen = asked[: phrases.most]
    if language is Language.ZH:
        return phrases.opening.zh + "".join(chosen)
    return phrases.opening.en + " ".join([chosen[0], *(text[0].upper() + text[1:] for text in chosen[1:])])


def _is_about(question: _Question, labels: Sequence[str]) -> bool:
    """A topic among the question's intents stands for all of its own."""
    return any(label in question.intents or label.partition(".")[0] in question.intents for label in labels)


@cache
def _load() -> _Phrases:
    return msgspec.json.decode(files("resources").joinpath("clarifying.json").read_bytes(), type=_Phrases)
