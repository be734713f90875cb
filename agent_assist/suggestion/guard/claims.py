"""What a text states that can be looked up: the facts of `domain.facts`, and what only replies need to be checked for.

A claim's keys are the same however it is written: 0.5kg = 500克 = 1斤, 17:00 = 下午五点 = 5 pm, 周一 = 星期一 = Monday.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agent_assist.domain.facts import Fact, FactKind, find_facts
from agent_assist.domain.patterns.spans import fold
from agent_assist.domain.suggestion import UnsupportedReason
from agent_assist.suggestion.guard.lengths import find_lengths
from agent_assist.suggestion.guard.measures import find_measures
from agent_assist.suggestion.guard.names import find_codes, find_links
from agent_assist.suggestion.guard.places import find_places
from agent_assist.suggestion.guard.times import find_times


@dataclass(frozen=True, slots=True)
class Claim:
    """Characters `start` to `end` of a text state something. Claims of one `group` can stand in each other's place."""

    reason: UnsupportedReason
    start: int
    end: int
    keys: frozenset[str]
    group: str


# Two ways, 三种: how many there are is counted by the writer, not read in a source.
_COUNTED_BY_THE_WRITER = re.compile(
    r"[两二三](?=种|者|点|方面|类|样|边|头|步|个(?:型号|尺寸|规格|版本|方案|选择|办法|方式|问题|情况|信息|步骤))"
    r"|\b(?:two|three) (?=(?:ways?|options?|things?|choices|steps|methods|reasons|possibilit|questions)\b)"
)
# 03-05 09:12, as orders tell when a parcel was where.
_STAMP = re.compile(r"(?<![0-9-])(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?= [0-2][0-9]:[0-5][0-9])")
_UNIT = re.compile(r"\s?(?:([A-Za-z]+)|([\u4e00-\u9fff]))")


@lru_cache(maxsize=4096)
def find_claims(text: str) -> tuple[Claim, ...]:
    """The claims of `text` in order of place; none overlaps another."""
    kept: list[Claim] = []
    for claim in _candidates(text):
        if all(claim.end <= other.start or claim.start >= other.end for other in kept):
            kept.append(claim)
    return tuple(sorted(kept, key=lambda claim: claim.start))


def _candidates(text: str) -> Iterator[Claim]:
    """The surer form first: a link before the numbers in it."""
    folded = fold(text)
    for start, end, key in find_links(folded):
        yield Claim(UnsupportedReason.IDENTIFIER, start, end, frozenset({key}), "link")
    facts = find_facts(text)
    identifiers = [fact for fact in facts if fact.kind is FactKind.IDENTIFIER]
    yield from (_of_fact(text, fact) for fact in identifiers)
    for start, end, keys, group in find_times(folded):
        reason = UnsupportedReason.TIME if group == "clock" else UnsupportedReason.DATE
        yield Claim(reason, start, end, keys, group)
    for start, end, keys in find_lengths(folded):
        yield Claim(UnsupportedReason.DURATION, start, end, keys, "duration")
    for start, end, key in find_measures(folded):
        yield Claim(UnsupportedReason.NUMBER, start, end, frozenset({key}), key.partition(":")[0])
    for match in _STAMP.finditer(folded):
        key = f"--{int(match[1]):02}-{int(match[2]):02}"
        yield Claim(UnsupportedReason.DATE, *match.span(), frozenset({key}), "date")
    for start, end, key in find_codes(folded, text):
        yield Claim(UnsupportedReason.PRODUCT, start, end, frozenset({key}), "code")
    counted = [match.span() for match in _COUNTED_BY_THE_WRITER.finditer(folded)]
    for fact in facts:
        if fact.kind is not FactKind.IDENTIFIER and (fact.start, fact.start + 1) not in counted:
            yield _of_fact(text, fact)
    for start, end, key in find_places(folded):
        yield Claim(UnsupportedReason.PLACE, start, end, frozenset({key}), "place")


def _of_fact(text: str, fact: Fact) -> Claim:
    keys = fact.keys
    group = str(fact.kind)
    if fact.kind is FactKind.AMOUNT:
        group += next(iter(keys)).partition(" ")[2]
    elif fact.kind is FactKind.NUMBER:
        unit = _UNIT.match(text, fact.end)
        group += (unit[1] or unit[2]).lower().rstrip("s") if unit else ""
    return Claim(UnsupportedReason[fact.kind.name], fact.start, fact.end, keys, group)
