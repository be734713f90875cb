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

_EMAIL = re.compile(r"[a-z0-9!#$%&'*+?^_`{|}~.-]+@[a-z0-9.-]*[a-z0-9]")
# Addresses in other scripts, taken to the next space or bracket, since nothing else tells where they begin.
_ANY_EMAIL = re.compile(r"[^\s<>(),;:，。；：（）、\[\]]+@[^\s<>(),;:，。；：（）、\[\]]+")
_ID_CARD = re.compile(r"(?<![0-9a-z])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9x](?![0-9a-z])")
_CARD = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])")
_LONG_NUMBER = re.compile(r"[0-9]{9,}")
_MEDIUM_NUMBER = re.compile(r"\+?[0-9](?:[ ().-]{0,2}[0-9]){6,}")
_NOT_PERSONAL = ("date", "amount", "quantity")

_NAME_EN = r"[A-Z][a-zA-Z'’-]+(?: (?:[A-Z]\. )?[A-Z][a-zA-Z'’-]+){0,2}"
_NAME_ZH = r"[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff])"
_INTRODUCED = (
    re.compile(
        rf"(?:[Mm]y name is|[Tt]his is|I am|I'm|[Nn]ame:|[Rr]ecipient:|Dear|Hi|Hello|Mr\.?|Mrs\.?|Ms\.?) ({_NAME_EN})"
    ),
    re.compile(rf"(?:[Rr]egards|[Ss]incerely|[Tt]hanks|[Cc]heers|[Bb]est),?\s*\n\s*({_NAME_EN})"),
    re.compile(rf"(?:我叫|姓名|收件人|收货人|联系人|名字)(?:是|为)?[:： ]?({_NAME_ZH})"),
    re.compile(r"([\u4e00-\u9fff])(?=(?:先生|女士|小姐)(?:您好|你好|[，,：:！!。 ]|$))"),
)
_NOT_NAMES = frozenset(
    {"There", "Team", "All", "Sir", "Madam", "Customer", "Support", "Friend", "Folks", "Everyone", "Not", "The", "Just"}
)
# Han characters of place names: without those that lead to one (寄到, 住在, 改为, 我的地址是).
_HAN = r"(?:(?![到在是住寄送改的我你他了请址为和去往给])[\u4e00-\u9fff])"
_NUMERAL = r"[0-9a-zA-Z一二三四五六七八九十百-]"
_ADDRESS_ZH = re.compile(
    rf"(?:{_HAN}{{2,6}}(?:省|自治区|特别行政区))?(?:{_HAN}{{2,6}}(?:市|州|盟))?(?:{_HAN}{{1,6}}(?:区|县|旗|镇|乡|街道))?"
    rf"(?:{_HAN}|[0-9]){{1,10}}(?:路|街|巷|弄|大道|胡同|村|小区|花园|苑|大厦|广场){_HAN}{{0,4}}{_NUMERAL}{{1,8}}"
    r"(?:号楼|号院|号|弄|栋|幢|座|单元|室|楼|层)"
    rf"(?:{_NUMERAL}{{1,6}}(?:号楼|号|栋|幢|座|单元|室|楼|层|户)?)*"
)
_ADDRESS_EN = re.compile(
    r"\b[0-9]{1,5}[A-Za-z]? (?:[A-Z][A-Za-z'.]+ ){1,4}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Terrace|Close)\b\.?"
    r"(?:,? (?:Apt|Apartment|Suite|Unit|Flat|#)\.? ?[A-Za-z0-9-]+)?"
    r"(?:,? [A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)?,? [A-Z]{2}(?: [0-9]{5})?)?"
)


def find_personal(text: str, *, secrets: Sequence[Secret] = (), entities: Sequence[Entity] = ()) -> list[Finding]:
    """Findings in `text`, the most exact ones last; they may overlap. `entities` are what is known of this text."""
    folded = fold(text)
    rules = find_entities(text)
    return [
        *_stray_numbers(folded, rules),
        *_introduced(text),
        *_addresses(text),
        *(finding for secret in secrets for finding in _occurrences(secret, text)),
        *_of_entities(entities, len(text)),
        *_cards(folded),
        *_of_entities(rules, len(text)),
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


def _introduced(text: str) -> Iterator[Finding]:
    for pattern in _INTRODUCED:
        for match in pattern.finditer(text):
            if match[1].split(" ")[0] not in _NOT_NAMES:
                yield Finding("PERSON", *match.span(1))


def _addresses(text: str) -> Iterator[Finding]:
    for pattern in (_ADDRESS_ZH, _ADDRESS_EN):
        for match in pattern.finditer(text):
            yield Finding("ADDRESS", *match.span())


def _emails(folded: str) -> Iterator[Finding]:
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
    for match in _ID_CARD.finditer(folded):  # also with a wrong check digit: a mistyped one is as personal
        yield Finding("ID", *match.span())


def _stray_numbers(folded: str, rules: Sequence[Entity]) -> Iterator[Finding]:
    explained = [(rule.start, rule.end) for rule in rules if rule.type in _NOT_PERSONAL]
    for match in _MEDIUM_NUMBER.finditer(folded):
        if not any(start < match.end() and match.start() < end for start, end in explained):
            yield Finding("NUMBER", *match.span())
    for match in _LONG_NUMBER.finditer(folded):  # no date or price has nine digits in a row
        yield Finding("NUMBER", *match.span())
