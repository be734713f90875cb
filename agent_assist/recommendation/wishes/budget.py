"""What it may cost: 500 以内, 三百左右, 一百多, 两三百, under $50, between 200 and 400."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent_assist.domain.patterns import find_numbers
from agent_assist.domain.patterns.amounts import find_amounts
from agent_assist.recommendation.comparisons import Comparison, comparison
from agent_assist.recommendation.spotting import spotter_for
from agent_assist.recommendation.stances import clause_around
from agent_assist.recommendation.wishes.model import Budget

_ROUGHLY = 0.2
_LEAST_PRICE = 5
_JOIN = re.compile(r"\s*(?:元|块)?\s*(?:-|~|到|至|to|and|—)\s*[$¥€£]?\s*$")
_TWO_DIGITS = re.compile(
    r"(?P<a>[一二两三四五六七八])(?P<b>[二三四五六七八九])(?P<scale>百|千|十)(?:块|元|的|左右|$|[,，。])"
)
_DIGIT = {char: value for value, char in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_SCALE = {"十": 10, "百": 100, "千": 1000}
_MORE = re.compile(r"(?:块|元)?(?:多|几)")
# 99 号, 3 个口, 5 star: a number that counts something is no price, money without a unit stands alone.
_UNIT_AFTER = re.compile(r"\s*(?:[a-z%°℃]|个|号|码|口|寸|层|岁|代|级|位|人|件|只|条|张|台|年|月|天|款|种|档)")
_COMPARED_AFTER = re.compile(r"\s*(?:or|and|max|tops|to|for|plus|bucks|ish)\b")


@dataclass(frozen=True, slots=True)
class _Sum:
    start: int
    end: int
    value: float
    currency: str = ""


def read_budget(text: str, *, taken: Sequence[tuple[int, int]]) -> Budget | None:
    """The budget in a plain text; `taken` are the spans of names, measures and counts. No currency: the shop's."""
    if match := _TWO_DIGITS.search(text):
        scale = _SCALE[match["scale"]]
        low, high = _DIGIT[match["a"]] * scale, _DIGIT[match["b"]] * scale
        return Budget(low=low, high=high + scale - 1, about=True, stated=high) if low < high else None
    sums = _sums(text, taken)
    for left, right in itertools.pairwise(sums):
        if _JOIN.fullmatch(text[left.end : right.start]) and left.value < right.value:
            return Budget(low=left.value, high=right.value, currency=right.currency or left.currency)
    return _single(text, sums[-1]) if sums else None


def _single(text: str, one: _Sum) -> Budget:
    sense = comparison(text, one.start, one.end)
    before, after = clause_around(text, one.start, one.end)
    if text[one.start : one.end].endswith("多") or _MORE.match(after):
        return Budget(low=one.value, high=_next_step(one.value), currency=one.currency, about=True, stated=one.value)
    if sense is Comparison.STATED and spotter_for("budget").find(before):
        sense = Comparison.AT_MOST
    match sense:
        case Comparison.AT_MOST:
            return Budget(high=one.value, currency=one.currency, stated=one.value)
        case Comparison.AT_LEAST:
            return Budget(low=one.value, currency=one.currency, stated=one.value)
        case _:
            low, high = one.value * (1 - _ROUGHLY), one.value * (1 + _ROUGHLY)
            return Budget(low=low, high=high, currency=one.currency, about=True, stated=one.value)


def _next_step(value: float) -> float:
    """一百多 is below 200, 三百多 below 400, 一千多 below 2000."""
    step = float(10 ** (len(str(int(value))) - 1))
    return value + step - 1


def _sums(text: str, taken: Sequence[tuple[int, int]]) -> list[_Sum]:
    money = list(_money(text))
    spans = [*taken, *((one.start, one.end) for one in money)]
    bare = [one for one in _bare(text) if all(one.end <= start or one.start >= end for start, end in spans)]
    if not money and not any(_is_price(text, one) for one in bare):
        return []
    return sorted([*money, *bare], key=lambda one: one.start)


def _money(text: str) -> Iterator[_Sum]:
    kept: list[_Sum] = []
    for one in sorted(find_amounts(text), key=lambda c: (c.start - c.end, c.start)):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            value, currency = one.value.split()
            kept.append(_Sum(one.start, one.end, float(value), currency))
    return iter(kept)


def _bare(text: str) -> Iterator[_Sum]:
    for number in find_numbers(text):
        after = text[number.end :]
        if _UNIT_AFTER.match(after) and not _COMPARED_AFTER.match(after):
            continue
        if number.value >= _LEAST_PRICE:
            yield _Sum(number.start, number.end, float(number.value))


def _is_price(text: str, one: _Sum) -> bool:
    """A bare number is a price where it is compared with or a price is spoken of."""
    if comparison(text, one.start, one.end) is not Comparison.STATED or text[one.end : one.end + 1] in {"多", "块"}:
        return True
    before, after = clause_around(text, one.start, one.end)
    if _JOIN.fullmatch(before[-6:]) or re.match(r"\s*(?:到|至|-|~|to|and)\s*[0-9一二三四五六七八九两]", after):
        return "之间" in after or "between" in before or "价" in before + after or "预算" in before
    return bool(spotter_for("budget").find(before))
