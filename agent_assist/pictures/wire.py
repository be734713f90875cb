"""What the program and the child say to one another: a line of JSON, then the bytes that it counts."""

import msgspec

from agent_assist.domain.attachments import PictureFault


class Order(msgspec.Struct, frozen=True):
    """Decode the `size` bytes that follow into at most `width` x `height` pixels."""

    size: int
    width: int
    height: int


class Reply(msgspec.Struct, frozen=True):
    """A picture whose `width` x `height` x 4 bytes follow, or, with a `fault`, nothing."""

    width: int = 0
    height: int = 0
    full_width: int = 0
    full_height: int = 0
    fault: PictureFault | None = None

    @property
    def size(self) -> int:
        """How many bytes follow."""
        return 0 if self.fault else self.width * self.height * 4


def encode(message: Order | Reply) -> bytes:
    """One line."""
    return msgspec.json.encode(message) + b"\n"


def decode_order(line: bytes) -> Order:
    """Raises `msgspec.DecodeError` for anything else."""
    return msgspec.json.decode(line, type=Order)


def decode_reply(line: bytes) -> Reply:
    """Raises `msgspec.DecodeError` for anything else."""
    return msgspec.json.decode(line, type=Reply)
