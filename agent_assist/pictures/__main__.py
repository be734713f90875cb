"""The process in which pictures are decoded: `python -m agent_assist.pictures`.

It reads orders from standard input until that ends. Whatever a picture does to the decoders, the program goes on.
"""

import sys
from typing import BinaryIO

from agent_assist.files import child
from agent_assist.pictures.decoding import PictureError, decode
from agent_assist.pictures.limits import LONGEST_SIDE, MEMORY_BYTES
from agent_assist.pictures.wire import Order, Reply, decode_order, encode


def main() -> None:
    """Serve until standard input ends."""
    replies = child.own_output()
    child.limit(MEMORY_BYTES)
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


def _send(replies: BinaryIO, reply: Reply, pixels: bytes = b"") -> None:
    child.send(replies, encode(reply) + pixels)


if __name__ == "__main__":
    main()
