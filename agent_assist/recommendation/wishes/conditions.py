"""The conditions in a text: colours, sizes, measures, protection, traits, devices, places, counts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from agent_assist.domain.patterns import find_entities
from agent_assist.domain.understanding import Entity
from agent_assist.recommendation.comparisons import Comparison, comparison
from agent_assist.recommendation.measures import Measure, find_measures, find_protection
from agent_assist.recommendation.spotting import Spot, Spotter, plain, spotter, spotter_for
from agent_assist.recommendation.stances import Stance, clause_around, stance
from agent_assist.recommendation.vocabulary import Aspect, vocabulary
from agent_assist.recommendation.wishes.checks import (
    ColourWish,
    FitsWish,
    MainsWish,
    ProtectionWish,
    SizeWish,
    TraitWish,
)
from agent_assist.recommendation.wishes.model import Bounds, MeasureWish, Wish

_LETTER_SIZE = re.compile(
    r"(?<![a-z0-9.])(?:(?P<sure>xs|x{1,3}l|[2-6]xl)|(?P<a>[sml])\s?(?:码|号|size)"
    r"|(?:size|尺码|码数)[ :：]?\s?(?P<b>[sml]))(?![a-z0-9])"
)
_NUMBER_SIZE = re.compile(
    r"(?<![0-9.])(?P<a>[0-9]{2}(?:\.5)?)\s?(?:码|号)|(?:size|eu|尺码)\s?(?P<b>[0-9]{1,2}(?:\.5)?)(?![0-9a-z])"
)
_BED_SIZE = re.compile(r"(?P<n>[0-9]\.[0-9]|[0-9])\s?(?:m|米)\s?(?:的)?(?:大)?(?:床|bed)")
_PLUGGED = re.compile(r"用|插|电压|\b(?:works?|use|used|using|run|runs|plug|voltage|outlet)\b")
# 我165 55公斤 and "I'm 178cm, 75 kg" speak of the customer.
_BODY = re.compile(r"(?:我|身高|体重|本人|\bi'?m|\bi am|\bi weigh|height|tall)[^,，。;；]{0,14}$")
_MODEL = re.compile(r"\s?([a-z]?[0-9]{1,3})(?![0-9])(?!\s?(?:元|块|以|个|[$¥]))")
_BARE_SIZE = re.compile(r"xs|[sml]|x{1,3}l|[2-6]xl|[0-9]{2}(?:\.5)?")
_SAME_SIZE = {"xxl": "2xl", "xxxl": "3xl"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """`wishes` must be met, `welcome` ones not; `spans` are the places of numbers that are thereby explained;
    `left_open` are keys of wishes that the customer takes back ("no noise cancelling needed"), `dismissed` the words
    for these and for what is unwanted."""

    wishes: tuple[Wish, ...]
    welcome: tuple[Wish, ...]
    left_open: tuple[str, ...]
    dismissed: tuple[str, ...]
    quantity: int
    spans: tuple[tuple[int, int], ...]


def read_conditions(
    text: str, *, colours: Spotter, subjects: Sequence[tuple[int, int]], entities: Sequence[Entity] = ()
) -> Conditions:
    """Read a plain text; `colours` finds the names of colours, `subjects` are the places of kinds and names.

    Of the `entities` that the models read, sizes and colours count that the rules do not see ("卫衣 M").
    """
    sizes = list(_sizes(text)) or list(_sizes_read(entities))
    taken = [*subjects, *(span for _, span in sizes)]
    measures = [one for one in find_measures(text) if not _overlaps((one.start, one.end), taken)]
    quantity, counts = _quantity(text, [*taken, *((one.start, one.end) for one in measures)])
    traits, open_traits, dismissed = _traits(text)
    protection = find_protection(text)
    wishes: list[Wish] = [
        *(
            list(_colours(text, colours.find(text), subjects))
            or _colours(text, _colours_read(text, entities), subjects)
        ),
        *(wish for wish, _ in sizes),
        *_measures(text, measures),
        *traits,
        *_devices(text),
        *_places(text),
    ]
    if protection is not None:
        wishes.append(ProtectionWish(wish=protection, wanted=text[protection.start : protection.end].upper()))
    spans = [*(span for _, span in sizes), *((one.start, one.end) for one in measures), *counts]
    return Conditions(
        wishes=tuple(wish for wish in wishes if not _is_soft(wish)),
        welcome=tuple(filter(_is_soft, wishes)),
        left_open=tuple(open_traits),
        dismissed=tuple(dismissed),
        quantity=quantity,
        spans=tuple(spans + ([(protection.start, protection.end)] if protection else [])),
    )


def _is_soft(wish: Wish) -> bool:
    return isinstance(wish, TraitWish) and wish.trait.soft


def _overlaps(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _sizes(text: str) -> Iterator[tuple[Wish, tuple[int, int]]]:
    for pattern in (_LETTER_SIZE, _NUMBER_SIZE):
        for match in pattern.finditer(text):
            size = next(group for group in match.groups() if group)
            form = _SAME_SIZE.get(size, size)
            yield SizeWish(forms=(form, size), wanted=size.upper()), match.span()
    for match in _BED_SIZE.finditer(text):
        forms = (f"{match['n']}m床", f"{match['n']}米床", f"{match['n']}m", f"{match['n']}米")
        yield SizeWish(forms=forms, wanted=f"{match['n']}m"), match.span()


def _sizes_read(entities: Sequence[Entity]) -> Iterator[tuple[Wish, tuple[int, int]]]:
    for one in entities:
        written = plain(one.text).strip()
        if one.type == "size" and _BARE_SIZE.fullmatch(written):
            yield (
                SizeWish(forms=(_SAME_SIZE.get(written, written), written), wanted=written.upper()),
                (one.start, one.end),
            )


def _colours_read(text: str, entities: Sequence[Entity]) -> list[Spot]:
    found = [one for one in entities if one.type == "color"]
    return [
        Spot(one.start, one.end, text[one.start : one.end]) for one in found if 0 <= one.start < one.end <= len(text)
    ]


def _quantity(text: str, taken: Sequence[tuple[int, int]]) -> tuple[int, list[tuple[int, int]]]:
    found = [
        one for one in find_entities(text) if one.type == "quantity" and not _overlaps((one.start, one.end), taken)
    ]
    counts = [int(float(one.value)) for one in found if one.value and not text.startswith("口", one.end)]
    return max([1, *counts]), [(one.start, one.end) for one in found]


def _colours(text: str, spots: Sequence[Spot], subjects: Sequence[tuple[int, int]]) -> Iterator[Wish]:
    for spot in spots:
        if _overlaps((spot.start, spot.end), subjects):
            continue
        meant = stance(text, spot.start, spot.end)
        if meant is not Stance.EITHER_WAY:
            words = colour_words(spot.word)
            unwanted = meant is Stance.UNWANTED
            wanted = spot.word if not unwanted else f"not {spot.word}" if spot.word.isascii() else f"不要{spot.word}"
            yield ColourWish(words=words, wanted=wanted, unwanted=unwanted)


@cache
def colour_words(word: str) -> tuple[str, ...]:
    """All words of the colours that `word` names; a name that only a shop uses stands for itself."""
    bare = word.removesuffix("色").removesuffix("的") or word
    families = [one for one in vocabulary().colours if {word, bare} & set(map(plain, one.words))]
    exact = [one for one in families if plain(one.words[0]) in {word, bare} or one.en == word]
    return tuple(dict.fromkeys(form for one in exact or families for form in one.words)) or (bare,)


def _measures(text: str, measures: Sequence[Measure]) -> Iterator[Wish]:
    for one in measures:
        aspect = _aspect(text, one)
        before, after = clause_around(text, one.start, one.end)
        if aspect is None or (one.dimension in {"length", "mass"} and _BODY.search(before)):
            continue
        sense = comparison(text, one.start, one.end)
        if sense is Comparison.STATED:
            sense = Comparison(aspect.bare)
        single = bool(spotter_for("single").find(before + after))
        wanted = text[one.start : one.end].strip()
        yield MeasureWish(aspect=aspect, bounds=Bounds(sense=sense, value=one.high), wanted=wanted, first_only=single)


def _aspect(text: str, one: Measure) -> Aspect | None:
    fitting = [aspect for aspect in vocabulary().aspects if aspect.dimension == one.dimension]
    around = "\n".join(clause_around(text, one.start, one.end))
    for aspect in fitting[1:]:
        if aspect.cues and spotter(aspect.cues).find(around):
            return aspect
    return fitting[0] if fitting else None


def _traits(text: str) -> tuple[list[Wish], list[str], list[str]]:
    """Wishes, keys of those left open, and the words for what is not wanted or left open."""
    wishes: list[Wish] = []
    left_open, dismissed = [], []
    for trait in vocabulary().traits:
        for spot in spotter(trait.ask or trait.have).find(text):
            meant = stance(text, spot.start, spot.end)
            wish = TraitWish(trait=trait, wanted=spot.word, unwanted=meant is Stance.UNWANTED)
            if meant is not Stance.WANTED:
                dismissed.append(spot.word)
            if meant is Stance.EITHER_WAY:
                left_open.append(wish.key)
            else:
                wishes.append(wish)
    return wishes, left_open, dismissed


def _devices(text: str) -> Iterator[Wish]:
    for device in vocabulary().devices:
        for spot in spotter(device.words).find(text):
            number = _MODEL.match(text, spot.end) if device.models else None
            wanted = text[spot.start : number.end() if number else spot.end]
            words = (spot.word,) if device.family else device.words
            model = number[1] if number else ""
            yield FitsWish(words=words, system=device.fits, wanted=wanted, model=model, radio=device.radio)


def _places(text: str) -> Iterator[Wish]:
    """A place matters where something must work there, not where it is sent."""
    if not _PLUGGED.search(text):
        return
    for place in vocabulary().places:
        for spot in spotter(place.words).find(text):
            yield MainsWish(voltage=place.voltage, wanted=f"{spot.word} ({place.voltage:g} V)")
