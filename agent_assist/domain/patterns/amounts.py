"""Amounts of money: ¥1,299 / 1299元 / 三百块 / 五毛 / 满300减50 / $29.99 / 45 bucks; values like "1299.00 CNY"."""

import re
from collections.abc import Iterator
from decimal import Decimal

from agent_assist.domain.patterns.numbers import DIGITS, ENGLISH, HAN, NUMBER, parse_number
from agent_assist.domain.patterns.spans import Candidate, Rank

_BEFORE = {
    "us$": "USD", "hk$": "HKD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nt$": "TWD", "s$": "SGD",
    "$": "USD", "¥": "CNY", "€": "EUR", "£": "GBP", "rmb": "CNY", "cny": "CNY", "usd": "USD", "eur": "EUR",
    "gbp": "GBP", "hkd": "HKD", "人民币": "CNY", "jpy": "JPY",
}  # fmt: skip
_AFTER = {
    "元": "CNY", "圆": "CNY", "块钱": "CNY", "块": "CNY", "人民币": "CNY", "元人民币": "CNY",
    "rmb": "CNY", "cny": "CNY", "yuan": "CNY", "美元": "USD", "美金": "USD", "刀": "USD", "dollars": "USD",
    "dollar": "USD", "bucks": "USD",
    "buck": "USD", "usd": "USD", "港币": "HKD", "港元": "HKD", "hkd": "HKD",
    "欧元": "EUR", "euros": "EUR", "euro": "EUR", "eur": "EUR", "€": "EUR",
    "英镑": "GBP", "gbp": "GBP", "quid": "GBP", "£": "GBP", "日元": "JPY", "jpy": "JPY",
    "us dollars": "USD", "$": "USD",
}  # fmt: skip
_SIGNS = "|".join(re.escape(sign) for sign in sorted(_BEFORE, key=len, reverse=True))
_UNITS = "|".join(
    re.escape(unit) + (r"\b" if unit[-1].isascii() and unit[-1].isalpha() else "")
    for unit in sorted(_AFTER, key=len, reverse=True)
)
_SIGN_FIRST = re.compile(rf"(?<![a-z])(?P<sign>{_SIGNS})\s?(?P<n>{DIGITS})(?P<k>k(?![a-z])|万|千|百)?(?P<m>元|块)?")
_UNIT_LAST = re.compile(
    rf"(?:(?P<low>{NUMBER})\s?(?:-|~|到|至)\s?)?(?P<n>{NUMBER}|{ENGLISH})(?P<k>k)?(?P<more>多|几|来)?\s?(?P<unit>{_UNITS})(?P<sub>[0-9]|[一二三四五六七八九半])?(?P<mao>毛|角)?"
)
_MAO = re.compile(rf"(?P<n>{NUMBER})\s?(?P<unit>毛|角)(?P<sub>钱|[一二三四五六七八九])?")
_CENTS = re.compile(rf"(?P<n>{DIGITS}|{ENGLISH})\s?cents?\b")
_THRESHOLD = re.compile(
    rf"满\s?(?P<a>{DIGITS}|{HAN})\s?(?:元|块)?\s?(?:立减|减|送|返|打|包|免|可用|-)\s?(?P<b>{DIGITS}|{HAN})?"
)
_EACH = set("个件套次张本台条只双盒瓶包袋箱把支份块斤克米月年天日位人间晚单副对组趟节小公平")
_NOT_MONEY_BEFORE = "第"
_AFTER_SMALL_KUAI = set(
    "，。！？、,.!?；;：: )）\n多的了吗呢吧啊呀嘛都就也还才左右以优退差券红补给钱是不有没能我你他她这那"
)


