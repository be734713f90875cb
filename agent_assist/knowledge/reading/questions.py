"""Questions and their answers in running text: "Q: … A: …", a heading that asks, a bold line that asks."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from agent_assist.knowledge.blocks import Block, parse_blocks

# Longer ones are chapters that happen to begin with a question; nobody sends them as an answer.
MAX_ANSWER = 2_000
_MAX_QUESTION = 200
_MIN_HAN = 6
_MIN_WORDS = 4
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_NUMBERING = re.compile(
    r"^(?:\(?\d{1,3}(?:\.\d{1,3})*[.)、．：:]?|[（(][\d一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|Q\d{0,3}[.:：、]|问[:：])\s*",
    re.IGNORECASE,
)
_ENDS_AS_QUESTION = re.compile(r"(?:[?？]|[吗嗎呢])\s*[)）】\]\"”]*$")
_STARTS_AS_QUESTION = re.compile(
    r"(?:how (?:to|do|does|can|could|long|much|many|often|soon|will|are|is)"
    r"|what (?:is|are|if|happens|do|does|should|can)|where (?:is|are|can|do|does)|when (?:will|do|does|is|are|can)"
    r"|why (?:is|are|do|does|was|did|can)|which \w+ (?:do|does|can|is|are)|who (?:is|can|do|pays)"
    r"|can (?:i|you|we)|do (?:i|you|we)|does|is (?:it|there|my|the)|are (?:there|you|your|the)|will (?:i|you|my|the)"
    r"|may i|should i|am i)\b",
    re.IGNORECASE,
)
_HAS_QUESTION_WORD = re.compile(
    r"如何|怎么|怎麼|怎样|怎樣|为什么|為什麼|什么是|什麼是|为何|能否|能不能|可不可以|是否|是不是|有没有|有沒有"
    r"|哪里|哪裡|哪些|多久|几天|多少|可以.{0,12}吗"
)
_ABOUT_QUESTIONS = re.compile(
    r"\bFAQs?\b|frequently asked|\bQ\s*[&＆]\s*A\b|常见问题|常見問題|问答|問答|答疑|常见疑问", re.I
)
_MARK = r"[ \t>]*(?:[-*•+][ \t]+|#{1,6}[ \t]+)?(?:\*\*)?"
_NUMBER = r"[ \t]?\d{0,3}[ \t]*(?:\*\*)?[:：.、．](?:\*\*)?[ \t]*"
_ASKS = re.compile(rf"^{_MARK}(?:Question|Q|问题?|問題?|提问){_NUMBER}(?=\S)", re.IGNORECASE | re.MULTILINE)
_ANSWERS = re.compile(
    rf"(?:^{_MARK}|(?<=[\s?？。.!！*]))(?:Answer|A|答案?|回答){_NUMBER}", re.IGNORECASE | re.MULTILINE
)
_BOLD_LINE = re.compile(r"\*\*([^*\n]+)\*\*[ \t]*(?:\n|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question and its answer; `path` are the headings above it, `start` and `end` where both stand."""

    question: str
    answer: str
    path: tuple[str, ...]
    start: int
    end: int


def is_question(title: str) -> bool:
    """Whether a heading or a bold line asks something, and can be understood alone.

    Without a question mark it needs some length: "How to use" below "Points" is a chapter, and as a question it would
    be near to anything that customers ask.
    """
    plain = bare(title)
    if _ENDS_AS_QUESTION.search(plain):
        return True
    asks = _STARTS_AS_QUESTION.match(plain) or _HAS_QUESTION_WORD.search(plain[:40])
    return bool(asks) and (len(_HAN.findall(plain)) >= _MIN_HAN or len(plain.split()) >= _MIN_WORDS)


def speaks_of_questions(title: str) -> bool:
    """Whether what stands below `title` are questions, whatever they look like."""
    return bool(_ABOUT_QUESTIONS.search(title))


def bare(title: str) -> str:
    """A heading without its numbering and emphasis."""
    return _NUMBERING.sub("", title.replace("**", "").strip(), count=1).strip() or title.strip()


