"""Pictures for tests, good and bad ones."""

import io
import struct
import zlib
from typing import Any

from PIL import Image


def picture(kind: str = "PNG", *, size: tuple[int, int] = (40, 20), colour: str = "red", **options: Any) -> bytes:
    """A picture of one colour; `options` are Pillow's own."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind, **options)
    return made.getvalue()


def bomb(*, width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is `width` x `height` pixels large, and unpacks to as many zeros."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (1 + (width + 7) // 8) * min(height, 1000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
