"""Wishes beside measures: colours, sizes, protection, traits, what it must work with, the mains."""

import re
from dataclasses import dataclass

from agent_assist.recommendation.attributes import COLOUR, MAINS, RATING, SIZE, colour_fits
from agent_assist.recommendation.facts import ProductFacts
from agent_assist.recommendation.measures import Protection, find_protection
from agent_assist.recommendation.spotting import stands_in
from agent_assist.recommendation.vocabulary import Trait
from agent_assist.recommendation.wishes.model import Status, Verdict


def _verdict(fits: bool, value: str = "") -> Verdict:
    return Verdict(Status.MET if fits else Status.MISSED, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourWish:
    """One of `words` as a colour, or, `unwanted`, any other."""

    words: tuple[str, ...]
    wanted: str
    unwanted: bool = False
    zh: str = "颜色"
    en: str = "colour"
    lenient: bool = False

    @property
    def key(self) -> str:
        """The last colour asked for counts; those ruled out add up."""
        return f"not:{self.wanted}" if self.unwanted else "colour"

    def check(self, facts: ProductFacts) -> Verdict:
        """Against the colours that the product comes in."""
        if facts.colours is None:
            return Verdict(Status.MET) if self.unwanted else Verdict(Status.UNSTATED)
        fitting = [name for name in facts.colours if colour_fits(self.words, name) is not self.unwanted]
        return _verdict(bool(fitting), ", ".join(fitting) or facts.shown(COLOUR))


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeWish:
    """A size of clothes, shoes or beds, in the shop's own notation."""

    forms: tuple[str, ...]
    wanted: str
    zh: str = "尺码"
    en: str = "size"
    lenient: bool = False
    key: str = "size"

    def check(self, facts: ProductFacts) -> Verdict:
        """Against the sizes that the product comes in."""
        if facts.sizes is None:
            return Verdict(Status.UNSTATED)
        found = [size for size in facts.sizes if size.replace(" ", "") in self.forms]
        return _verdict(bool(found), found[0].upper() if found else facts.shown(SIZE))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionWish:
    """A protection class: each digit at least that of the wish."""

    wish: Protection
    wanted: str
    zh: str = "防护等级"
    en: str = "protection"
    lenient: bool = False
    key: str = "protection"

    def check(self, facts: ProductFacts) -> Verdict:
        """Against the product's own class."""
        has = find_protection(facts.whole)
        if has is None:
            return Verdict(Status.UNSTATED)
        fits = has.water >= self.wish.water and has.dust >= self.wish.dust
        return _verdict(fits, facts.shown(RATING))


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitWish:
    """A function or material; `unwanted` where it must not be there."""

    trait: Trait
    wanted: str
    unwanted: bool = False
    lenient: bool = False

    @property
    def key(self) -> str:
        """One a trait."""
        return f"trait:{self.trait.id}"

    @property
    def zh(self) -> str:
        """The trait."""
        return f"不要{self.trait.zh}" if self.unwanted else self.trait.zh

    @property
    def en(self) -> str:
        """The trait."""
        return f"no {self.trait.en}" if self.unwanted else self.trait.en

    def check(self, facts: ProductFacts) -> Verdict:
        """By the attribute that tells it, else by the words of the product's texts."""
        told = facts.told_by(self.trait.keys)
        value = told[0].shown if told else ""
        absent = bool(told) and told[0].absent
        has = not absent and (bool(told) or stands_in(self.trait.have, facts.whole))
        if self.unwanted:
            return _verdict(not has, value)
        if has or absent:
            return _verdict(has, value)
        return Verdict(Status.UNSTATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FitsWish:
    """It must work with something: a device, or another product of the shop.

    `words` name it, `system` what it runs, which products list as well (iOS); `model` is the number behind it
    ("15" of iPhone 15). A `radio` is enough for phones.
    """

    words: tuple[str, ...]
    wanted: str
    system: tuple[str, ...] = ()
    model: str = ""
    radio: bool = False
    zh: str = "适配"
    en: str = "compatibility"
    lenient: bool = True
    key: str = "fits"

    def check(self, facts: ProductFacts) -> Verdict:
        """A product that lists what it fits fits nothing else; of one that lists nothing it is not known."""
        told = facts.fits if facts.fits is not None else facts.whole
        if stands_in(self.words, told):
            fits = not self.model or self._has_model(told)
            return _verdict(fits, facts.fits or "")
        if facts.fits is not None:
            return _verdict(stands_in(self.system, facts.fits), facts.fits)
        radio = facts.told_by(("bluetooth", "蓝牙")) if self.radio else []
        if radio:
            return Verdict(Status.MET, f"Bluetooth {radio[0].shown}")
        return Verdict(Status.UNSTATED)

    def _has_model(self, told: str) -> bool:
        """Whether its number is listed; a list without any numbers holds them all."""
        listed = [match for word in self.words for match in re.finditer(rf"{re.escape(word)}\s?([a-z]?[0-9]+)", told)]
        if not listed:
            return True
        if any(match[1] == self.model for match in listed):
            return True
        behind = [re.match(r"[ a-z]*(?:[-~至到/、,]\s?[a-z]?([0-9]+))+", told[match.end() :]) for match in listed]
        return any(match and self.model in re.findall(r"[a-z]?[0-9]+", match[0]) for match in behind) or any(
            _between(self.model, match[1], told[match.end() :]) for match in listed
        )


def _between(model: str, first: str, rest: str) -> bool:
    """iPhone 12-15 holds 14."""
    until = re.match(r"\s?[-~至到]\s?([0-9]+)", rest)
    numbers = (model, first, until[1] if until else "")
    return all(number.isdigit() for number in numbers) and int(first) <= int(model) <= int(numbers[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class MainsWish:
    """It must run on a place's mains; what has no mains voltage does."""

    voltage: float
    wanted: str
    zh: str = "电压"
    en: str = "mains voltage"
    lenient: bool = True
    key: str = "mains"

    def check(self, facts: ProductFacts) -> Verdict:
        """Against the product's voltage or input."""
        ranges = [m for one in facts.told_by(MAINS) for m in one.measures if m.dimension == "voltage"]
        if not ranges:
            return Verdict(Status.IRRELEVANT)
        fits = any(m.low * 0.93 <= self.voltage <= m.high * 1.07 for m in ranges)
        return _verdict(fits, facts.shown(MAINS))
