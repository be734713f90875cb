"""How many: 两件, 3双, 一对, 3 pcs, a pair, x2; measures (500g, 256GB), times and money are none."""

import re
from collections.abc import Iterator

from agent_assist.domain.patterns.numbers import ENGLISH, NUMBER, parse_number, plain
from agent_assist.domain.patterns.spans import Candidate, Rank

_COUNTERS = "件双个条台部套只盒瓶包袋箱把张本支罐份块卷对顶副枚颗片辆床根串桶打箱款单"
_ZH = re.compile(
    rf"(?<![第每])(?P<n>{NUMBER})\s?(?P<c>[{_COUNTERS}])(?!月|工作日|自然日|小时|钟头|星期|礼拜|季度|号|价|码|品|装|地|半|点|折|[0-9])"
)
_EN_UNIT = (
    r"(?:pcs?|pieces?|items?|units?|pairs?|sets?|boxes|box|packs?|packets?|bottles?|bags?|copies|copy|orders|rolls?|tubes?"
    r"|cans?|jars?|shirts?|shoes|dresses|jackets?|lamps?|mugs?|cups?|pillows?|towels?|socks|chargers?|cables?|phones?"
    r"|headphones?|earbuds|mattresses|blankets?|chairs?|parcels?|packages?|products?|articles?)"
)
_EN = re.compile(
    rf"(?<![a-z0-9$#.-])(?P<n>[0-9]{{1,5}}(?![0-9,.])|{ENGLISH}(?: couple(?: of)?)?)[ -]?"
    rf"(?P<d>(?:of |of the |more |extra |of these |of them )?){_EN_UNIT}\b"
)
_TIMES = re.compile(
    r"(?<![0-9a-z.])(?:[x×*]\s?(?P<a>[1-9][0-9]{0,3})(?![0-9a-z.])|(?P<b>[1-9][0-9]{0,3})\s?[x×](?![0-9a-z]))"
)
_NOUNS_OF_ARTICLE = {"pair", "dozen", "set", "couple", "box", "pack"}
_NO_COUNT_AFTER_ONE = re.compile(
    r"[个份张条](?:问题|事|人|客服|月|多|电话|朋友|差评|说法|解释|交代|回复|答复|地址|东西|情况|办法|建议|疑问|原因|理由|下|消息|样|截图|图|投诉|字|链接)"
)


def find_quantities(folded: str) -> Iterator[Candidate]:
    """Candidates in text that went through `spans.fold`; the value is the count in digits."""
    for match in _ZH.finditer(folded):
        value = parse_number(match["n"])
        if value is None or _is_article(folded, match) or (match["c"] == "单" and not match["n"].isdigit()):
            continue
        yield Candidate("quantity", *match.span(), Rank.QUANTITY, plain(value))
    for match in _EN.finditer(folded):
        yield from _english(match)
    for match in _TIMES.finditer(folded):
        yield Candidate("quantity", *match.span(), Rank.QUANTITY, match["a"] or match["b"], 0.9)


def _is_article(folded: str, match: re.Match[str]) -> bool:
    """一个问题 counts nothing, and neither do 一件事 and 三个人."""
    if match["n"] in {"一", "1"} and (match.start() and folded[match.start() - 1] in "这那哪有同另某任进统万唯"):
        return True
    return _NO_COUNT_AFTER_ONE.match(folded, match.start("c")) is not None


def _english(match: re.Match[str]) -> Iterator[Candidate]:
    written = match["n"]
    unit = match[0].split()[-1].rstrip("s")
    if written in {"a", "an"} and unit not in _NOUNS_OF_ARTICLE:
        return  # "an item", "a mug": an article, no count
    value = 2 if "couple" in written else parse_number(written)
    if value is not None:
        yield Candidate(
            "quantity", *match.span(), Rank.QUANTITY, str(value) if isinstance(value, int) else plain(value)
        )
