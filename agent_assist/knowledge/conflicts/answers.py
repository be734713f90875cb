"""Whether a text answers yes or no, by how its first sentence begins."""

import re

_FIRST = re.compile(r"[^。！？!?；;\n.]*")
_OPENING = re.compile(r"^(?:您好|你好|亲|尊敬的客户|hi|hello|dear customer|thank you[^,.]*|sorry)[,，!！~～、 ]*", re.I)
_NO_ZH = re.compile(r"(?:不(?:可以|可|能|支持|提供|行|接受|允许|用|需要|会|是|含|包)|没有|无法|暂不|无需)")
_YES_ZH = re.compile(r"^(?:是的|可以|能|支持|有的?|会|行|需要|包|含|提供|好的|没问题)")
_NO_EN = re.compile(r"\b(?:no|not|cannot|can't|don't|doesn't|won't|isn't|aren't|never|unable|unfortunately)\b", re.I)
_YES_EN = re.compile(
    r"^(?:yes|sure|of course|certainly|absolutely|you can|it (?:is|does|can)"
    r"|we (?:do|can|offer|accept|support|ship))\b",
    re.I,
)
_ASKS_ZH = re.compile(r"吗|能不能|可不可以|可以不|是不是|有没有|支不支持|会不会|要不要|行不行|能否|是否|包不包")
_ASKS_EN = re.compile(r"^\s*(?:can|could|do|does|did|is|are|will|would|may|have|has|am)\b", re.I)


def asks_yes_or_no(question: str) -> bool:
    """Whether yes or no would answer it."""
    return bool(_ASKS_ZH.search(question) or _ASKS_EN.search(question))


def answer_of(text: str) -> bool | None:
    """True for yes, False for no, None where the beginning says neither."""
    clean = _OPENING.sub("", text.strip().replace("’", "'"))
    first = re.split(r"[，,]", _FIRST.match(clean)[0], maxsplit=1)[0] if clean else ""  # type: ignore[index]
    if _NO_ZH.search(first) or _NO_EN.search(first):
        return False
    return True if _YES_ZH.match(first) or _YES_EN.match(first) else None
