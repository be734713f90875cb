"""Qt counts UTF-16 units, Python counts characters: an emoji is two there and one here."""


def to_qt(text: str, index: int) -> int:
    """The UTF-16 position of character `index` of `text`."""
    return index + sum(1 for char in text[:index] if ord(char) > 0xFFFF)


def from_qt(text: str, position: int) -> int:
    """The character index at UTF-16 `position`; a position within a surrogate pair counts as before it."""
    units = 0
    for index, char in enumerate(text):
        units += 2 if ord(char) > 0xFFFF else 1
        if units > position:
            return index
    return len(text)
