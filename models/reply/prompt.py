"""The prompt of the reply model: one rendering for training and for drafting.

Order matters for speed: the head is the same for every ticket, so its part of the KV cache is always reused; the
customer's message and the cue come last. Every field is folded to one line, so that nothing a customer writes can
look like a section of ours.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent_assist.domain.tickets import Role
from agent_assist.domain.wording import Rewording, Tone
from agent_assist.engine.protocol import Draft, GroundingPassage, Rewrite, Summarise, Turn


class Vocabulary(Protocol):
    """What can split a text into tokens."""

    def tokenize(self, text: str) -> list[int]: ...


Count = Callable[[str], int]  # tokens of a text

HEAD = (
    "Support desk of an online shop. The agent answers only from the notes and the order, "
    "and asks for what they do not say. 客服只根据资料和订单回答，没有写明的就去核实。\n"
)
# The tone stands in the cue: another one leaves all that the cache holds of a ticket as it is.
_CUES = {"zh": "# 客服回复（中文{}）\n", "en": "# Agent reply (English{})\n"}
_TONES: Mapping[str, Mapping[Tone, str]] = {
    "zh": {Tone.PLAIN: "", Tone.WARM: "，亲切", Tone.FORMAL: "，正式", Tone.SHORT: "，简短"},
    "en": {Tone.PLAIN: "", Tone.WARM: ", warm", Tone.FORMAL: ", formal", Tone.SHORT: ", short"},
}
_REWRITE_CUES: Mapping[str, Mapping[Rewording, str]] = {
    "zh": {
        Rewording.WARM: "# 改写（中文，亲切）\n",
        Rewording.FORMAL: "# 改写（中文，正式）\n",
        Rewording.SHORT: "# 改写（中文，更短）\n",
        Rewording.LONG: "# 改写（中文，更完整）\n",
        Rewording.SIMPLE: "# 改写（中文，更易懂）\n",
        Rewording.CORRECT: "# 改正错字和语病（中文）\n",
        Rewording.TRANSLATE: "# 翻译（中文）\n",
    },
    "en": {
        Rewording.WARM: "# Rewritten (English, warm)\n",
        Rewording.FORMAL: "# Rewritten (English, formal)\n",
        Rewording.SHORT: "# Rewritten (English, shorter)\n",
        Rewording.LONG: "# Rewritten (English, fuller)\n",
        Rewording.SIMPLE: "# Rewritten (English, simpler)\n",
        Rewording.CORRECT: "# Mistakes corrected (English)\n",
        Rewording.TRANSLATE: "# Translation (English)\n",
    },
}
_SUMMARY_CUES = {"zh": "# 小结（中文，JSON）\n", "en": "# Summary (English, JSON)\n"}
# An adapter that was trained with marks begins each reply with one of these tokens: what it rests on answers the
# customer, or does not. Nobody ever sees them.
ANSWERED_MARK, MISSING_MARK = "=", "?"
# A reply ends with the model's end token; a paragraph break or the start of a section of ours ends it too.
STOPS = ("\n\n", "\n#")

# Shares of the room left for the body. Each part gives what it does not use to the next.
_TICKET_SHARE = 0.35
_KEY_SHARE = 0.15
_HINT_SHARE = 0.10
_ORDER_SHARE = 0.35
_NOTES_SHARE = 0.70
_SENTENCE_ENDS = "。！？；.!?;"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A rendered prompt. `head` never changes, `body` holds the ticket, `cue` opens the reply."""

    head: str
    body: str
    cue: str

    @property
    def text(self) -> str:
        """The whole prompt for a plain language model."""
        return self.head + self.body + self.cue

    @property
    def hash(self) -> str:
        """First 16 hexadecimal digits of the prompt's SHA-256."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()[:16]


def render(draft: Draft, *, count: Count, budget: int, keys: Sequence[str] = ()) -> Prompt:
    """Render `draft` into at most `budget` tokens as told by `count`.

    `keys` are the clauses of passages or order that were found to answer; they stand behind the customer's message.
    The customer's message keeps its beginning and end, passages their beginnings, best first, threads their newest
    messages. Raises ValueError when the budget cannot even hold the head.
    """
    language = draft.language if draft.language in _CUES else "en"
    cue = _CUES[language].format(_TONES[language][draft.tone])
    room = budget - count(HEAD) - count(cue) - 8  # separators may tokenise worse apart than counted together
    if room < 32:
        raise ValueError(f"A prompt budget of {budget} tokens is too small; give at least {budget - room + 32}.")
    earlier, ticket = _split_thread(draft.thread)
    ticket_lines = ["# Customer", _cut_middle(_one_line(ticket), int(room * _TICKET_SHARE), count)]
    room -= _cost(ticket_lines, count)
    key_lines = _keys(keys, int(room * _KEY_SHARE), count)
    room -= _cost(key_lines, count)
    hint_lines = _hint(draft.hint, int(room * _HINT_SHARE), count)
    room -= _cost(hint_lines, count)
    order_lines = _order(draft.order_facts, int(room * _ORDER_SHARE), count)
    room -= _cost(order_lines, count)
    note_lines = _notes(draft.passages, int(room * _NOTES_SHARE) if earlier else room, count)
    room -= _cost(note_lines, count)
    thread_lines = _thread(earlier, room, count)
    lines = [*note_lines, *order_lines, *thread_lines, *hint_lines, *ticket_lines, *key_lines]
    return Prompt(head=HEAD, body="".join(f"{line}\n" for line in lines), cue=cue)


def render_rewrite(rewrite: Rewrite, *, count: Count, budget: int) -> Prompt:
    """The prompt for a text to word anew, in at most `budget` tokens; the text keeps its beginning."""
    cues = _REWRITE_CUES.get(rewrite.language, _REWRITE_CUES["en"])
    cue = cues[rewrite.manner]
    room = budget - count(HEAD) - count(cue) - 16
    text = _cut_end(_one_line(rewrite.text), room, count)
    return Prompt(head=HEAD, body=f"# Draft\n{text}\n", cue=cue)


def render_summary(request: Summarise, *, count: Count, budget: int) -> Prompt:
    """The prompt for a thread's summary, in at most `budget` tokens; the newest messages stay."""
    cue = _SUMMARY_CUES.get(request.language, _SUMMARY_CUES["en"])
    room = budget - count(HEAD) - count(cue) - 16
    lines = _thread(request.thread, room, count)
    return Prompt(head=HEAD, body="".join(f"{line}\n" for line in lines), cue=cue)


