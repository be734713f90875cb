"""A customer's message cut into the questions that it asks: two of them want two answers, and are often half answered.

Customers write them as they speak ("水温多少 另外开了能放几天", "how often do I swap it, and what's shipping"), so
marks alone do not tell. A message is cut at its marks, at gaps between Chinese words and before words that join; a
piece that asks nothing belongs to the question that it stands before, or to the last one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

MOST_QUESTIONS = 4  # a mail that asks more than that is read in as many parts, the last one with the rest
_HAN = r"\u3400-\u9fff"
_END = re.compile(r"(?<=[?？!！。；;\n])\s*|(?<=[a-z\d)%][.])\s+(?=[^\d\s])")
_EN_OPENS = (
    r"(?:how|what|when|where|who)(?:[’']?s)?|which|whose|why|can|could|may|do|does|did|is|are|am|was|will|would|should|shall|have|has"
    r"|any|till when|until when|by when|(?:up )?to (?:what|which)|(?:at|for|from|in|on|with) (?:what|which|how)"
)
_EN_JOINS = r"and also|and then|and|also|plus|or|but|btw|by the way|another thing|one more thing|second(?:ly)?"
_ZH_JOINS = r"另外|此外|还有|还想问|再问|再就是|顺便|顺带|以及|同时|然后|那么"
_SOFT = re.compile(
    rf"(?<=[，,、])\s*"
    rf"|(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])|(?<=吗)(?=[{_HAN}]{{3}})"
    rf"|(?<=[{_HAN}a-z\d])(?=(?:{_ZH_JOINS}))"
    rf"|\s+(?=(?:{_EN_JOINS})\s+(?:{_EN_OPENS})\b)",
    re.IGNORECASE,
)
_LED = re.compile(rf"^\s*(?:(?:{_EN_JOINS})\b|(?:{_ZH_JOINS})(?:[，,想问一下]*))[\s,，:：]*", re.IGNORECASE)
_ASKS_ZH = re.compile(
    r"多少|几(?!乎)|多[久长大高重宽远快厚深钱沉满粗细烫热冷响硬软早晚]|什么|啥|怎么|咋|怎样|如何|哪|谁|吗|嘛[?？]?$|是否|([\u3400-\u9fff])(?:不|没)\1"
    r"|(?:不|没|没有|呢|么)[啊呀呢了的]?\s*[?？。]?$|[说讲问告报][我一]?下|告诉"
)
_ASKS_EN = re.compile(
    rf"(?:^|:)\W*(?:(?:so|then|ok|okay|hi|hello|hey|well|{_EN_JOINS})\b\W*)*(?:{_EN_OPENS})\b"
    r"|\b(?:how (?:much|many|long|often|far|big|heavy|fast|old|hot|soon)|what[’']?s (?:the|your|my))\b"
    r"|\b(?:tell me|let me know)\b",
    re.IGNORECASE,
)
# What is asked after with one word or two: "deposit?", "cost, expiry".
_ASPECT = re.compile(
    r"^\W*(?:\w+ ){0,3}(?:prices?|costs?|fees?|charge|deadline|size|weight|warranty|deposit|duration|expiry)"
    r"(?:\W*$| (?:of|for|on|to)\b)",
    re.IGNORECASE,
)
_MORE = re.compile(rf"\b(?:{_EN_JOINS})\s+(?:{_EN_OPENS})\b", re.IGNORECASE)
# Asks nothing by itself: a tag, somebody to be there, politeness.
_PHATIC = re.compile(
    r"^[\W_]*(?:(?:这样|这个)?(?:好|行|可以|对|是|成|ok|可)(?:吗|么|不|不好|不行|吧|嘛)"
    r"|(?:亲)?(?:你好|您好)?[,，]?(?:亲)?(?:在吗|在不在|在么|有人(?:吗|在吗)?|客服在吗)"
    r"|(?:请)?问(?:一)?下|咨询(?:一)?下|想问(?:一)?下|请问"
    r"|(?:is )?any(?:one|body) (?:there|here)|are you there|how are you|(?:is that )?ok(?:ay)?|right"
    r"|can you help(?: me)?|can i ask (?:you )?something|got a question)[\W_]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    asks: bool


def questions_in(message: str) -> list[str]:
    """The questions of a message in order, each with what stands before it; the message itself where it is one."""
    found: list[str] = []
    before = ""
    for piece in _asking(message):
        text = f"{before}{piece.text}"
        if not piece.asks:
            before = text
        elif found and len(found) == MOST_QUESTIONS:
            found[-1], before = f"{found[-1]}{text}", ""
        else:
            found, before = [*found, text], ""
    if len(found) < 2:
        return [message.strip()] if message.strip() else []
    found[-1] += before
    return [_LED.sub("", one.strip()) or one.strip() for one in found]


def _asking(message: str) -> Iterator["_Piece"]:
    """The pieces with all their characters. A mark alone makes its sentence a question, not a piece that stands behind
    one that asks: "where does it go, China??"."""
    for sentence in _cut(_END, message):
        pieces = [_Piece(text, _asks(text, sentence)) for text in _cut(_SOFT, sentence)]
        if not any(piece.asks for piece in pieces) and _marked(sentence):
            pieces = [*pieces[:-1], replace(pieces[-1], asks=not _PHATIC.match(pieces[-1].text))]
        yield from pieces


def _asks(piece: str, sentence: str) -> bool:
    """Whether a piece of a sentence has words that ask."""
    if _PHATIC.match(piece):
        return False
    bare = piece.strip().rstrip("?？,，、。.!！ ")
    return bool(_ASKS_ZH.search(bare) or _ASKS_EN.search(bare) or _aspect(bare, sentence))


def _marked(sentence: str) -> bool:
    bare = sentence.rstrip("。.!！~ \n")
    return len(bare) > 2 and bare.endswith(("?", "？"))


def _aspect(piece: str, sentence: str) -> bool:
    """Whether a piece names what is asked after and nothing more: "price of the A-148 and what does …"."""
    return bool(_ASPECT.match(piece)) and ("?" in sentence or _MORE.search(sentence) is not None)


def _cut(marks: re.Pattern[str], text: str) -> Iterator[str]:
    first = 0
    for found in marks.finditer(text):
        if found.end() > first and text[first : found.end()].strip():
            yield text[first : found.end()]
            first = found.end()
    if text[first:].strip():
        yield text[first:]
