"""What kind of value a question asks for, and which kinds a clause holds: a price does not say how long it takes.

The reader of clauses judges by what both are about, and takes "calibration $30" for an answer to "how many days does
calibration take". What is asked for stands in a few words of each language; what a clause holds stands in its units.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.facts import FactKind, find_facts
from models.reply.evidence.notes import Clause, Unit

# What a clause of another kind than is asked for loses, in log odds. Fitted to the reader's judgements of pages that
# no training had seen: 39 clauses of a wrong kind that it held for answers, 5 that were.
MISFIT = 2.0


class Kind(StrEnum):
    """Kinds of values that customers ask for; a `BARE` number has no unit, and may be of most kinds."""

    MONEY = "money"
    TIME = "time"
    COUNT = "count"
    WEIGHT = "weight"
    LENGTH = "length"
    HEAT = "heat"
    VOLUME = "volume"
    POWER = "power"
    SHARE = "share"
    PAYER = "payer"
    BARE = "bare"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_COUNTERS = "次|回|张|台|款|种|件|枚|组|支|条|只|瓶|袋|包|卷|本|页|份|套|颗|粒|位|人|层|遍|趟"
_TIMES = "days|weeks|months|years|hours|minutes|mins|nights"
_WEIGHTS = "kilos?|kg|grams?|pounds|lbs?"
_ASKED: Mapping[Kind, re.Pattern[str]] = {
    Kind.MONEY: _any(
        r"多少(?:钱|元|块|米(?!长)|银子)|[多几]块钱?|几(?:多)?钱|多钱|几元|[什啥]么?价|价[格钱位]|报价",
        r"怎么卖|[费价金钱款]用?(?:是|要|收|得|交|付|给|大概)*(?:多少|几多|怎么算)",
        r"(?:收|交|付|赔|加|补|退|花|押|压)(?:我|您|你|给)?(?:多少|几多)(?![天个张次年月])|怎么收费",
        r"收费标准|工钱多少|贵不贵",
        r"\bhow much(?= (?:is|are|does|do|did|for|to|would|will|extra|more|money|was|a|an|per|you|i|off)\b|\W*$)"
        r"(?!.*\b(?:weigh|hold)s?\b)",
        r"\b(?:price[sd]?|costs?|fees?|surcharge|pay for|\w+ rate|deposit)\b(?!.{0,12}\bback\b)",
        r"\bcharge(?:d|s)?\b(?! (?:it|time|cycle|the (?:battery|case)|fully))",
    ),
    Kind.TIME: _any(
        r"多久|多长时间|[几多]少?(?:天|日|周|个?星期|个?月|年|小时|个?钟头|分钟|秒|晚|工作日|个工作日)",
        r"什么时[候间]|啥时|几时|何时|几[点号]|哪[天日号]|啥日子|保质期|租期|时长|有效期|周期",
        r"\bhow (?:long|soon|fast|quick(?:ly)?|often|early|late)\b"
        r"(?!.{0,12}\b(?:is the|are the)\b.{0,16}\b(?:cable|strap|cord|rope)\b)",
        rf"\bhow many (?:\w+ )?(?:{_TIMES})\b|\bwhen\b",
        r"\b(?:what|which) (?:time|day|date|month)\b|\bdeadline|\bdelivery time|\bturnaround|\bexpir",
    ),
    Kind.WEIGHT: _any(
        r"多重|多沉|重量|承重|几(?:斤|公斤|千克|克)|多少(?:斤|公斤|千克|克)|\bhow heavy|\bweigh[st]?\b",
        rf"\bhow many (?:{_WEIGHTS})\b",
    ),
    Kind.LENGTH: _any(
        r"多[大高宽厚粗深]|多长(?!时间)|尺寸|直径|几(?:米|厘米|公分|寸|尺)(?!的)|多少(?:厘米|公分)",
        r"\bhow (?:big|tall|wide|high|deep|thick|large)\b|\bdimensions?\b|\bdiameter\b",
        r"\bhow many (?:metres|meters|cm|inches)",
    ),
    Kind.HEAT: _any(r"几度|多少度|温度|水温|多[烫热冷]|\bhow (?:hot|warm|cold)\b|\btemp(?:erature)?s?\b|\bdegrees\b"),
    Kind.VOLUME: _any(
        r"多少(?:升|毫升)|几升|容量|容积|多大容|\bvolume\b|\bhow many (?:lit(?:re|er)s?|ml)\b|\bcapacity\b",
    ),
    Kind.POWER: _any(r"功率|[多几]少?瓦|多少毫安|\bwatt(?:s|age)?\b|\bhow (?:strong|powerful)\b|\bmah\b"),
    Kind.SHARE: _any(
        r"百分之?几|几个点|几成|几折|[抽提佣].{0,4}点|税率|比例|\bper ?cent(?:age)?\b|\bwhat %",
        r"\bcommission\b|\bdiscount\b",
    ),
    Kind.COUNT: _any(
        rf"[几多]少?(?:个(?!月|小时|钟|工作|点|星期)|{_COUNTERS})",
        rf"\bhow many (?!(?:\w+ )?(?:{_TIMES}|{_WEIGHTS}|lit(?:re|er)s?|ml|met(?:re|er)s|cm|inches)\b)",
    ),
    Kind.PAYER: _any(
        r"谁(?:来|给)?(?:出|付|掏|承担|负责|买单|的)|算谁|归谁|\bwho(?:'s|’s)? (?:pay|cover|ship)",
        r"\bwho(?: \w+)? pays|\bon whom|at whose|\bdo i (?:have to )?pay|on me\b",
        r"我(?:来)?(?:掏|出|付|承担)",
    ),
}  # fmt: skip

_NUMBER = r"(?<![a-z\d.])\d+(?:[.,]\d+)*(?:\s?[-–~至到]\s?\d+(?:[.,]\d+)*)?\s?"
_HELD: Mapping[Kind, re.Pattern[str]] = {
    Kind.MONEY: _any(
        rf"[$¥￥€£]\s?\d|{_NUMBER}(?:元|块|usd|cny|rmb|dollars?|euros?)\b",
        r"免费|包邮|免邮|不收费|另收|半价|原价|全额|\bfree\b|\bat cost\b|\bhalf price\b|no (?:charge|fee)",
    ),
    Kind.TIME: _any(
        rf"{_NUMBER}(?:晚|夜|nights?\b)",
        r"[一二三四五六七八九十两半\d]+\s?(?:个)?(?:天|日(?!元)|周|星期|月|年|小时|分钟|秒|季度|工作日)",
        r"每[天日周月年晚]|当[天日]|次日|隔日|隔天|周[一二三四五六日天末]|节假日|随时|终身|长期|月底|月初",
        r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|\d+)[- ]"
        r"(?:days?|weeks?|months?|years?|hours?|minutes?|mins?)\b",
        r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b",
        r"\b(?:weekly|daily|monthly|yearly|annually|overnight|tomorrow|today|same day|next day|weekends?|any time)\b",
        r"\b(?:as often as|once|twice|lifetime|every|each|first year|until|till)\b",
        r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b",
        r"\d{1,2}[:：]\d{2}|\d+\s?(?:am|pm)\b|\d+号|\bday \d+",
    ),
    Kind.WEIGHT: _any(rf"{_NUMBER}(?:kg|g|克|千克|公斤|斤|两|吨|lbs?|oz|pounds?|grams?|kilos?)(?![a-z])"),
    Kind.LENGTH: _any(
        rf"{_NUMBER}(?:cm|mm|m|km|inch(?:es)?|feet|ft|met(?:re|er)s?)(?![a-z])",
        rf"{_NUMBER}(?:米|厘米|公分|毫米|寸|尺|英寸|平米|平方)",
    ),
    Kind.HEAT: _any(
        rf"{_NUMBER}(?:°|℃|度|c\b|f\b|degrees)|沸水|常温|室温|冷水|温水|热水|冰水",
        r"\b(?:boiling|lukewarm|cold|warm|hot|room temp\w*)\b",
    ),
    Kind.VOLUME: _any(rf"{_NUMBER}(?:ml|l|cl|升|毫升|lit(?:re|er)s?)(?![a-z])"),
    Kind.POWER: _any(rf"{_NUMBER}(?:w|kw|瓦|千瓦|mah|wh|v|hp|watts?)(?![a-z])"),
    Kind.SHARE: _any(rf"{_NUMBER}(?:%|％|折|成|per ?cent)|百分之|[一二三四五六七八九]折|半价|一半|全额|\bhalf\b"),
    Kind.COUNT: _any(
        rf"[一二三四五六七八九十两\d]+\s?(?:个(?!月|小时|工作)|{_COUNTERS})",
        r"不限|无限|\bunlimited|as often as|\b(?:one|two|three|four|five|six|once|twice)\b",
    ),
    Kind.PAYER: _any(
        r"[买卖商]家|客户|顾客|您|我们|本店|店里|平台|自[付理费行]|到付|包邮|免邮|免费|承担",
        r"(?:由|归).{0,6}[出付]|\bfree\b|\b(?:we|you|us|your|yours|buyer|customer|seller|shop|our)\b",
    ),
}  # fmt: skip
_FACTS: Mapping[FactKind, Kind] = {
    FactKind.AMOUNT: Kind.MONEY, FactKind.DATE: Kind.TIME, FactKind.DURATION: Kind.TIME,
    FactKind.PERCENTAGE: Kind.SHARE, FactKind.NUMBER: Kind.BARE,
}  # fmt: skip
# What a number without a unit may stand for; and what an amount may be told by.
_BARE = frozenset({Kind.COUNT, Kind.HEAT, Kind.SHARE})
_ALSO: Mapping[Kind, frozenset[Kind]] = {Kind.MONEY: frozenset({Kind.SHARE}), Kind.SHARE: frozenset({Kind.MONEY})}


def asked(question: str) -> frozenset[Kind]:
    """The kinds of value that a question asks for; empty for one that wants none, or says it otherwise."""
    return frozenset(kind for kind, pattern in _ASKED.items() if pattern.search(question))


def held(clause: str) -> frozenset[Kind]:
    """The kinds of value that stand in a clause."""
    found = {kind for kind, pattern in _HELD.items() if pattern.search(clause)}
    for fact in find_facts(clause):
        kind = _FACTS.get(fact.kind)
        if kind is not None and (kind is not Kind.BARE or not found - {Kind.PAYER}):
            found.add(kind)
    return frozenset(found)


def fits(wanted: frozenset[Kind], clause: frozenset[Kind], unit: frozenset[Kind]) -> bool | None:
    """Whether a clause of these kinds, in a unit of these, can answer; None where nothing of a kind is asked.

    "Congee 10 minutes, brisket 50": a number without a unit is of any kind that its sentence holds.
    """
    if not wanted:
        return None
    meant = wanted.union(*(_ALSO.get(kind, frozenset()) for kind in wanted))
    return bool(meant & clause) or (Kind.BARE in clause and bool(meant & (_BARE | unit)))


def misfits(question: str, units: Sequence[Unit], clauses: Sequence[Clause]) -> NDArray[np.float32]:
    """[clauses]: 1 for each that cannot answer by its kind, else 0."""
    wanted = asked(question)
    if not wanted:
        return np.zeros(len(clauses), np.float32)
    whole = [held(unit.text) for unit in units]
    return np.array([fits(wanted, held(one.text), whole[one.unit]) is False for one in clauses], np.float32)
