"""The words of shopping in both languages (resources/shopping_words.json): kinds of product, colours, traits, measures.

A shop's own categories, product names and colours are added where its products are read; these are what customers say.
"""

from functools import cache
from importlib.resources import files

import msgspec


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Something with a name in both languages."""

    id: str
    zh: str
    en: str


class Kind(Named, frozen=True, kw_only=True):
    """A kind of product; `parent` is the wider one, and what is `consumable` may be bought again at once. `verbs` ask
    for it where no product is called by a noun ("something to charge my phone")."""

    words: tuple[str, ...]
    parent: str = ""
    consumable: bool = False
    verbs: tuple[str, ...] = ()


class Colour(Named, frozen=True, kw_only=True):
    """A family of colours; a Han word also stands for every colour whose name holds it (墨绿 is 绿)."""

    words: tuple[str, ...]


class Trait(Named, frozen=True, kw_only=True):
    """Something a product has or has not: a function or a material.

    `ask` are the customer's words, where they differ from `have`, those of the products; `keys` are attributes that
    tell it by being filled. A `soft` one is welcome and rules nothing out.
    """

    have: tuple[str, ...]
    ask: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    soft: bool = False


class Aspect(Named, frozen=True, kw_only=True):
    """What a measure is about. Of one dimension the first aspect is meant where no `cues` stand beside the number.

    `keys` are the attributes that tell it, `in_name` whether a product's name does, too; `bare` how a measure without
    a comparison is meant.
    """

    dimension: str
    keys: tuple[str, ...]
    cues: tuple[str, ...] = ()
    bare: str = "equal"
    in_name: bool = False


class Preference(Named, frozen=True, kw_only=True):
    """More of an aspect is better (`direction` 1) or worse (-1); nothing is ruled out."""

    words: tuple[str, ...]
    aspect: str
    direction: int


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """What customers call a device, and the systems by which products say that they fit it.

    Of a `family` each word is a device of its own; `radio` ones need no more than Bluetooth; the number behind one with
    `models` says which it is.
    """

    id: str
    words: tuple[str, ...]
    fits: tuple[str, ...]
    family: bool = False
    radio: bool = False
    models: bool = True


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Places with one mains voltage, in volts."""

    id: str
    words: tuple[str, ...]
    voltage: float


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit is `factor` of its dimension's base unit."""

    dimension: str
    factor: float


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file; `words` are lists of words by use and language."""

    kinds: tuple[Kind, ...]
    colours: tuple[Colour, ...]
    traits: tuple[Trait, ...]
    aspects: tuple[Aspect, ...]
    preferences: tuple[Preference, ...]
    devices: tuple[Device, ...]
    places: tuple[Place, ...]
    units: dict[str, Unit]
    words: dict[str, dict[str, tuple[str, ...]]]

    def both(self, use: str) -> tuple[str, ...]:
        """The Chinese and English words of one use."""
        return self.words[use]["zh"] + self.words[use]["en"]


@cache
def vocabulary() -> Vocabulary:
    """The words that ship with the program."""
    body = files("resources").joinpath("shopping_words.json").read_bytes()
    return msgspec.json.decode(body, type=Vocabulary)


@cache
def kind_by_id() -> dict[str, Kind]:
    """All kinds."""
    return {kind.id: kind for kind in vocabulary().kinds}


def with_parents(kind_id: str) -> tuple[str, ...]:
    """The kind and all wider ones."""
    found: list[str] = []
    while kind_id and kind_id not in found:
        found.append(kind_id)
        kind_id = kind_by_id()[kind_id].parent
    return tuple(found)
