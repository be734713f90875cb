"""One form for texts that read the same, for finding doubles; texts themselves stay as they were written."""

import re
import unicodedata
from functools import cache

import opencc

# A point between digits is part of a number: 1.5 kg is not 15 kg.
_SIGNS = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)|(?!\.)[\W_]+")


def comparison_key(text: str) -> str:
    """`text` in half width, small letters and simplified characters, without spaces, punctuation and emoji.

    A text of nothing but such signs is its own key, so that "？" and "👍" stay two texts.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    if not plain.isascii():
        plain = _simplified().convert(plain.encode("utf-8", "replace").decode("utf-8"))
    return _SIGNS.sub("", plain) or "".join(plain.split())


@cache
def _simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
