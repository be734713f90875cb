"""Which of the two working languages a text is in."""

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
