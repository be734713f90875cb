"""Which of the two working languages a text is in."""

import re
from collections.abc import Sequence
from enum import StrEnum


class Language(StrEnum):
    """Working languages of the program."""

    ZH = "zh"
    EN = "en"


def is_han(char: str) -> bool:
    """True for CJK ideographs (Unicode blocks Unified, Extension A, Compatibility)."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or "\uf900" <= char <= "\ufaff"


def detect_language(text: str) -> Language:
    """Chinese where Han characters carry at least as much of the text as Latin words, else English.

    One Han character counts as half a word, since a Chinese word has about two; so "iPhone 怎么退" is Chinese
    and "please cancel 订单" is English. A text with neither is English.
    """
    han = sum(1 for char in text if is_han(char))
    latin_words = 0
    in_word = False
    for char in text:
        letter = char.isascii() and char.isalpha()
        if letter and not in_word:
            latin_words += 1
        in_word = letter
    return Language.ZH if han and han / 2 >= latin_words * 0.5 else Language.EN


_WORD = re.compile(r"(?<![\w])[A-Za-z]{2,}(?![\w])")


def language_of_thread(texts: Sequence[str]) -> Language:
    """Language of a customer's messages, newest last: that of the newest one which has words.

    A bare order number or "ok" says nothing; two Latin words or one Han character do. Without any such message the
    newest one decides.
    """
    for text in reversed(texts):
        if any(map(is_han, text)) or len(_WORD.findall(text)) > 1:
            return detect_language(text)
    return detect_language(texts[-1] if texts else "")
