"""What kind of product is asked for, or which product by name, and what is only mentioned.

"A strap for my Watch S3" asks for a strap; "a bag that holds a laptop" for a bag.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from agent_assist.domain.language import is_han
from agent_assist.recommendation.facts import Split, kind_of_word
from agent_assist.recommendation.spotting import Spot, Spotter, spotter
from agent_assist.recommendation.stances import clause_around
from agent_assist.recommendation.vocabulary import vocabulary

_LINK = re.compile(r"\s*(?:[、,/&和与及跟]|and|or)\s*")
# Between a word like 适合 or "for my" and what it points to at most this much stands.
_GAP = 5
# 电竞椅 is a chair though no dictionary has it.
_SURE_HEADS = frozenset("椅鞋枕灯")
_CHEAPER_EN = re.compile(r"\b(?:cheaper|less expensive) than (?:the |your )?$")
_CHEAPER_ZH = re.compile(r"\s*(?:还|更)?(?:便宜|实惠|划算)")
_NEGATED = re.compile(
    r"(?:不要|不想要|不喜欢|别要|除了|不是|不考虑|排除|没有)(?:那种|这种|任何|什么)?$"
    r"|(?:\bnot?|without|except|anything but|other than|(?:don't|do not) (?:want|like|need))"
    r" (?:(?:for|the|a|an|any|another|more) )*$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """A shop's own words, plain: categories, and SKUs by the names of products."""

    categories: frozenset[str]
    names: Mapping[str, tuple[str, ...]]
    spotter: Spotter


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """`mentioned` are names of products that something must go with, `cheaper_than` SKUs of those that are too dear;
    `spans` the places of all of it."""

    kinds: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    cheaper_than: tuple[str, ...] = ()
    mentioned: tuple[Spot, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def lexicon(categories: frozenset[str], names: Mapping[str, tuple[str, ...]]) -> Lexicon:
    """The shop's words together with those of the vocabulary; a name that is a kind's word means the kind."""
    kinds = kind_of_word()
    own = {name: skus for name, skus in names.items() if name not in kinds}
    singular = {name[:-1] if name.isascii() and name.endswith("s") else name for name in categories}
    own_categories = frozenset(name for name in singular if name not in kinds)
    # A device is no subject, but "Apple Watch" must not be taken for a watch.
    devices = [word for device in vocabulary().devices for word in device.words]
    return Lexicon(categories=own_categories, names=own, spotter=Spotter([*kinds, *own, *own_categories, *devices]))


def read_subjects(text: str, words: Lexicon, *, split: Split) -> Subjects:
    """Read a plain text."""
    kinds = kind_of_word()
    known = {*kinds, *words.names, *words.categories}
    found = [spot for spot in words.spotter.find(text) if _is_word(text, spot, split)]
    spots = [spot for spot in found if spot.word in known]
    aside = _asides(text, found)
    compared = [spot for spot in spots if spot.word in words.names and _is_too_dear(text, spot)]
    excluded = [spot for spot in spots if spot in compared or _is_excluded(text, spot)]
    wanted = [spot for spot in spots if spot not in aside and spot not in excluded]
    if not wanted and not any(_strongly_aside(text, spot) for spot in aside):
        wanted, aside = [spot for spot in spots if spot not in excluded], []
    by_verb = [] if wanted else [kind.id for kind in vocabulary().kinds if spotter(kind.verbs).find(text)]
    return Subjects(
        kinds=_unique([*(kinds[spot.word] for spot in wanted if spot.word in kinds), *by_verb]),
        excluded=_unique(kinds[spot.word] for spot in excluded if spot.word in kinds),
        categories=_unique(spot.word for spot in wanted if spot.word in words.categories),
        named=_unique(sku for spot in wanted for sku in words.names.get(spot.word, ())),
        cheaper_than=_unique(sku for spot in compared for sku in words.names[spot.word]),
        mentioned=tuple(spot for spot in aside if spot.word in known and spot not in compared),
        spans=tuple((spot.start, spot.end) for spot in spots),
    )


def _is_too_dear(text: str, spot: Spot) -> bool:
    """比 H7 便宜的, cheaper than the H7."""
    before, after = clause_around(text, spot.start, spot.end)
    return _CHEAPER_EN.search(before) is not None or (
        before.rstrip().endswith("比") and _CHEAPER_ZH.match(after) is not None
    )


def _is_excluded(text: str, spot: Spot) -> bool:
    """Only right behind the negation: 不要白色的耳机 asks for headphones, in another colour."""
    before, _ = clause_around(text, spot.start, spot.end)
    return _NEGATED.search(before.replace("有没有", "   ")) is not None


def _is_word(text: str, spot: Spot, split: Split) -> bool:
    """A single Han character is a kind only where it is a word of its own: 表 is none in 表示."""
    if len(spot.word) > 1 or not is_han(spot.word) or spot.word in _SURE_HEADS:
        return True
    return spot.word in split(text[max(0, spot.start - 4) : spot.end + 4])


def _asides(text: str, spots: list[Spot]) -> list[Spot]:
    aside: list[Spot] = []
    for spot in spots:
        chained = aside and _LINK.fullmatch(text[aside[-1].end : spot.start])
        if chained or _points_to(text, spot):
            aside.append(spot)
    return aside


def _points_to(text: str, spot: Spot) -> bool:
    before = text[max(0, spot.start - 24) : spot.start]
    cues = _context().find(before)
    return (
        bool(cues) and len(before) - cues[-1].end <= _GAP and not re.search(r"[,，。.;；?？]", before[cues[-1].end :])
    )


def _strongly_aside(text: str, spot: Spot) -> bool:
    """给手机充电 asks for no phone whatever else is said; "for a coffee lover" may be all there is."""
    return "给" in text[max(0, spot.start - 3) : spot.start] or "charge " in text[max(0, spot.start - 12) : spot.start]


@cache
def _context() -> Spotter:
    return Spotter((*vocabulary().both("context"), "给", "charge", "charge my"))


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
