"""Order numbers, tracking numbers, e-mail addresses; and links and card numbers, which are none of them.

Sources of the forms: UPU S10; the carriers' public descriptions of SF, YTO, JD, ZTO, STO, J&T, UPS and USPS numbers.
"""

import re
from collections.abc import Iterator

from agent_assist.domain.patterns import checks
from agent_assist.domain.patterns.spans import Candidate, Rank

_EDGE = r"(?<![0-9a-z])"
_END = r"(?![0-9a-z])"
_SHOP_ORDER = re.compile(rf"{_EDGE}gf[0-9]{{10}}{_END}")
_MARKETPLACE_ORDER = re.compile(rf"{_EDGE}[0-9]{{3}}-[0-9]{{7}}-[0-9]{{7}}{_END}")
_HASH_ORDER = re.compile(rf"(?<![0-9a-z&#])#\s?((?:[a-z]{{1,4}}-?)?[0-9]{{4,19}}(?:-[0-9]{{1,4}})?){_END}")
_CARRIER = re.compile(
    rf"{_EDGE}(?:sf[0-9]{{12,15}}|yt[0-9]{{13,15}}|jd[a-z0-9]{{0,3}}[0-9]{{10,15}}(?:-[0-9]+){{0,3}}|zto[0-9]{{10,14}}"
    rf"|sto[0-9]{{10,14}}|jt[0-9]{{13}}|yd[0-9]{{13,15}}|db[l0-9][0-9]{{10,13}}|dpk[0-9]{{9,12}}|lp[0-9]{{14,16}}"
    rf"|tba[0-9]{{12}}|jjd[0-9]{{16,18}}|ems[0-9]{{10,13}}){_END}"
)
_UPS = re.compile(rf"{_EDGE}1z ?[0-9a-z]{{3}} ?[0-9a-z]{{3}} ?[0-9a-z]{{2}} ?[0-9a-z]{{4}} ?[0-9a-z]{{4}}{_END}")
_S10 = re.compile(rf"{_EDGE}[a-z]{{2}}[0-9]{{9}}[a-z]{{2}}{_END}")
_USPS = re.compile(rf"{_EDGE}9[2-5][0-9]{{2}}(?: ?[0-9]{{4}}){{4}} ?[0-9]{{2}}{_END}")
_LONG_DIGITS = re.compile(rf"{_EDGE}[0-9]{{13,19}}x?{_END}")
_CODE = rf"(?:[a-z]{{1,6}}[-_]?)?[0-9][0-9a-z]*(?:-[0-9a-z]+){{0,3}}{_END}"
_CODE_AT = re.compile(_CODE)
_FILL = r"(?:\s*(?:是|为|分别|分别是|：|:|#|is|was|are|=|【|\[|\(|\"|“|「|号|的|\s)){0,4}\s*"
_ORDER_CONTEXT = re.compile(
    rf"(?:订单编号|订单号码|订单号|订单|单号|交易号|order\s?(?:number|num|nr|no|id|ref(?:erence)?|code)s?\b\.?|orders?\b)"
    rf"{_FILL}(?={_CODE})"
)
_TRACK_CONTEXT = re.compile(
    rf"(?:(?:运单|快递|物流|包裹|退货|面单|货运|顺丰|圆通|中通|申通|韵达|京东快递|极兔|邮政|ems)(?:单|编)?(?:号码|号|单)?"
    rf"|track(?:ing|in)?(?:\s?(?:number|num|no|id|code|#))*\.?|waybill(?:\s?(?:number|no))?|awb"
    rf"|(?:parcel|package|shipment|ups|fedex|dhl|usps)(?:\s?(?:number|no|id))*\b\.?){_FILL}(?={_CODE})"
)
_ORDER_AFTER = re.compile(
    r"\s?(?:这个|这笔|这一|这|那个|那笔|的|，|,)?(?:订单|单子|这单)|\s?\(?(?:is|was) (?:my|the) order"
)
_TRACK_AFTER = re.compile(r"\s?(?:这个|的|这)?(?:快递|运单|物流|包裹)|\s?\(?is (?:my|the) tracking")
_LIST = re.compile(r"\s?(?:、|，|,|/|和|跟|与|还有|以及|and|&|;)\s?(?:还有|and\b)?\s?")
_EMAIL_LOCAL = re.compile(r"[a-z0-9._%+\-]{1,64}\Z")
_EMAIL_HOST = re.compile(r"@(?:[a-z0-9][a-z0-9\-]{0,62}\.){1,5}[a-z]{2,24}(?![a-z0-9])")
_LINK = re.compile(r"(?:https?://|www\.)[!-~]{2,2000}")


