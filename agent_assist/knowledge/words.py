"""What words a text has, for full text search in Chinese and English.

Two columns: words (rjieba's search cut of Chinese, English stems, codes) and pairs of Chinese characters, which find
what the word cut splits otherwise ("退货运费" is cut as 退 货运 运费). Nothing that changes the meaning of a shop's
sentence is dropped: 不, 没有, 能 and 吗 are words like others, and so are "not" and "without".
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc
import snowballstemmer  # type: ignore[import-untyped]

from agent_assist.domain.language import is_han

# Customers in Hong Kong and Taiwan write 退貨 where the shop's texts say 退货.
_SIMPLIFIED = opencc.OpenCC("t2s")
_HAN_BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
_STEMMER = snowballstemmer.stemmer("english")
# English words that stand in nearly every sentence and say nothing about it; they would only cost time.
_EMPTY_WORDS = (
    "a an the of to in on at is are am be been was were i me my you your it its he she we us our they them their "
    "and or do does did have has had this that these those for with as by so if will would there here"
)
_RUN = re.compile(r"[a-z]+n't\b|[a-z0-9·]+(?:[-_./][a-z0-9·]+)*(?:'[a-z]+)?|[^\W\d_a-z]+|\w+")
_PARTS = re.compile(r"[a-z]+|[0-9·]+")
_ACCENTS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# FTS5 ends a word at every ASCII sign; this one it takes for a letter, so 3.5 stays one word.
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexWords:
    """`words` and `pairs` in order of the text, with repeats."""

    words: tuple[str, ...]
    pairs: tuple[str, ...]


def fold(text: str) -> str:
    """One form for what reads the same: full and half width, case, Latin accents, traditional characters, numbers."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("·", " ")
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", plain)))
        if not _traditional().isdisjoint(plain):
            plain = _SIMPLIFIED.convert(plain.encode("utf-8", "replace").decode("utf-8"))
    return _DECIMAL.sub("·", _THOUSANDS.sub("", plain))


def simplified(text: str) -> str:
    """`text` with simplified characters, all else as it is: enough to look for Chinese words in it."""
    return text if _traditional().isdisjoint(text) else fold(text)


@cache
def _traditional() -> frozenset[str]:
    """Characters that are simplified; looking for one is a tenth of the cost of trying the conversion."""
    every = "".join(chr(code) for first, last in _HAN_BLOCKS for code in range(first, last + 1))
    return frozenset(char for char, plain in zip(every, _SIMPLIFIED.convert(every), strict=True) if char != plain)


def index_words(text: str) -> IndexWords:
    """Split a text that is searched in. Single characters are pairs too, so that one alone can be found."""
    words: list[str] = []
    pairs: list[str] = []
    for run, han in _runs(text):
        if han:
            words.extend(_cut(run))
            pairs.extend(_pairs(run))
            pairs.extend(run)
        else:
            words.extend(_latin(run))
    return IndexWords(words=tuple(words), pairs=tuple(pairs))


def query_words(text: str) -> IndexWords:
    """Split a text that is searched for: each word and pair once. English filler is left out unless it is all."""
    words: list[str] = []
    pairs: list[str] = []
    for run, han in _runs(text):
        if han:
            words.extend(_cut(run))
            pairs.extend(_pairs(run) if len(run) > 1 else run)
        else:
            words.extend(_latin(run))
    telling = [word for word in words if word not in _EMPTY_STEMS] or words
    return IndexWords(words=tuple(dict.fromkeys(telling)), pairs=tuple(dict.fromkeys(pairs)))


def as_typed(text: str) -> dict[str, str]:
    """The index words of the Latin words in a query, with what stands in it: "deliveri" is "delivery"."""
    return {word: run for run, han in _runs(text) if not han and not _has_digit(run) for word in _latin(run)}


def _has_digit(run: str) -> bool:
    return any(char.isdigit() for char in run)


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Stretches of Chinese characters (True) and of anything else that has letters or digits (False)."""
    for match in _RUN.finditer(fold(text)):
        yield from _by_script(match.group())


def _by_script(run: str) -> Iterator[tuple[str, bool]]:
    start = 0
    for index in range(1, len(run) + 1):
        if index == len(run) or is_han(run[index]) != is_han(run[start]):
            yield run[start:index], is_han(run[start])
            start = index


def _cut(run: str) -> list[str]:
    # Loading its dictionary takes a fifth of a second, which the window must not wait for; it loads it when it is open.
    import rjieba

    return list(rjieba.cut_for_search(run))


def _pairs(run: str) -> list[str]:
    return [run[index : index + 2] for index in range(len(run) - 1)]


def _latin(run: str) -> list[str]:
    if run.isalpha():
        return [_stem(run)]
    if run.endswith("n't"):
        return [_stem(run[:-3]) if run != "can't" else "can", "not"]
    if "'" in run:
        return _latin(run.partition("'")[0])  # the customer's -> customer
    return _code(run)


def _code(run: str) -> list[str]:
    """All ways people write a code: x200-pro, x200pro and x200 pro share words."""
    pieces = re.split(r"[-_./]", run)
    words = [_stem(piece) if piece.isalpha() else piece for piece in pieces]
    if len(pieces) > 1:
        words.append("".join(pieces))
    parts = [part for piece in pieces for part in _PARTS.findall(piece)]
    if len(parts) > 1:
        words.extend(_stem(part) for part in parts if len(part) > 1 or part.isdigit())
        words.extend(left + right for left, right in itertools.pairwise(parts))
    return list(dict.fromkeys(words))


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    if word == "cannot":
        return "can"
    return str(_STEMMER.stemWord(word)) if word.isascii() and len(word) > 2 else word


_EMPTY_STEMS = frozenset(map(_stem, _EMPTY_WORDS.split()))
