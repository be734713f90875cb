"""Words that the shop never writes to customers: absolute claims, and asking to deal outside of the platform.

The list is a setting. A word that is also ordinary speech (第一次 beside 销量第一) counts only where it is a claim; one
that says what not to do ("please do not pay outside the platform") never counts.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from agent_assist.domain.patterns.spans import fold
from agent_assist.domain.suggestion import Unsupported, UnsupportedReason

# Between entries of the list; "…" within one stands for a few characters.
_BETWEEN = re.compile(r"[,，、;；\n]+")
_GAP_ZH, _GAP_EN = r"[^，,、。.！!？?；;\n]{0,6}?", r"(?: [\w']+){0,3}? "
_CLAUSE_BEGIN = re.compile(r"[，,。.！!？?；;：:\n]")
_NOT = re.compile(
    r"不|勿|别(?!的)|禁止|严禁|拒绝|谨防|避免|防止|警惕|无法|没有|并非|未|\b(?:not?|never|cannot|avoid|refuse|beware|without|against)\b|n't\b"
)
_NO_NOT = re.compile(r"不(?:仅|但|只|要错过|容错过)|别错过|不得不|(?:do not|don't|never) miss|not only|no doubt|不妨")
_REACH = 48
# Where the list's words are no claims: 第一次, 最好先充电, 永久居留. Looked for around the place of the word.
_ORDINARY: dict[str, re.Pattern[str]] = {
    "第一": re.compile(
        r"第一(?:次|时间|步|天|个|件|单|张|台|年|批|位|页|章|排|段|条|种|款|项|季|期|层|行|笔|份|周|月|轮|代|套|封|遍|眼|道|点|人民)"
    ),
    "最好": re.compile(
        r"最好(?=是|先|在|再|能|别|不|要|用(?!的)|给|把|让|将|提前|及时|尽|避|每|选|使|放|拍|保|按|联|带|不要|待|等|您|你|还|也|都|直|从|"
        r"定|检|清|单|配|以|于|今|明|一|请|可|由|自|与|和|随|加|穿|洗|手|冷|多|少|换|买|留|写|重|测|参|充|关|打|看(?!的))"
    ),
    "最佳": re.compile(r"最佳(?:使用|食用|赏味|饮用|品尝|拍摄|观看|温度|状态|时间|效果需|口感期|湿度|距离|佩戴)"),
    "永久": re.compile(r"永久(?:居留|居民|删除|注销|关闭|封|损|地址|性损|变形|失效|有效|停|质保|保修|会员|保存|保留)"),
    "绝对": re.compile(r"绝对(?:值|不要|不能|不可|不得|湿度)"),
    "顶级": re.compile(r"顶级(?:域名|会员|账)"),
    "百分百": re.compile(r"百分百(?=纯?(?:棉|羊毛|真丝|桑蚕丝|亚麻|涤纶|聚酯|果汁|羊绒|尼龙))"),
    "百分之百": re.compile(r"百分之百(?=的?纯?(?:棉|羊毛|真丝|桑蚕丝|亚麻|涤纶|聚酯|果汁|羊绒|尼龙))"),
    "加…微信": re.compile(r"[参增更附]加|加[^，。]{0,6}微信(?:支付|小程序|公众号|付款|钱包|零钱|授权|登录)"),
    "加…qq": re.compile(r"[参增更附]加"),
    "cheapest": re.compile(r"cheapest (?:shipping|option|method|way|of)"),
    "lowest price": re.compile(r"lowest price (?:tier|option)"),
}


def forbidden_words(listed: str) -> tuple[str, ...]:
    """The entries of the setting, folded."""
    return tuple(dict.fromkeys(word for part in _BETWEEN.split(fold(listed)) if (word := " ".join(part.split()))))


def find_forbidden(text: str, listed: str, *, names: Sequence[str] = ()) -> tuple[Unsupported, ...]:
    """Places in `text` where a word of the setting `listed` stands as a claim or an invitation, in order of place.

    What is part of one of the shop's own `names` of products and brands is let through.
    """
    folded = fold(text)
    named = [span for name in names for span in _spans_of(fold(name), folded)]
    found: list[tuple[int, int]] = []
    for start, end in sorted(_places(folded, listed)):
        if found and start < found[-1][1]:
            continue
        if not _is_denied(folded, start, end) and not any(low <= start and end <= high for low, high in named):
            found.append((start, end))
    return tuple(Unsupported(start=start, end=end, reason=UnsupportedReason.FORBIDDEN) for start, end in found)


def _spans_of(name: str, folded: str) -> Iterator[tuple[int, int]]:
    start = folded.find(name) if name else -1
    while start >= 0:
        yield start, start + len(name)
        start = folded.find(name, start + 1)


def _places(folded: str, listed: str) -> Iterator[tuple[int, int]]:
    for word, pattern in _patterns(listed):
        ordinary = _ORDINARY.get(word)
        usual = [match.span() for match in ordinary.finditer(folded)] if ordinary else []
        for match in pattern.finditer(folded):
            if all(match.end() <= start or match.start() >= end for start, end in usual):
                yield match.span()


@lru_cache(maxsize=8)
def _patterns(listed: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((word, re.compile(_expression(word))) for word in forbidden_words(listed))


def _expression(word: str) -> str:
    """Blanks between Chinese characters hide nothing; Latin words count as whole words."""
    if word.isascii() or not any(ord(char) > 0x2E7F for char in word):
        parts = [r"\s+".join(map(re.escape, part.split())) for part in word.replace("...", "…").split("…")]
        head = r"(?<![a-z0-9])" if word[0].isalnum() else ""
        tail = r"(?![a-z0-9])" if word[-1].isalnum() else ""
        return head + _GAP_EN.join(parts) + tail
    parts = [r"\s*".join(re.escape(char) for char in part if not char.isspace()) for part in word.split("…")]
    return _GAP_ZH.join(parts)


def _is_denied(folded: str, start: int, end: int) -> bool:
    """Whether its clause says not to: 请勿加微信, "we never ask you to pay outside the platform"."""
    before = folded[max(0, start - _REACH) : start]
    clause = _CLAUSE_BEGIN.split(before)[-1] + folded[start:end]
    return _NOT.search(_NO_NOT.sub("", clause)) is not None


def show_forbidden(text: str, found: Sequence[Unsupported]) -> str:
    """The words in brackets with a little of what stands around them, for people: “亲，[加微信]领红包”."""
    shown = []
    for one in found:
        before = _CLAUSE_BEGIN.split(text[max(0, one.start - _REACH) : one.start])[-1]
        after = _CLAUSE_BEGIN.split(text[one.end : one.end + _REACH])[0]
        shown.append(f"“{before}[{text[one.start : one.end]}]{after}”")
    return ", ".join(shown)
