"""Where a text holds personal data: exact rules, what is known of its people, and phrases that introduce a name.

The rules of the domain (order and tracking numbers, phones, e-mail) are used as they are; the ones here only add what
those leave out because it is no entity of a ticket: cards, identity cards, names, postal addresses, stray numbers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent_assist.domain.language import is_han
from agent_assist.domain.patterns import checks, find_entities
from agent_assist.domain.patterns.spans import fold
from agent_assist.domain.understanding import Entity
from agent_assist.privacy.names_and_places import find_addresses, find_names


@dataclass(frozen=True, slots=True)
class Secret:
    """A string known to be personal data of a kind, wherever it stands."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Characters `start` to `end` are personal data of a kind (the word in the placeholder)."""

    kind: str
    start: int
    end: int


KINDS = {
    "phone": "PHONE",
    "email": "EMAIL",
    "order_number": "ORDER",
    "tracking_number": "TRACKING",
    "person": "PERSON",
    "address": "ADDRESS",
}
"""Entity types that are personal data, and the word of their placeholders."""

_EMAIL = re.compile(r"[a-z0-9!#$%&'*+?^_`{|}~.-]{1,64}@[a-z0-9.-]{0,253}[a-z0-9]")
# Addresses in other scripts, taken to the next space or bracket, since nothing else tells where they begin.
_ANY_EMAIL = re.compile(r"[^\s<>(),;:，。；：（）、\[\]]{1,64}@[^\s<>(),;:，。；：（）、\[\]]+")
_ID_CARD = re.compile(r"(?<![0-9a-z])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9x](?![0-9a-z])")
_CARD = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])")
_LONG_NUMBER = re.compile(r"[0-9]{9,}")
_EXTENSION = re.compile(r"[ ,]{0,2}(?:x|ext\.?|extension|转|分机) ?[0-9]{1,6}(?![0-9])")
_MEDIUM_NUMBER = re.compile(rf"\+?[0-9](?:[ ().-]{{0,2}}[0-9]){{6,}}(?:{_EXTENSION.pattern})?")
_NOT_PERSONAL = ("date", "amount", "quantity")
_IBAN = re.compile(r"(?<![0-9a-z])[a-z]{2}[0-9]{2}(?: ?[0-9a-z]{4}){2,7}(?: ?[0-9a-z]{1,3})?(?![0-9a-z])")


def find_personal(text: str, *, secrets: Sequence[Secret] = (), entities: Sequence[Entity] = ()) -> list[Finding]:
    """Findings in `text`, the most exact ones last; they may overlap. `entities` are what is known of this text."""
    folded = fold(text)
    rules = find_entities(text)
    return [
        *_stray_numbers(folded, rules),
        *(Finding("PERSON", *span) for span in find_names(text)),
        *(Finding("ADDRESS", *span) for span in find_addresses(text)),
        *(finding for secret in secrets for finding in _occurrences(secret, text)),
        *_of_entities(entities, len(text)),
        *_cards(folded),
        *_of_entities(rules, len(text)),
        *_extensions(folded, rules),
        *_emails(folded),
    ]


def secrets_of(name: str) -> list[Secret]:
    """A person's name as it may stand in texts: whole, and each part that is long enough to be told from a word."""
    parts = {name.strip(), *(part for part in re.split(r"[\s·]+", name) if len(part) >= 3)}
    return [Secret("PERSON", part) for part in sorted(parts, key=len) if len(part) >= 2]


def _of_entities(entities: Sequence[Entity], length: int) -> Iterator[Finding]:
    for entity in entities:
        if entity.type in KINDS and 0 <= entity.start < entity.end <= length:
            yield Finding(KINDS[entity.type], entity.start, entity.end)


def _occurrences(secret: Secret, text: str) -> Iterator[Finding]:
    if len(secret.text) < 2:
        return
    pattern = re.escape(secret.text)
    if not any(is_han(char) for char in secret.text):
        pattern = rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"
    for match in re.finditer(pattern, text):
        yield Finding(secret.kind, *match.span())


def _emails(folded: str) -> Iterator[Finding]:
    if "@" not in folded:
        return
    exact = [match.span() for match in _EMAIL.finditer(folded)]
    for match in _ANY_EMAIL.finditer(folded):
        signs = (match.start() + index for index, char in enumerate(match[0]) if char == "@")
        if not all(any(start <= sign < end for start, end in exact) for sign in signs):
            yield Finding("EMAIL", *match.span())
    yield from (Finding("EMAIL", *span) for span in exact)


def _cards(folded: str) -> Iterator[Finding]:
    for match in _CARD.finditer(folded):
        number = re.sub(r"[ -]", "", match[0])
        if checks.bank_card(number):
            yield Finding("CARD", *match.span())
    for match in _IBAN.finditer(folded):
        if _iban_is_right(match[0].replace(" ", "")):
            yield Finding("CARD", *match.span())
    for match in _ID_CARD.finditer(folded):  # also with a wrong check digit: a mistyped one is as personal
        yield Finding("ID", *match.span())


def _iban_is_right(iban: str) -> bool:
    """ISO 13616: with the first four characters moved behind and letters as 10 to 35, the rest by 97 is 1."""
    return 15 <= len(iban) <= 34 and int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1


def _extensions(folded: str, rules: Sequence[Entity]) -> Iterator[Finding]:
    for rule in rules:
        if rule.type == "phone" and (match := _EXTENSION.match(folded, rule.end)):
            yield Finding("PHONE", rule.start, match.end())


def _stray_numbers(folded: str, rules: Sequence[Entity]) -> Iterator[Finding]:
    explained = [(rule.start, rule.end) for rule in rules if rule.type in _NOT_PERSONAL]
    for match in _MEDIUM_NUMBER.finditer(folded):
        if not any(start < match.end() and match.start() < end for start, end in explained):
            yield Finding("NUMBER", *match.span())
    for match in _LONG_NUMBER.finditer(folded):  # no date or price has nine digits in a row
        yield Finding("NUMBER", *match.span())