def find_identifiers(folded: str) -> Iterator[Candidate]:
    """Candidates in text that went through `spans.fold`."""
    has_digit = any("0" <= char <= "9" for char in folded)
    if "@" in folded:
        yield from _emails(folded)
    if "://" in folded or "www." in folded:
        yield from (Candidate("", *match.span(), Rank.BLOCKED) for match in _LINK.finditer(folded))
    if has_digit:
        yield from _by_form(folded)
        yield from _in_context(folded, "tracking_number", _TRACK_CONTEXT)
        yield from _in_context(folded, "order_number", _ORDER_CONTEXT)
        yield from _long_digits(folded)


def _emails(folded: str) -> Iterator[Candidate]:
    """From each @ outwards: linear also where a text is one endless word."""
    for match in _EMAIL_HOST.finditer(folded):
        at = match.start()
        local = _EMAIL_LOCAL.search(folded[max(0, at - 64) : at])
        if local:
            start = at - len(local[0].lstrip(".-"))
            if start < at:
                yield Candidate("email", start, match.end(), Rank.CHECKED, folded[start : match.end()])


def _by_form(folded: str) -> Iterator[Candidate]:
    for match in _SHOP_ORDER.finditer(folded):
        yield _candidate("order_number", match, Rank.CHECKED)
    for match in _MARKETPLACE_ORDER.finditer(folded):
        yield _candidate("order_number", match, Rank.CHECKED)
    if "#" in folded:
        for match in _HASH_ORDER.finditer(folded):
            yield Candidate("order_number", *match.span(), Rank.IN_CONTEXT, match[1].upper(), 0.9)
    for match in _CARRIER.finditer(folded):
        yield _candidate("tracking_number", match, Rank.CHECKED)
    for pattern, is_right in ((_UPS, checks.ups), (_S10, checks.s10), (_USPS, _mod10)):
        for match in pattern.finditer(folded):
            if is_right(match[0].replace(" ", "")):
                yield _candidate("tracking_number", match, Rank.CHECKED)


def _mod10(number: str) -> bool:
    """GS1 check digit, as USPS puts it at the end."""
    total = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(number[:-1])))
    return (10 - total % 10) % 10 == int(number[-1])


def _candidate(kind: str, match: re.Match[str], rank: Rank, score: float = 1.0) -> Candidate:
    return Candidate(kind, *match.span(), rank, match[0].replace(" ", "").upper(), score)


def _in_context(folded: str, kind: str, context: re.Pattern[str]) -> Iterator[Candidate]:
    """Codes right behind words such as 订单号 or "tracking number", and those that go on a list begun there."""
    for words in context.finditer(folded):
        position: int | None = words.end()
        while position is not None:
            code = _CODE_AT.match(folded, position)
            if code is None or not _plausible(kind, words[0], code[0], folded[code.end() : code.end() + 1]):
                break
            yield _candidate(kind, code, Rank.IN_CONTEXT, 0.95)
            following = _LIST.match(folded, code.end())
            position = following.end() if following else None


def _plausible(kind: str, words: str, code: str, follower: str) -> bool:
    digits = sum(char.isdigit() for char in code)
    if follower and follower in "元块年月日号.%折件个" and digits < 8:
        return False
    if "-" in code and digits <= 8 and code[0].isdigit():
        return False  # 2026-11-02
    if kind == "tracking_number":
        return 10 <= digits <= 24
    named = any(word in words for word in ("号", "num", "no", "id", "ref", "code", "#"))
    if named:
        return 4 <= digits <= 24
    return digits >= (5 if code[0].isdigit() else 4)


def _long_digits(folded: str) -> Iterator[Candidate]:
    alone = folded.strip()
    for match in _LONG_DIGITS.finditer(folded):
        number = match[0]
        if checks.identity_card(number) or (number[-1] != "x" and checks.bank_card(number)):
            # Below an order or parcel number that its words name: one number in ten has a right check digit by chance.
            yield Candidate("", *match.span(), Rank.PHONE_WEAK)
        elif number[-1] == "x":
            continue
        elif _TRACK_AFTER.match(folded, match.end()):
            yield _candidate("tracking_number", match, Rank.IN_CONTEXT, 0.85)
        elif _ORDER_AFTER.match(folded, match.end()) or (number == alone and len(number) >= 15):
            yield _candidate("order_number", match, Rank.IN_CONTEXT, 0.8)
    yield from _shorter_before_words(folded)


_MEDIUM_DIGITS = re.compile(rf"{_EDGE}[0-9]{{10,12}}{_END}")


def _shorter_before_words(folded: str) -> Iterator[Candidate]:
    for match in _MEDIUM_DIGITS.finditer(folded):
        if len(match[0]) == 12 and _TRACK_AFTER.match(folded, match.end()):
            yield _candidate("tracking_number", match, Rank.IN_CONTEXT, 0.85)
        elif _ORDER_AFTER.match(folded, match.end()):
            yield _candidate("order_number", match, Rank.IN_CONTEXT, 0.8)
