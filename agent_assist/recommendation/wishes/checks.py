"""Wishes beside measures: colours, sizes, protection, traits, what it must work with, the mains."""

from dataclasses import dataclass

from agent_assist.recommendation.facts import ProductFacts, colour_fits, is_absent
from agent_assist.recommendation.measures import Protection, find_protection
from agent_assist.recommendation.spotting import plain, spotter, stands_in
from agent_assist.recommendation.vocabulary import Trait
from agent_assist.recommendation.wishes.model import Status, Verdict

_RATING_KEYS = frozenset(["water_rating", "ip_rating", "waterproof", "防水", "防水等级", "防护等级"])
_MAINS_KEYS = frozenset(["voltage", "input", "电压", "输入"])
_COLOUR_KEYS = frozenset(["colors", "colours", "color", "colour", "颜色", "配色"])
_SIZE_KEYS = frozenset(["sizes", "尺码", "尺寸可选", "码数"])


def _verdict(fits: bool, value: str | None = None) -> Verdict:
    return Verdict(Status.MET if fits else Status.MISSED, value or "")


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
        return _verdict(bool(fitting), ", ".join(fitting) or facts.attribute(_COLOUR_KEYS))


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
        return _verdict(bool(found), found[0].upper() if found else facts.attribute(_SIZE_KEYS))


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
        return _verdict(fits, facts.attribute(_RATING_KEYS))


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
        value = facts.attribute(self.trait.keys)
        absent = value is not None and is_absent(plain(value))
        has = not absent and (value is not None or stands_in(self.trait.have, facts.whole))
        if self.unwanted:
            return _verdict(not has, value)
        if has or absent:
            return _verdict(has, value)
        return Verdict(Status.UNSTATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FitsWish:
    """It must work with something: a device, or another product of the shop. `radio` is enough for phones."""

    words: tuple[str, ...]
    wanted: str
    radio: bool = False
    zh: str = "适配"
    en: str = "compatibility"
    lenient: bool = True
    key: str = "fits"

    def check(self, facts: ProductFacts) -> Verdict:
        """A product that lists what it fits fits nothing else; of one that lists nothing it is not known."""
        words = spotter(self.words)
        if facts.fits is not None:
            return _verdict(bool(words.find(facts.fits)), facts.fits)
        if words.find(facts.whole):
            return Verdict(Status.MET)
        if self.radio and "bluetooth" in facts.texts:
            return Verdict(Status.MET, f"Bluetooth {facts.texts['bluetooth']}")
        return Verdict(Status.UNSTATED)


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
        ranges = [
            m for key in facts.texts if key in _MAINS_KEYS for m in facts.measures[key] if m.dimension == "voltage"
        ]
        if not ranges:
            return Verdict(Status.IRRELEVANT)
        fits = any(m.low * 0.93 <= self.voltage <= m.high * 1.07 for m in ranges)
        return _verdict(fits, facts.attribute(_MAINS_KEYS))
