"""Whether two facts can both be true: 7 days and one week can, 7 days and 15 days cannot."""

from decimal import Decimal

from agent_assist.domain.facts import Fact, FactKind

_MINUTES_A_DAY = 1440
# A month of 30 and of 31 days, a year of 365 and of 366 are the same to a shop.
_DAYS_A_MONTH = (28, 31)


def agree(one: Fact, other: Fact) -> bool:
    """True where one says the same as the other, or is a part of it (5 days of 3 to 5 days), of comparable facts."""
    mine, theirs = _values(one), _values(other)
    if mine <= theirs or theirs <= mine:
        return True
    return one.kind is FactKind.DURATION and _same_months(mine, theirs)


def comparable(one: Fact, other: Fact) -> bool:
    """Facts of a kind, and amounts of one currency."""
    if one.kind is not other.kind:
        return False
    return one.kind is not FactKind.AMOUNT or _currencies(one) == _currencies(other)


def _values(fact: Fact) -> frozenset[str]:
    """Working days count as days: "3 days" is said of both."""
    return frozenset(key.removesuffix("-business") for key in fact.keys)


def _currencies(fact: Fact) -> set[str]:
    return {key.partition(" ")[2] for key in fact.keys}


def _same_months(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    ranges = [sorted(_days(key) for key in keys) for keys in (mine, theirs)]
    return len(ranges[0]) == len(ranges[1]) and all(
        low <= other_high and other_low <= high for (low, high), (other_low, other_high) in zip(*ranges, strict=True)
    )


def _days(key: str) -> tuple[Decimal, Decimal]:
    if key.endswith("mon"):
        months = Decimal(key.removesuffix("mon"))
        return months * _DAYS_A_MONTH[0], months * _DAYS_A_MONTH[1]
    days = Decimal(key.removesuffix("min")) / _MINUTES_A_DAY
    return days, days
