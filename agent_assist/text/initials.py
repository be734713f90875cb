"""Chinese names by the first letters of their pinyin, as people type them: tkd for 退款单."""

from functools import lru_cache

from agent_assist.domain.language import is_han


@lru_cache(maxsize=20_000)
def initials(name: str) -> str:
    """The letters of `name`'s Chinese characters, in lower case, everything else left out; "" where it has none."""
    characters = "".join(char for char in name if is_han(char))
    if not characters:
        return ""
    # Loading its dictionaries takes a fifth of a second, which only a search is worth.
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(characters, style=Style.FIRST_LETTER)).lower()
