"""Whether evidence holds a claim, in whatever form it is written there."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from agent_assist.domain.patterns.spans import fold
from agent_assist.suggestion.guard.claims import Claim, find_claims
from agent_assist.suggestion.guard.places import members

# A month is 28 to 31 days long, half of one 15; a year may be 365 or 366.
_DAYS_A_MONTH = (28, 31)
_MINUTES_A_DAY = 1440
_HALF_A_DAY = 720
_LONG = 6
_TO = re.compile(r"\s?(?:至|到|-|~|to|through|until|–)\s?(?:本周|下?周)?")
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_LISTED = re.compile(r"\s?[|、/~-]")
# "Items: desk lamp x3"
_TIMES = re.compile(r"(?<![a-z0-9])[x×*]\s?([0-9]{1,4})(?![0-9a-z])")
_TWICE = re.compile(r"\b(?:twice|both|couple)\b|双倍|两倍|翻倍")
# "$5 a month" rests on "monthly", 一年内消费 on 年消费.
_RATES = {
    "12mon": re.compile(r"每年|年(?:消费|费|卡|度|付|租)|\b(?:yearly|annual|(?:a|per|each|every) year)"),
    "1mon": re.compile(r"每个?月|月(?:付|费|租|卡|供)|包月|\b(?:monthly|(?:a|per|each|every) month)"),
    "10080min": re.compile(r"每周|周(?:租|付)|\b(?:weekly|(?:a|per|each|every) week)"),
    "1440min": re.compile(r"每天|每日|日(?:租|付|均)|\b(?:daily|(?:a|per|each|every) (?:day|night))"),
}


class Known:
    """All claims of some texts, by what they are about."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._keys: dict[str, set[str]] = defaultdict(set)
        self._bare: set[str] = set()
        self._listed: set[str] = set()
        parts: list[str] = []
        for text in texts:
            self._add(text)
            parts.append(fold(text))
        self.folded = "\n".join(parts)
        self._squeezed = re.sub(r"[-\s_()+]", "", self.folded)

    def holds(self, claim: Claim, written: str) -> bool:
        """Whether every key is known: of "3-5 days" both ends. `written` is the claim's own text."""
        keys = self._keys[_kind(claim.group)]
        if all(key in keys or self._otherwise(claim, key, keys) for key in claim.keys):
            return True
        folded = fold(written)
        digits = _DIGITS.findall(folded)
        if claim.group in {"identifier", "link", "code"} or (
            claim.group.startswith("number") and len("".join(digits)) >= _LONG
        ):
            squeezed = re.sub(r"[-\s_()+#]", "", folded)
            return len(squeezed) >= (_LONG if squeezed.isdigit() else 3) and squeezed in self._squeezed
        if claim.group.startswith("number") and claim.keys <= self._bare:
            return True
        # In a table the unit stands in the head: "退货期(天) | 7".
        return bool(digits) and all(digit in self._listed for digit in digits)

    def keys(self, kind: str) -> set[str]:
        """The keys of a kind."""
        return self._keys[kind]

    def _add(self, text: str) -> None:
        claims = find_claims(text)
        for claim in claims:
            kind = _kind(claim.group)
            self._keys[kind] |= claim.keys
            if kind == "place":
                self._keys[kind] |= {place for key in claim.keys for place in members(key)}
            if kind in {"amount", "percentage", "number"}:
                self._bare |= {key.split(" ")[0].removesuffix(".00") for key in claim.keys}
            if kind == "number" and (_LISTED.match(text, claim.end) or _in_table(text, claim.start)):
                self._listed |= claim.keys
        for one, other in itertools.pairwise(claims):
            if one.group == other.group == "weekday" and _TO.fullmatch(text[one.end : other.start]):
                self._keys["weekday"] |= _days_between(one, other)
        self._keys["number"] |= {match[1].lstrip("0") for match in _TIMES.finditer(fold(text))}
        if _TWICE.search(fold(text)):
            self._keys["number"].add("2")

    def _otherwise(self, claim: Claim, key: str, keys: set[str]) -> bool:
        match _kind(claim.group):
            case "date":
                return any(_same_day(key, other) for other in keys)
            case "duration":
                rate = _RATES.get(key)
                return any(_same_length(key, other) for other in keys) or bool(rate and rate.search(self.folded))
            case "clock":
                return any(_same_time(key, other) for other in keys)
            case "place":
                own = members(key)[1:]
                return bool(own) and all(place in keys for place in own)
            case "letters":
                letters = re.escape(key.partition(":")[2])
                return re.search(rf"(?<![a-z]){letters}(?![a-z])", self.folded) is not None
            case _:
                return False


def same_claim(one: Claim, other: Claim) -> bool:
    """Whether two claims of a group say the same."""
    if one.keys & other.keys:
        return True
    alike = {"date": _same_day, "duration": _same_length, "clock": _same_time}.get(_kind(one.group))
    return alike is not None and any(alike(mine, theirs) for mine in one.keys for theirs in other.keys)


def _kind(group: str) -> str:
    """Numbers are looked up whatever they count, amounts whatever their currency: the key tells that."""
    return next((kind for kind in ("amount", "number") if group.startswith(kind)), group)


def _in_table(text: str, place: int) -> bool:
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    return "|" in text[start : end if end >= 0 else len(text)]


def _days_between(one: Claim, other: Claim) -> set[str]:
    ends = [int(next(iter(claim.keys))[3:]) if next(iter(claim.keys))[3:].isdigit() else -1 for claim in (one, other)]
    return {f"day{day}" for day in range(ends[0], ends[1] + 1)} if ends[0] >= 0 else set()


def _same_day(one: str, other: str) -> bool:
    """The year may be left out."""
    if one.startswith("--") or other.startswith("--"):
        return len(one) >= 7 and one[-5:] == other[-5:] and len(other) >= 7
    return False


def _same_time(one: str, other: str) -> bool:
    """9点 may be 21:00 where nothing tells morning from evening, 9 am is not."""
    minutes = [int(key.strip("at~")) for key in (one, other)]
    apart = abs(minutes[0] - minutes[1])
    return apart == 0 or (apart == _HALF_A_DAY and (one.endswith("~") or other.endswith("~")))


def _same_length(one: str, other: str) -> bool:
    if one == other:
        return True
    days = _days(one), _days(other)
    if days[0] is None or days[1] is None or one.endswith("mon") == other.endswith("mon"):
        return False
    return days[0][0] <= days[1][1] and days[1][0] <= days[0][1]


def _days(key: str) -> tuple[Decimal, Decimal] | None:
    try:
        if key.endswith("mon"):
            months = Decimal(key.removesuffix("mon"))
            return months * _DAYS_A_MONTH[0], months * _DAYS_A_MONTH[1]
        days = Decimal(key.removesuffix("min")) / _MINUTES_A_DAY
    except InvalidOperation:
        return None  # working days and words are compared as they are
    return days, days
