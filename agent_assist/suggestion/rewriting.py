"""A text worded anew, held against the one it came from: figures, language, repetition."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent_assist.domain.facts import Fact, FactKind, find_facts
from agent_assist.domain.language import Language, detect_language, is_han
from agent_assist.text.comparable import comparison_key

# What a translation into English may keep of Han characters: names of products and places.
_HAN_SHARE = 0.1
_DIGITS = re.compile(r"\d+(?:[.:/-]\d+)*")
_LINKS = re.compile(r"(?:https?://|www\.)[^\s，。；）)]*[\w/]", re.IGNORECASE)
_SENTENCE = re.compile(r"[^。！？.!?\n]+[。！？.!?]*")
# Lines that say nothing to word anew: "Best regards,", a name, a heading.
_SHORT_LINE = {Language.ZH: 6, Language.EN: 20}


@dataclass(frozen=True, slots=True)
class Drift:
    """Figures, identifiers and links of the original that are `lost`, and of the other text that are `added`."""

    lost: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.lost or self.added)


def drift(original: str, text: str) -> Drift:
    """What a rewrite changed that it must not."""
    return Drift(lost=_missing(original, text), added=_missing(text, original))


def is_in(text: str, language: Language) -> bool:
    """Whether `text` is in `language`, but for names."""
    if language is Language.EN and sum(map(is_han, text)) > _HAN_SHARE * len(text):
        return False
    return detect_language(text) is language


def repeats_itself(text: str, original: str) -> bool:
    """Whether a sentence comes twice which the original has once at most."""
    return any(count > 1 and count > _sentences(original).get(key, 0) for key, count in _sentences(text).items())


def paragraphs(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of `text`, which joined give it back, and whether each is a paragraph to word anew."""
    for piece in re.split(r"(\s*\n\s*)", text):
        if piece:
            yield piece, bool(piece.strip())


def says_something(paragraph: str) -> bool:
    """Whether there is enough in a paragraph to be worded anew in its language."""
    stripped = paragraph.strip()
    return len(stripped) > _SHORT_LINE[detect_language(stripped)] or stripped[-1:] in "。！？.!?"


def _missing(one: str, other: str) -> tuple[str, ...]:
    """What of `one` is not in `other`, as `one` has it."""
    keys = _keys(find_facts(other))
    digits = set(_DIGITS.findall(other))
    links = set(_LINKS.findall(other))
    lost = [one[fact.start : fact.end] for fact in find_facts(one) if not _is_there(fact, one, keys, digits)]
    return tuple(dict.fromkeys([*lost, *(link for link in _LINKS.findall(one) if link not in links)]))


def _keys(facts: Sequence[Fact]) -> dict[FactKind, set[str]]:
    found: dict[FactKind, set[str]] = {kind: set() for kind in FactKind}
    for fact in facts:
        found[fact.kind] |= fact.keys
    return found


def _is_there(fact: Fact, text: str, keys: dict[FactKind, set[str]], digits: set[str]) -> bool:
    """By value; or by its digits, where the other language writes it as another kind of fact (8 折, 80% of the price
    apart): "满99元" and "over 99"."""
    if fact.keys <= keys[fact.kind]:
        return True
    own = set(_DIGITS.findall(text[fact.start : fact.end]))
    return bool(own) and own <= digits and fact.kind is not FactKind.PERCENTAGE


def _sentences(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for match in _SENTENCE.finditer(text):
        key = comparison_key(match[0])
        if len(key) > 3:
            counts[key] = counts.get(key, 0) + 1
    return counts
