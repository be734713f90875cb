"""How well a name answers what was typed, in both languages. No Qt."""

import re
import unicodedata
from collections.abc import Iterable

# A name's rank, lower first: it is what was typed, begins so, has a word that does, has these initials, holds it.
EXACT, BEGINS, WORD, INITIALS, INSIDE = range(5)
_WORD_BORDERS = re.compile(r"[\s/·:：,，.\-–—()（）]+")


def plain(text: str) -> str:
    """Without case, width and accents: what people leave out when they type in haste."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def rank(typed: str, names: Iterable[str]) -> int | None:
    """The best rank of `typed` among the names of one thing; None where some word of it is in none of them.

    Words may come in any order and from different names, so "dark 主题" is found too.
    """
    wanted = plain(typed).split()
    if not wanted:
        return INSIDE
    known = [plain(name) for name in names if name]
    whole = " ".join(wanted)
    best = min((found for name in known if (found := _rank_one(whole, name)) is not None), default=None)
    if best is not None:
        return best
    each = [min((r for name in known if (r := _rank_one(word, name)) is not None), default=None) for word in wanted]
    return None if len(wanted) == 1 or None in each else max(found for found in each if found is not None)


def rank_in_group(typed: str, names: Iterable[str], group: Iterable[str]) -> int | None:
    """As `rank`; found by the name of its group alone, such as a menu's, a thing comes behind all others."""
    own = rank(typed, names)
    if own is not None:
        return own
    wider = rank(typed, [*names, *group])
    return None if wider is None else INSIDE + 1 + wider


def _rank_one(typed: str, name: str) -> int | None:
    if name == typed:
        return EXACT
    if name.startswith(typed):
        return BEGINS
    words = [word for word in _WORD_BORDERS.split(name) if word]
    if any(word.startswith(typed) for word in words):
        return WORD
    if len(typed) > 1 and "".join(word[0] for word in words).startswith(typed):
        return INITIALS
    return INSIDE if typed in name else None
