"""What the reading child and its parent say to each other: JSON lines, orders one way and rows the other."""

from typing import TypeAlias

import msgspec

from agent_assist.domain.knowledge import Article


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Read the file `path`; `root` is what was given to read. Bytes, since not every file name is Unicode."""

    path: bytes
    root: bytes


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The child has started."""


class Found(msgspec.Struct, frozen=True, tag="found"):
    """An article of the file under way, without its source: the parent knows the file's name."""

    article: Article


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """A row of the file, or with line 0 all of it, that cannot be used."""

    line: int
    reason: str


class Done(msgspec.Struct, frozen=True, tag="done"):
    """The file is finished. After the `last` one the child wants to be replaced."""

    last: bool = False


Reply: TypeAlias = Ready | Found | Refused | Done

_encoder = msgspec.json.Encoder()
_orders = msgspec.json.Decoder(Order)
_replies: "msgspec.json.Decoder[Reply]" = msgspec.json.Decoder(Ready | Found | Refused | Done)


def encode(message: Order | Reply) -> bytes:
    """One line."""
    return _encoder.encode(message) + b"\n"


def decode_order(line: bytes) -> Order:
    """Raises msgspec.DecodeError."""
    return _orders.decode(line)


def decode_reply(line: bytes) -> Reply:
    """Raises msgspec.DecodeError."""
    return _replies.decode(line)
