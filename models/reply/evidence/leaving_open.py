"""A reply to what the notes do not answer leaves the question open; one that answers it all the same is not said."""

import re

from agent_assist.engine.protocol import Draft
from models.reply.evidence.overlap import terms
from models.reply.evidence.quoting import values

# That something is not stated, will be looked up, or is asked back.
_OPEN = re.compile(
    r"[?？]|核实|确认|查一下|查询|没有?(?:写|说|提|标|列|注明|查到|相关)|未(?:写|说|提|标|列|注)|不(?:清楚|确定)|请问"
    r"|\b(?:check(?:ed)?|confirm|verify|find out|get back|look into|not sure|unsure|couldn't find)\b"
    r"|(?:n't|\bnot) (?:have|stated?|say|said|mention|list|specif|cover|give|tell|know)"
    r"|\bno (?:information|mention|details?|word)\b",
    re.IGNORECASE,
)
_PHRASES = {
    "zh": "您好，您问的这一点资料里没有写明，我核实后回复您。",
    "en": "Hello! What you ask isn't stated in what I have here, so I'll check it and get back to you.",
}


def answers_after_all(text: str, draft: Draft) -> bool:
    """Whether a reply that was to leave the question open tells something instead: a value, or what the notes say.

    Thanks and greetings tell nothing.
    """
    if leaves_open(text):
        return False
    told = terms(text)
    known = terms(" ".join([*(passage.text for passage in draft.passages), *(turn.text for turn in draft.thread[-1:])]))
    return bool(values(text)) or (bool(told) and 2 * len(told & known) >= len(told))


def leaves_open(text: str) -> bool:
    """Whether a reply says that something is not known, or asks."""
    return bool(_OPEN.search(text))


def open_reply(draft: Draft) -> str:
    """What can be said where nothing is known."""
    return _PHRASES[draft.language if draft.language in _PHRASES else "en"]
