"""The process in which files of other people's making are parsed: `python -m agent_assist.knowledge.reading`.

It reads orders from standard input until that ends. What goes wrong in here (a crash of native code, memory, time) is
one refused file; the program itself goes on.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from agent_assist.domain.knowledge import Article
from agent_assist.errors import ImportRowError
from agent_assist.files import child
from agent_assist.files.rows import RejectedRow
from agent_assist.files.walk import rejected
from agent_assist.knowledge.reading.formats import parse_untrusted
from agent_assist.knowledge.reading.limits import MEMORY_BYTES
from agent_assist.knowledge.reading.wire import Done, Found, Order, Ready, Refused, Reply, decode_order, encode

_EXHAUSTED = f"Reading the file takes more than {MEMORY_BYTES // 1_000_000} MB of memory; split it and try again."


def main() -> None:
    """Serve until standard input ends."""
    replies = child.own_output()
    child.limit(MEMORY_BYTES)
    _send(replies, Ready())
    for line in sys.stdin.buffer:
        order = decode_order(line)
        exhausted = False
        try:
            for row in _rows(order):
                _send(replies, Found(replace(row, source="")) if isinstance(row, Article) else _refused(row))
        except MemoryError:
            exhausted = True  # what is left of the memory is in pieces: another process does the next file
            _send(replies, Refused(0, _EXHAUSTED))
        _send(replies, Done(last=exhausted))
        if exhausted:
            return


def _rows(order: Order) -> Iterator[Article | RejectedRow]:
    path = Path(os.fsdecode(order.path))
    try:
        yield from parse_untrusted(path, Path(os.fsdecode(order.root)))
    except MemoryError:
        raise
    except RecursionError:
        yield rejected(path, "The file's parts are nested too deeply to be read.")
    except ImportRowError as error:
        yield rejected(path, error.reason)
    except OSError as error:
        yield rejected(path, f"The file cannot be read: {error.strerror or type(error).__name__}.")
    except Exception as error:  # broken files raise nearly anything out of the libraries
        yield rejected(path, f"The file is damaged or not what its name says ({type(error).__name__}).")


def _refused(row: RejectedRow) -> Refused:
    """Words of a library may hold anything, halves of characters, too."""
    return Refused(row.line, row.reason.encode("utf-8", "replace").decode("utf-8"))


def _send(replies: BinaryIO, reply: Reply) -> None:
    child.send(replies, encode(reply))


if __name__ == "__main__":
    main()
