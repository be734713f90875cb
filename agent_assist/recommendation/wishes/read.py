"""From a customer's messages to wishes: later messages add to earlier ones and take the place of what they say anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from agent_assist.domain.patterns import parse_number
from agent_assist.domain.understanding import Entity
from agent_assist.recommendation.facts import Split
from agent_assist.recommendation.spotting import Spot, Spotter, plain, spotter, spotter_for
from agent_assist.recommendation.vocabulary import Preference, vocabulary
from agent_assist.recommendation.wishes.budget import read_budget
from agent_assist.recommendation.wishes.checks import FitsWish
from agent_assist.recommendation.wishes.conditions import read_conditions
from agent_assist.recommendation.wishes.model import Wish, Wishes
from agent_assist.recommendation.wishes.subjects import Lexicon, Subjects, read_subjects

# A wish stands in the beginning of a text, and what stands behind it may be a whole mail thread.
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class MessageRead:
    """A message's wishes, and the keys of those that it leaves open."""

    wishes: Wishes
    left_open: frozenset[str]


def read_wishes(
    texts: Sequence[str],
    *,
    words: Lexicon,
    colours: Spotter,
    split: Split,
    entities: Mapping[int, Sequence[Entity]] | None = None,
) -> Wishes:
    """The wishes of a thread's messages, oldest first; `entities` are what the models read in each, by its place."""
    wishes = Wishes()
    for place, text in enumerate(texts):
        read = read_message(
            text[:_LONGEST], words=words, colours=colours, split=split, entities=(entities or {}).get(place, ())
        )
        wishes = _followed_by(wishes, read)
    return wishes


def read_message(
    text: str, *, words: Lexicon, colours: Spotter, split: Split, entities: Sequence[Entity] = ()
) -> MessageRead:
    """One message by itself."""
    folded = plain(text)
    subjects = read_subjects(folded, words, split=split)
    found = read_conditions(folded, colours=colours, subjects=subjects.spans, entities=entities)
    budget = read_budget(folded, taken=[*subjects.spans, *found.spans])
    idle = _filler(split).union(*(split(word) for word in found.dismissed))
    telling = tuple(word for word in split(folded) if word not in idle and parse_number(word) is None)
    shopping = bool(spotter_for("shopping").find(folded))
    mentioned: Sequence[Wish] = () if subjects.named and not subjects.kinds else _goes_with(subjects, words)
    wishes = Wishes(
        kinds=subjects.kinds,
        excluded_kinds=subjects.excluded,
        categories=subjects.categories,
        named=subjects.named,
        cheaper_than=subjects.cheaper_than,
        budget=budget,
        conditions=(*found.wishes, *mentioned),
        welcome=found.welcome,
        preferences=_preferences(folded),
        quantity=found.quantity,
        words=telling,
        open_ended=not telling
        and (budget is not None or bool(_preferences(folded)) or bool(spotter_for("open").find(folded))),
        accessories=bool(subjects.named or subjects.kinds) and bool(spotter_for("accessories").find(folded)),
        after_sales=not shopping and budget is None and bool(spotter_for("after_sales").find(folded)),
    )
    return MessageRead(wishes, frozenset(found.left_open))


def _followed_by(before: Wishes, message: MessageRead) -> Wishes:
    now = message.wishes
    subject = now if now.kinds or now.categories or now.named else before
    return Wishes(
        kinds=subject.kinds,
        excluded_kinds=(*before.excluded_kinds, *now.excluded_kinds),
        categories=subject.categories,
        named=subject.named,
        cheaper_than=now.cheaper_than or before.cheaper_than,
        budget=now.budget or before.budget,
        conditions=_merged(before.conditions, now.conditions, message.left_open),
        welcome=_merged(before.welcome, now.welcome, message.left_open),
        preferences=tuple(dict.fromkeys([*before.preferences, *now.preferences])),
        quantity=max(now.quantity, before.quantity if now.quantity == 1 else 1),
        words=tuple(dict.fromkeys([*before.words, *now.words])),
        open_ended=now.open_ended or (before.open_ended and not now.words),
        accessories=now.accessories,
        after_sales=now.after_sales,
    )


def _merged(before: Sequence[Wish], now: Sequence[Wish], left_open: frozenset[str]) -> tuple[Wish, ...]:
    """By key: the newer one counts, and what is left open is gone."""
    by_key = {wish.key: wish for wish in before} | {wish.key: wish for wish in now}
    return tuple(wish for key, wish in by_key.items() if key not in left_open)


def _goes_with(subjects: Subjects, words: Lexicon) -> list[Wish]:
    """A product of the shop that is only mentioned is what the wanted one must fit."""
    named: list[Spot] = [spot for spot in subjects.mentioned if spot.word in words.names]
    return [FitsWish(words=(spot.word,), wanted=spot.word) for spot in named]


def _preferences(text: str) -> tuple[Preference, ...]:
    return tuple(one for one in vocabulary().preferences if spotter(one.words).find(text))


@cache
def _filler(split: Split) -> frozenset[str]:
    """Words of every question before buying; they tell no product from another."""
    words = vocabulary().words["filler"]
    return frozenset([*words["zh"], *words["en"], *(stem for word in words["en"] for stem in split(word))])
