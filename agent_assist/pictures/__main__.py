"""The process in which pictures are decoded: `python -m agent_assist.pictures`.

It reads orders from standard input until that ends. Whatever a picture does to the decoders, the program goes on.
"""

import os
import sys
from contextlib import suppress
from typing import BinaryIO

from agent_assist.pictures.decoding import PictureError, decode
from agent_assist.pictures.limits import LONGEST_SIDE, MEMORY_BYTES
from agent_assist.pictures.wire import Order, Reply, decode_order, encode


def main() -> None:
    """Serve until standard input ends."""
    replies = _own_output()
    _limit()
    orders = sys.stdin.buffer
    _send(replies, Reply())
    for line in orders:
        order = decode_order(line)
        data = orders.read(order.size)
        _answer(replies, order, data)


def _answer(replies: BinaryIO, order: Order, data: bytes) -> None:
    try:
        picture = decode(data, width=min(order.width, LONGEST_SIDE), height=min(order.height, LONGEST_SIDE))
    except PictureError as error:
        _send(replies, Reply(fault=error.fault))
        return
    head = Reply(
        width=picture.width,
        height=picture.height,
        full_width=picture.full_width,
        full_height=picture.full_height,
    )
    _send(replies, head, picture.pixels)


def _own_output() -> BinaryIO:
    """Standard output for the replies alone: what a library prints must not stand between them."""
    sys.stdout.flush()
    replies = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    return replies


def _limit() -> None:
    """Bounds on memory, files written and core dumps, where the system has them."""
    try:
        import resource
    except ImportError:
        return
    for name, most in (("RLIMIT_AS", MEMORY_BYTES), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0)):
        with suppress(ValueError, OSError, AttributeError):  # macOS refuses some of them
            resource.setrlimit(getattr(resource, name), (most, most))


def _send(replies: BinaryIO, reply: Reply, pixels: bytes = b"") -> None:
    try:
        replies.write(encode(reply) + pixels)
        replies.flush()
    except BrokenPipeError:  # the parent is gone; nobody is left to hear of it
        os._exit(0)


if __name__ == "__main__":
    main()
