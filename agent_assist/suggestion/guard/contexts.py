"""Texts as statements: each claim with the words around it, which tell what it is said of.

Words are pairs and single characters of Chinese and stems of Latin words, without a dictionary: a check must be ready
between two keys. A word weighs by how near it stands: the clause most, then the sentence, then its heading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]

from agent_assist.domain.language import is_han
from agent_assist.domain.patterns.spans import fold
from agent_assist.suggestion.guard.claims import Claim, find_claims

_STEMMER = snowballstemmer.stemmer("english")
_SENTENCE_END = re.compile(r"[。！？!?；;\n]+|\.(?=\s|$)")
_CLAUSE_END = re.compile(
    r"[，,、()（）|]+|——|…+|\s-\s|(?<=[a-z])\s(?=(?:and|but|while|whereas|or)\s)|而(?=[^且])|但是?|，?不过"
)
_LEAD = re.compile(r"\s*([^：:，,。.]{1,24})[：:]")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[^\x00-\x7f]+")
_FILLER_WORDS = (
    "a an the of to in on at is are am be been was were i me my you your it its he she we us our they them their "
    "and or do does did have has had this that these those for with as by so if will would there here can could "
    "may might please just also from within up s t re ll ve hi hello thank thanks yes dear"
)
_FILLER = frozenset(_FILLER_WORDS.split())
_FILLER_HAN = frozenset("的了呢哦呀吧吗啊您你我们请会在是就也都和与及或为于到从把被让给以后")
NEAR, SENTENCE, HEADING = 1.0, 0.45, 0.35
_FAR = 14.0


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim with the words around it, each with a weight up to 1; `topic` are the first ones of its sentence."""

    claim: Claim
    words: dict[str, float]
    topic: frozenset[str]
    sentence: Span


@lru_cache(maxsize=2048)
def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of `text`; a line is at least one."""
    return tuple(_parts(text, _SENTENCE_END, 0, len(text)))


def clauses(text: str, sentence: Span) -> list[Span]:
    """The clauses of a sentence."""
    return list(_parts(text, _CLAUSE_END, sentence.start, sentence.end))


@lru_cache(maxsize=2048)
def statements(text: str, title: str = "") -> tuple[Statement, ...]:
    """The statements of `text`; words of `title` and of the headings and table heads above count a little."""
    claims = find_claims(text)
    bare = _without(fold(text), claims)
    heading = words(fold(title))
    found: list[Statement] = []
    above = ""
    for sentence in sentences(text):
        line = bare[sentence.start : sentence.end]
        inside = [claim for claim in claims if sentence.start <= claim.start < sentence.end]
        if inside:
            spans = clauses(bare, sentence)
            sides = {**dict.fromkeys(heading, HEADING), **dict.fromkeys(words(above), HEADING)}
            topic = _topic(line)
            lead = _lead(line) | _sole_name(inside)
            table = _table_head(text, sentence.start) if "|" in line else []
            for claim in inside:
                around = dict(sides)
                around |= dict.fromkeys(words(line), SENTENCE)
                clause = next((span for span in spans if span.start <= claim.start < span.end), sentence)
                beside = [(f"={key}", other.start) for other in inside if other is not claim for key in other.keys]
                for word, place in (*_words_of(bare, clause), *beside):
                    weight = _nearness(word, place, claim) if clause.start <= place < clause.end else SENTENCE
                    around[word] = max(around.get(word, 0.0), weight)
                around |= dict.fromkeys(lead, NEAR)
                if table:
                    around |= _cells(bare, table, sentence, claim)
                found.append(Statement(claim, around, topic, sentence))
        if _is_heading(text, sentence):
            above = line
    return tuple(found)


@lru_cache(maxsize=8192)
def words(folded: str) -> tuple[str, ...]:
    """Words of a folded text, with repeats."""
    return tuple(word for word, _ in _placed(folded))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word without its ending."""
    return str(_STEMMER.stemWord(word)) if len(word) > 2 else word


def _placed(folded: str) -> Iterator[tuple[str, int]]:
    for match in _WORD.finditer(folded):
        run = match[0]
        if run[0].isascii():
            plain = run.partition("'")[0]
            if plain not in _FILLER:
                yield stem(plain), match.start()
            continue
        for index, char in enumerate(run):
            if not is_han(char):
                continue
            if char not in _FILLER_HAN:
                yield char, match.start() + index
            if index + 1 < len(run) and is_han(run[index + 1]) and not _FILLER_HAN.issuperset(run[index : index + 2]):
                yield run[index : index + 2], match.start() + index


def _words_of(bare: str, clause: Span) -> Iterator[tuple[str, int]]:
    for word, offset in _placed(bare[clause.start : clause.end]):
        yield word, clause.start + offset


def _nearness(word: str, place: int, claim: Claim) -> float:
    """Those beside the claim count most."""
    distance = max(0, claim.start - place - len(word), place - claim.end)
    return NEAR - (NEAR - SENTENCE) * min(1.0, distance / _FAR) * 0.6


def _topic(line: str) -> frozenset[str]:
    told = [word for word in words(line) if len(word) > 1 or word.isascii()]
    return frozenset(told[:1])


def _lead(line: str) -> set[str]:
    """Words before a colon: in "Gold: from $500 a year, 3 coupons" all is said of Gold."""
    match = _LEAD.match(line)
    return set(words(match[1])) if match else set()


def _sole_name(inside: list[Claim]) -> set[str]:
    """The one model or place that a sentence names."""
    named = {key for claim in inside if claim.group in {"code", "place"} for key in claim.keys}
    return {f"={key}" for key in named} if len(named) == 1 else set()


def _without(folded: str, claims: tuple[Claim, ...]) -> str:
    """Blanks in place of claims, so that neither words nor borders are found in them; names of places stay words."""
    chars = list(folded)
    for claim in claims:
        if claim.group not in {"place", "code", "weekday", "letters"}:
            chars[claim.start : claim.end] = " " * (claim.end - claim.start)
    return "".join(chars)


def _parts(text: str, border: re.Pattern[str], start: int, end: int) -> Iterator[Span]:
    position = start
    for match in border.finditer(text, start, end):
        if text[position : match.start()].strip():
            yield Span(position, match.end())
            position = match.end()
    if text[position:end].strip():
        yield Span(position, end)


def _is_heading(text: str, sentence: Span) -> bool:
    """A line that ends with a colon, begins with # or 【, or asks: what follows is about it."""
    line = text[sentence.start : sentence.end].strip()
    return line.endswith((":", "：", "?", "？")) or line.startswith(("#", "【", "Q:", "Q：", "问"))


def _table_head(text: str, place: int) -> list[str]:
    """Cells of the first row of the table around `place`."""
    head = ""
    for line in reversed(text[:place].split("\n")):
        if line.strip() and "|" not in line:
            break
        head = line if "|" in line and not set(line) <= set("|-: ") else head
    return fold(head).split("|") if head else []


def _cells(bare: str, head: list[str], row: Span, claim: Claim) -> dict[str, float]:
    """Words of the column's head and of the row's first cell."""
    line = bare[row.start : row.end]
    lead = 1 if line.lstrip().startswith("|") else 0
    column = bare.count("|", row.start, claim.start)
    near = [line.split("|")[lead], *(head[column : column + 1])]
    return {word: NEAR for part in near for word in words(part)}
