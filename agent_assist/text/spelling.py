"""What a slip makes of a word, so that it is found all the same.

Chinese is typed by sound: 退火 for 退货, 优会券 for 优惠券, "fapiao" left unconverted. So every pair of characters in
the index also stands under its pinyin, without tones, and with the sounds that many people do not tell apart (zh and
z, -ing and -in) as one. Latin words stand under every form with one letter left out, as in SymSpell
(https://github.com/wolfgarbe/SymSpell): two words one slip apart share such a form.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from agent_assist.domain.language import is_han

# Shorter words have too many neighbours; longer ones are codes or links.
_LETTERS = range(4, 25)
# Marks spellings by sound, so that "an" is not the sound of 安.
_SOUND = "~"
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_NASAL = re.compile(r"(?<=[aei])ng$")
_LATIN_RUN = re.compile(r"(?<![a-z0-9])[a-z]{4,30}(?![a-z0-9])")
_LONGEST_SYLLABLE = 6  # zhuang


def spellings(term: str) -> tuple[str, ...]:
    """Under what an index word is kept: its sound for a pair of characters, its shortened forms for a Latin word."""
    if is_pair(term):
        return (_SOUND + "".join(_sounds(term)),)
    if term.isascii() and term.isalpha() and len(term) in _LETTERS:
        return (term, *_shortened(term))
    return ()


def is_pair(term: str) -> bool:
    """Whether the term is two Chinese characters."""
    return len(term) == 2 and is_han(term[0]) and is_han(term[1])


def slips(folded: str, unknown: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Spellings that the right words may share, for words of a query that no index holds and for pinyin in it.

    `folded` is the query in lower case and half width.
    """
    found = {term: keys for term in unknown if (keys := spellings(term))}
    if any(term.isascii() for term in unknown):
        for match in _LATIN_RUN.finditer(folded):
            found |= {typed: (_SOUND + sound,) for typed, sound in _typed_sounds(match.group())}
    return found


def pinyin_runs(folded: str) -> Iterator[tuple[int, int, list[str]]]:
    """Start, end and syllables of each run of Latin letters that reads as pinyin of two syllables or more."""
    for match in _LATIN_RUN.finditer(folded):
        if syllables := _syllables(match.group()):
            yield match.start(), match.end(), syllables


def is_slip(typed: str, term: str) -> bool:
    """Whether `typed` is one slip away: a letter too many, too few, another one, or two that changed places.

    Anything goes for Chinese, which shares a spelling only if it sounds alike.
    """
    if not term.isascii() or abs(len(typed) - len(term)) > 1:
        return not term.isascii()
    if len(typed) != len(term):
        shorter, longer = sorted((typed, term), key=len)
        return shorter in _shortened(longer)
    wrong = [index for index, (left, right) in enumerate(zip(typed, term, strict=True)) if left != right]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        return typed[wrong[0]] == term[wrong[1]] and typed[wrong[1]] == term[wrong[0]]
    return len(wrong) == 1


def _shortened(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word[:index] + word[index + 1 :] for index in range(len(word))))


@lru_cache(maxsize=50_000)
def _sounds(pair: str) -> tuple[str, ...]:
    # Loading its dictionaries takes a fifth of a second, which only a slip or an indexing is worth.
    from pypinyin import lazy_pinyin

    return tuple(map(_plain, lazy_pinyin(pair)))


def _plain(sound: str) -> str:
    for initial, plain in _ALIKE:
        if sound.startswith(initial):
            sound = plain + sound[len(initial) :]
            break
    return _NASAL.sub("n", sound)


def _typed_sounds(run: str) -> Iterator[tuple[str, str]]:
    """Neighbouring syllables of pinyin typed without blanks, and their sound: tuihuo, huoyun, … of "tuihuoyunfei"."""
    for left, right in itertools.pairwise(_syllables(run)):
        yield left + right, _plain(left) + _plain(right)


def _syllables(run: str) -> list[str]:
    """`run` cut into at least two pinyin syllables, the longest first; empty where it is not pinyin."""
    ways: list[list[str] | None] = [[]] + [None] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            before, syllable = ways[start], run[start:end]
            if before is not None and syllable in _all_syllables() and ways[end] is None:
                ways[end] = [*before, syllable]
    cut = ways[-1] or []
    return cut if len(cut) > 1 else []


@cache
def _all_syllables() -> frozenset[str]:
    from pypinyin import pinyin_dict
    from pypinyin.contrib.tone_convert import to_normal

    sounds = {to_normal(one) for all_of_it in pinyin_dict.pinyin_dict.values() for one in all_of_it.split(",")}
    return frozenset(sound for sound in sounds if sound.isascii() and len(sound) > 1) | {"a", "e", "o"}
