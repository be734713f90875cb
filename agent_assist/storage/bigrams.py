"""Substring search that is right for Chinese: text as overlapping character pairs in an FTS5 index.

"退款进度" is indexed as the words 退款 款进 进度 度; a search for 款进度 is the phrase "款进 进度", so a hit is exactly
a substring, in any language. FTS5's own `unicode61` finds nothing inside Chinese and `trigram` nothing for two
characters. On 100,000 encrypted tickets (40 MB of text) the pairs answer in 0.1-45 ms, LIKE in 120-560 ms
(tests/benchmarks/ticket_list.py measures the former again).
"""

import unicodedata

# FTS5's `ascii` tokenizer splits at ASCII punctuation and spaces and takes all else for letters; so those become
# private-use characters. It also makes every query a plain phrase that needs no quoting.
_AS_LETTERS = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum()}


def fold(text: str) -> str:
    """The form in which texts are compared: full width to half width, lower case, runs of white space as one space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def pairs(*texts: str) -> str:
    """Index words of `texts`; no pair of two texts can be matched by a query, since a folded one has no line feed."""
    letters = "\n".join(fold(text) for text in texts).translate(_AS_LETTERS)
    return " ".join(letters[index : index + 2] for index in range(len(letters)))


def phrase(text: str) -> str:
    """FTS5 query for texts that contain `text`; empty where `text` is."""
    letters = fold(text).translate(_AS_LETTERS)
    if len(letters) < 2:
        return f'"{letters}" *' if letters else ""
    return '"' + " ".join(letters[index : index + 2] for index in range(len(letters) - 1)) + '"'
