"""Whether a number is meant as a ceiling, a floor or roughly: 至少 8 小时, under 500 g, 三百左右."""

import re
from enum import StrEnum

from agent_assist.recommendation.stances import clause_around


class Comparison(StrEnum):
    """How a number is meant; `STATED` is a number without a word about it."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    ABOUT = "about"
    STATED = "equal"


_GAP = r"[\s$¥€£￥]*(?:rmb|usd|的|为|是|要|在|of|is|be)?[\s$¥€£￥]*$"
_BEFORE = (
    (
        Comparison.AT_MOST,
        r"不超过|不要超过|别超过|不能超过|不大于|不高于|不多于|低于|小于|少于|最多|最高|至多|不到|≤|<=?"
        r"|(?:not|no|doesn't|does not|don't)(?: \w+)?"
        r" (?:more than|over|above|exceed|longer than|bigger than|heavier than)"
        r"|under|below|less than|fewer than|at most|up to|within|max(?:imum|\.)?"
        r"|(?:lighter|smaller|shorter|quieter|cheaper|lower|thinner|narrower) than|limit",
    ),
    (
        Comparison.AT_LEAST,
        r"至少|不低于|不少于|不小于|超过|大于|高于|多于|最少|最低|起码|≥|>=?"
        r"|at least|no less than|not less than|more than|over|above|from|min(?:imum|\.)?"
        r"|(?:longer|bigger|larger|heavier|greater|higher|louder|wider|taller|stronger|better) than",
    ),
    (Comparison.ABOUT, r"大概|大约|约|差不多|around|about|roughly|approximately|approx\.?|close to|near|circa|~"),
)
_AFTER = (
    (
        Comparison.AT_MOST,
        r"以内|以下|之内|内|封顶|或以下|为限|(?:or|and) (?:less|under|below|lower)|tops|max(?:imum)?\b",
    ),
    (Comparison.AT_LEAST, r"以上|或以上|起|往上|\+|(?:or|and) (?:more|up|above|over|longer|bigger|larger)|plus\b"),
    (Comparison.ABOUT, r"左右|上下|的样子|附近|前后|or so|ish\b|give or take"),
)
_COMPILED_BEFORE = [(sense, re.compile(rf"(?:{words}){_GAP}")) for sense, words in _BEFORE]
_COMPILED_AFTER = [
    (sense, re.compile(rf"\s*(?:元|块钱|块|钱|rmb|usd|dollars?|bucks)?\s*(?:的)?(?:{words})"))
    for sense, words in _AFTER
]


def comparison(text: str, start: int, end: int) -> Comparison:
    """How the number at `text[start:end]` of a plain text is meant. A ceiling wins: 不超过 holds 超过."""
    before, after = clause_around(text, start, end)
    for sense, pattern in _COMPILED_AFTER:
        if pattern.match(after):
            return sense
    for sense, pattern in _COMPILED_BEFORE:
        if pattern.search(before):
            return sense
    return Comparison.STATED
