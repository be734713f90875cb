"""Cuts an article into passages of about 80 to 400 tokens along its structure."""

import re
from collections.abc import Iterator, Sequence

from agent_assist.domain.knowledge import Article, Passage
from agent_assist.knowledge.blocks import Block, parse_blocks, sentences

MIN_TOKENS = 80
# The encoder reads 512 tokens; title and prefix need some of them, and the estimate below errs by some.
MAX_TOKENS = 400
# Below this a section is little more than its heading and joins the next one.
_STUB_TOKENS = 25
# More characters than any text of MAX_TOKENS has, except for runs of blanks.
_WINDOW = MAX_TOKENS * 6
# The blocks of domain.language.is_han; counted by patterns, since splitting counts every character several times.
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z]+")
_DIGITS = re.compile(r"[0-9]+")
_SIGN = re.compile("[^\\sA-Za-z0-9\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def count_tokens(text: str) -> int:
    """Estimate of the encoder's tokens, within about a tenth for Chinese and English prose.

    e5's SentencePiece makes 0.6 to 0.7 pieces of a Chinese character and 1.3 of an English word.
    """
    words = sum(max(1.0, len(word) / 4.5) for word in _LATIN.findall(text))
    numbers = sum(max(1.0, len(number) / 2.5) for number in _DIGITS.findall(text))
    return round(len(_HAN.findall(text)) * 0.68 + words + numbers + len(_SIGN.findall(text)) * 0.8)


def split_article(article: Article) -> list[Passage]:
    """The passages of `article`, in order. Each is an exact slice of its text and not blank.

    A passage stays within one section; its title is the article's with the headings above it ("Returns › Refunds").
    Paragraphs, list items and table rows are whole unless one alone is over the limit, which is then cut between
    sentences. A FAQ or macro that fits is one passage.
    """
    text = article.text
    if not text.strip():
        return []
    if count_tokens(text) <= MAX_TOKENS and not any(block.level for block in parse_blocks(text)):
        return [_passage(article, *_trimmed(text, 0, len(text)), ())]
    passages = []
    for section in _sections(parse_blocks(text), text):
        for group in _packed(section, text):
            start, end = _trimmed(text, group[0].start, group[-1].end)
            if start < end:
                passages.append(_passage(article, start, end, _path(group)))
    return passages


def _sections(blocks: Sequence[Block], text: str) -> Iterator[list[Block]]:
    """Blocks between headings; a stub (a heading with next to nothing) goes with the section after it."""
    section: list[Block] = []
    for block in blocks:
        if block.level and section and _size(section, text) >= _STUB_TOKENS:
            yield section
            section = []
        section.append(block)
    if section:
        yield section


def _packed(section: Sequence[Block], text: str) -> Iterator[list[Block]]:
    """Groups of blocks under the limit; what is left at the end is evened out with the group before."""
    groups: list[list[Block]] = []
    size = 0
    for block in section:
        for piece in _pieces(block, text):
            tokens = _span(piece, piece, text)
            if groups and size + tokens <= MAX_TOKENS:
                groups[-1].append(piece)
                size += tokens
            else:
                groups.append([piece])
                size = tokens
    if len(groups) > 1 and size < MIN_TOKENS:
        groups[-2:] = _halves(groups[-2] + groups[-1], text)
    yield from groups


def _halves(group: list[Block], text: str) -> list[list[Block]]:
    half = _size(group, text) / 2
    cut = next((i for i in range(1, len(group)) if _span(group[0], group[i - 1], text) >= half), len(group) - 1)
    return [group[:cut], group[cut:]]


def _pieces(block: Block, text: str) -> Iterator[Block]:
    """The block itself, or its sentences where it is over the limit, or stretches of those."""
    if count_tokens(text[block.start : block.end]) <= MAX_TOKENS:
        yield block
        return
    for start, end in sentences(text, block.start, block.end):
        for part_start, part_end in _bounded(text, start, end):
            yield Block(start=part_start, end=part_end, path=block.path, level=0, header=block.header)


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches under the limit where no sentence ends for a long way: a log, a picture as base64, a list of words."""
    while start < end:
        window = text[start : min(end, start + _WINDOW)]
        tokens = count_tokens(window)
        if tokens <= MAX_TOKENS:
            cut = start + len(window)
        else:
            length = max(1, int(len(window) * MAX_TOKENS * 0.9 / tokens))
            cut = text.rfind(" ", start + length // 2, start + length) + 1 or start + length
        yield start, cut
        start = cut


def _span(first: Block, last: Block, text: str) -> int:
    return count_tokens(text[first.start : last.end])


def _size(blocks: Sequence[Block], text: str) -> int:
    return _span(blocks[0], blocks[-1], text)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _path(group: Sequence[Block]) -> tuple[str, ...]:
    """Headings all blocks of the group share, and the table's header where the group begins inside a table."""
    path = group[0].path
    for block in group[1:]:
        shared = sum(1 for _ in _same(path, block.path))
        path = path[:shared] or path[:1]
    return (*path, group[0].header) if group[0].header else path


def _same(left: Sequence[str], right: Sequence[str]) -> Iterator[str]:
    for one, other in zip(left, right, strict=False):
        if one != other:
            return
        yield one


def _passage(article: Article, start: int, end: int, path: tuple[str, ...]) -> Passage:
    titles = [article.title, *(title for title in path if title != article.title)]
    return Passage(
        doc_id=article.doc_id,
        title=" › ".join(filter(None, titles)),
        text=article.text[start:end],
        start=start,
        end=end,
        kind=article.kind,
        visibility=article.visibility,
    )