def mark_token(vocabulary: Vocabulary, *, answered: bool) -> int:
    """The token that begins a reply; ValueError for a vocabulary in which it is not one token."""
    tokens = vocabulary.tokenize(ANSWERED_MARK if answered else MISSING_MARK)
    if len(tokens) != 1:
        raise ValueError("This model's vocabulary has no single token for the marks of replies.")
    return tokens[0]


def _split_thread(thread: Sequence[Turn]) -> tuple[list[Turn], str]:
    """The earlier turns, and the customer's newest messages in a row as one text."""
    last = max((i for i, turn in enumerate(thread) if turn.role is Role.CUSTOMER), default=-1)
    first = last
    while first > 0 and thread[first - 1].role is Role.CUSTOMER:
        first -= 1
    newest = thread[max(first, 0) : last + 1]
    earlier = [*thread[: max(first, 0)], *thread[last + 1 :]]
    return earlier, " ".join(turn.text for turn in newest)


def _keys(keys: Sequence[str], room: int, count: Count) -> list[str]:
    lines = _fill([f"- {_one_line(key)}" for key in keys if key.strip()], room, count)
    return ["# Key", *lines] if lines else []


def _hint(hint: str, room: int, count: Count) -> list[str]:
    text = _cut_end(_one_line(hint), room, count)
    return ["# Hint", text] if text else []


def _order(facts: Sequence[str], room: int, count: Count) -> list[str]:
    lines = _fill([f"- {_one_line(fact)}" for fact in facts if fact.strip()], room, count)
    return ["# Order", *lines] if lines else []


def _notes(passages: Sequence[GroundingPassage], room: int, count: Count) -> list[str]:
    lines: list[str] = []
    for passage in passages:
        title, text = _one_line(passage.title), _one_line(passage.text)
        line = f"- {title}: {text}" if title and not text.startswith(title) else f"- {text}"
        cut = _cut_end(line, room - 3, count)
        if len(cut) < min(len(line), 40):
            break  # so little of a passage says nothing
        line = cut
        lines.append(line)
        room -= count(line) + 1
    return ["# Notes", *lines] if lines else ["# Notes", "-"]


def _thread(turns: Sequence[Turn], room: int, count: Count) -> list[str]:
    lines = [f"{'Customer' if turn.role is Role.CUSTOMER else 'Agent'}: {_one_line(turn.text)}" for turn in turns]
    kept = _fill(lines[::-1], room, count)[::-1]
    return ["# Thread", *kept] if kept else []


def _fill(lines: Sequence[str], room: int, count: Count) -> list[str]:
    """The first lines that fit; the one that does not is cut when a useful part of it fits."""
    kept: list[str] = []
    for line in lines:
        need = count(line) + 1
        if need <= room - 3:
            kept.append(line)
            room -= need
            continue
        if room > 24:
            kept.append(_cut_end(line, room - 4, count))
        break
    return kept


def _cost(lines: Sequence[str], count: Count) -> int:
    return sum(count(line) + 1 for line in lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cut_end(text: str, room: int, count: Count) -> str:
    """The longest beginning of `text` that fits, back to a sentence's end where that loses less than half."""
    if count(text) <= room:
        return text
    length = _longest(text, room, count)
    for end in range(length, length // 2, -1):
        if text[end - 1] in _SENTENCE_ENDS:
            return text[:end]
    return text[:length]


def _cut_middle(text: str, room: int, count: Count) -> str:
    if count(text) <= room:
        return text
    front = text[: _longest(text, room * 2 // 3 - 2, count)]
    back = text[::-1][: _longest(text[::-1], room // 3, count)][::-1]
    while back and count(f"{front} … {back}") > room:
        back = back[max(1, len(back) // 8) :]
    return f"{front} … {back}"


def _longest(text: str, room: int, count: Count) -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if count(text[:middle]) <= room:
            low = middle
        else:
            high = middle - 1
    return low