def find_pairs(text: str, *, title: str = "", without: Sequence[tuple[int, int]] = ()) -> list[Pair]:
    """The pairs of a Markdown text, in order; they do not overlap. `title` is the document's.

    No pair reaches into the stretches `without`, which are sorted and apart.
    """
    blocks = parse_blocks(text)
    marked = [pair for pair in _marked(text, blocks) if not _overlaps(without, pair.start, pair.end)]
    spans = sorted([*without, *((pair.start, pair.end) for pair in marked)])
    taken = {index for index, block in enumerate(blocks) if _overlaps(spans, block.start, block.end)}
    asked = _asked(text, blocks, taken, about=speaks_of_questions(title))
    return sorted([*marked, *asked], key=lambda pair: pair.start)


def _overlaps(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    before = bisect_right(spans, (end - 1, end))
    return bool(before and spans[before - 1][1] > start)


def _marked(text: str, blocks: Sequence[Block]) -> Iterator[Pair]:
    """Pairs that "Q:" and "A:" mark. An answer ends at the next question or heading."""
    asks = list(_ASKS.finditer(text))
    headings = [block for block in blocks if block.level]
    starts = [block.start for block in headings]
    for index, ask in enumerate(asks):
        end = asks[index + 1].start() if index + 1 < len(asks) else len(text)
        answer = _ANSWERS.search(text, ask.end(), end)
        if answer is None:
            continue
        following = bisect_left(starts, answer.end())
        if following < len(headings):
            end = min(end, headings[following].start)
        above = bisect_left(starts, ask.start())
        path = headings[above - 1].path if above else ()
        question = text[ask.end() : answer.start()]
        if pair := _pair(question, text[answer.end() : end], path, ask.start(), end):
            yield pair


def _asked(text: str, blocks: Sequence[Block], taken: Container[int], *, about: bool) -> Iterator[Pair]:
    """Pairs of a heading, or a bold line, that asks and the blocks below it; `taken` blocks are of other pairs."""
    for index, block in enumerate(blocks):
        title, depth, begin = _title(text, block, blocks[index + 1 : index + 2])
        if not title or index in taken:
            continue
        last = _last(blocks, index, text, taken, bold=not block.level)
        if last is None:
            continue
        path = block.path[:-1] if block.level else block.path
        below_faq = bool(block.level) and (about or any(map(speaks_of_questions, path)))
        if not (is_question(title) if depth else _ENDS_AS_QUESTION.search(title)) and not below_faq:
            continue
        if pair := _pair(title, text[begin : blocks[last].end], path, block.start, blocks[last].end):
            yield pair


def _title(text: str, block: Block, following: Sequence[Block]) -> tuple[str, int, int]:
    """What `block` asks, its level, and where the answer begins; "" where it is nothing of the kind."""
    if block.level:
        return block.path[-1], block.level, block.end
    match = _BOLD_LINE.match(text, block.start, block.end)
    if match and _ENDS_AS_QUESTION.search(match[1]) and (following or match.end() < block.end):
        return match[1], 0, match.end()
    return "", 0, 0


def _last(blocks: Sequence[Block], index: int, text: str, taken: Container[int], *, bold: bool) -> int | None:
    """Index of the answer's last block; None where a heading has parts of its own below it."""
    last = index
    for position in range(index + 1, len(blocks)):
        block = blocks[position]
        if block.level:
            return None if not bold and block.level > blocks[index].level else last
        match = _BOLD_LINE.match(text, block.start, block.end)
        if position in taken or (match and _ENDS_AS_QUESTION.search(match[1])):
            return last if bold else None
        last = position
    return last


def _pair(question: str, answer: str, path: tuple[str, ...], start: int, end: int) -> Pair | None:
    asked = bare(" ".join(question.split()))
    answer = answer.strip().removeprefix("**").strip() if answer.strip().startswith("** ") else answer.strip()
    if not asked or not answer or len(asked) > _MAX_QUESTION or len(answer) > MAX_ANSWER:
        return None
    return Pair(question=asked, answer=answer, path=path, start=start, end=end)
