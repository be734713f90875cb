"""What an agent does best beside the reply, and why; the words are in `resources/next_actions.json`."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from agent_assist.domain.language import Language
from agent_assist.domain.shop import Order


class ActionKind(StrEnum):
    """`SEND_MACRO`, `ASK_PHOTOS` and `TRACK_PARCEL` have a text for the customer; `REFUND_FORM` and `ESCALATE` become
    an internal note that a person confirms; `NOTHING` says why there is nothing to do."""

    SEND_MACRO = "send_macro"
    REFUND_FORM = "refund_form"
    ASK_PHOTOS = "ask_photos"
    ESCALATE = "escalate"
    TRACK_PARCEL = "track_parcel"
    NOTHING = "nothing"


NOTES = frozenset({ActionKind.REFUND_FORM, ActionKind.ESCALATE})
"""What is kept as an internal note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAction:
    """An action with its `reason` (a key of the resource's reasons, `words` what of the customer's speaks for it).

    `text` is what to write to the customer, in the customer's language; `fields` what a note is prefilled with, by the
    keys of the resource's fields; `doc_id` and `title` name a macro. It holds while the order `order_number` is in the
    state `order_state` (see `state_of`).
    """

    kind: ActionKind
    reason: str
    words: str = ""
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    doc_id: str = ""
    title: str = ""
    order_number: str = ""
    order_state: str = ""


def state_of(order: Order, kind: ActionKind) -> str:
    """What of an order an action rests on: its status, and where its parcel was last for who tells of that."""
    told = order.events[-1].at.isoformat() if kind is ActionKind.TRACK_PARCEL and order.events else ""
    return f"{order.status} {told}".strip()


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """A text in both languages."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """The text in one of them."""
        return self.zh if language is Language.ZH else self.en


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the table; the first that fits counts. Empty `intents` and `orders` fit all."""

    action: ActionKind
    reason: str
    intents: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    when: tuple[str, ...] = ()


class ActionTable(msgspec.Struct, frozen=True, kw_only=True):
    """All of `resources/next_actions.json`."""

    actions: dict[ActionKind, Wording]
    reasons: dict[str, Wording]
    fields: dict[str, Wording]
    texts: dict[str, Wording]
    signals: dict[str, tuple[str, ...]]
    rules: tuple[Rule, ...]


@cache
def action_table() -> ActionTable:
    """The table that ships with the program."""
    return msgspec.json.decode(files("resources").joinpath("next_actions.json").read_bytes(), type=ActionTable)


def action_name(kind: ActionKind, language: Language) -> str:
    """The action in words."""
    return action_table().actions[kind].of(language)


def action_reason(action: NextAction, language: Language) -> str:
    """Why, in words."""
    return action_table().reasons[action.reason].of(language).format(words=action.words, title=action.title)


def action_fields(action: NextAction, language: Language) -> tuple[tuple[str, str], ...]:
    """What a note is prefilled with: labels and values."""
    table = action_table()
    return tuple((table.fields[name].of(language), value) for name, value in action.fields)


def action_note(action: NextAction, language: Language) -> str:
    """The internal note that confirming makes, a line each: the action, why, and what it is prefilled with."""
    lines = [f"{action_name(action.kind, language)}: {action_reason(action, language)}"]
    return "\n".join([*lines, *(f"{label}: {value}" for label, value in action_fields(action, language))])