def find_amounts(folded: str) -> Iterator[Candidate]:
    """Candidates in text that went through `spans.fold`; values with two decimals and the ISO 4217 code."""
    for match in _SIGN_FIRST.finditer(folded):
        yield _amount(match.start(), match.end(), _scaled(match["n"], match["k"]), _BEFORE[match["sign"]])
    for match in _UNIT_LAST.finditer(folded):
        yield from _with_unit(folded, match)
    if "毛" in folded or "角" in folded:
        yield from _small_change(folded)
    if "cent" in folded:
        for match in _CENTS.finditer(folded):
            value = parse_number(match["n"])
            if value is not None and match["n"] not in {"a", "an"}:
                yield _amount(*match.span(), value / 100, "USD")
    if "满" in folded:
        yield from _thresholds(folded)


def _amount(start: int, end: int, value: Decimal, currency: str) -> Candidate:
    return Candidate("amount", start, end, Rank.AMOUNT, f"{value:.2f} {currency}")


def _scaled(number: str, suffix: str | None) -> Decimal:
    return (parse_number(number) or Decimal(0)) * {"k": 1000, "万": 10_000, "千": 1000, "百": 100}.get(suffix or "", 1)


def _with_unit(folded: str, match: re.Match[str]) -> Iterator[Candidate]:
    value, currency = parse_number(match["n"]), _AFTER[match["unit"]]
    if value is None or folded[match.start() - 1 : match.start()] == _NOT_MONEY_BEFORE:
        return
    if match["unit"] in {"块", "刀", "元", "圆"} and _is_counter(folded, match, value):
        return
    if match["k"]:
        value *= 1000
    end = match.end("unit")
    if match["sub"] and match["unit"] in {"块", "元"} and not _is_each(folded, match):
        value += (parse_number(match["sub"]) or Decimal(0)) * (1 if match["sub"] == "半" else Decimal("0.1"))
        end = match.end("mao") if match["mao"] else match.end("sub")
    low = parse_number(match["low"]) if match["low"] else None
    if low is not None:
        yield _amount(*match.span("low"), low, currency)
        yield _amount(match.start("n"), end, value, currency)
    else:
        yield _amount(match.start(), end, value, currency)


def _is_each(folded: str, match: re.Match[str]) -> bool:
    """21元一套 is the price of one, 三块五 is 3.50."""
    return match["sub"] == "一" and folded[match.end("sub") : match.end("sub") + 1] in _EACH


def _is_counter(folded: str, match: re.Match[str], value: Decimal) -> bool:
    """两块巧克力 are two pieces, 一块儿 is "together", 三百块 is money; 元旦 and 元宵 are feasts, 圆 a shape."""
    rest = folded[match.end("unit") : match.end("unit") + 2]
    unit = match["unit"]
    if unit in {"元", "圆"}:
        return rest[:1] in {"旦", "宵", "素", "形", "领", "桌", "件"}
    if unit == "刀":
        return rest[:1] in {"具", "片", "头", "架", "叉"} or value < 2
    if match["sub"] or (value >= 10 and rest[:1] not in {"地"}):
        return False
    if value == 1:
        return True
    return bool(rest) and rest[0] not in _AFTER_SMALL_KUAI


def _small_change(folded: str) -> Iterator[Candidate]:
    for match in _MAO.finditer(folded):
        value = parse_number(match["n"])
        if value is None or (match["unit"] == "角" and not match["sub"]) or value >= 100:
            continue
        rest = folded[match.end() : match.end() + 1]
        if match["sub"] or not rest or rest in _AFTER_SMALL_KUAI:
            cents = Decimal(0) if match["sub"] in {None, "钱"} else parse_number(match["sub"]) or Decimal(0)
            yield _amount(*match.span(), value / 10 + cents / 100, "CNY")


def _thresholds(folded: str) -> Iterator[Candidate]:
    for match in _THRESHOLD.finditer(folded):
        for group in ("a", "b"):
            value = parse_number(match[group]) if match[group] else None
            rest = folded[match.end(group) : match.end(group) + 1] if value is not None else ""
            if value is not None and value >= 5 and rest not in set("件个天折年月双元块%"):
                yield _amount(*match.span(group), value, "CNY")
