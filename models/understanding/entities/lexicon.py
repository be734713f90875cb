"""What a dictionary says of a text: its words with their parts of speech, and every known word that lies in it.

One way of cutting a Chinese clause is often the wrong one, and all its readings together are a better clue to where an
entity ends (Ma et al. 2020, "Simplify the Usage of Lexicon in Chinese NER").
"""

from dataclasses import dataclass

from agent_assist.domain.language import is_han

NOWHERE = "-"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text's likeliest cut: where it begins, as it is written, and jieba's part of speech."""

    begin: int
    text: str
    kind: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.begin + len(self.text)


@dataclass(frozen=True, slots=True)
class Readings:
    """`words` [characters] is the word that each character is part of. `starts` and `ends` [characters + 1] are the
    lengths of known words that begin or end at a place, `across` how many reach over it."""

    text: str
    words: list[Word]
    starts: list[set[int]]
    ends: list[set[int]]
    across: list[int]

    def word(self, at: int) -> Word | None:
        """The word of the character at a place; None outside the text."""
        return self.words[at] if 0 <= at < len(self.words) else None


def readings_of(text: str) -> Readings:
    """All readings of a text; any string is allowed."""
    # Loading its dictionary takes a tenth of a second, which only reading texts should cost.
    import rjieba

    shown = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no text; as long as before
    words: list[Word] = []
    for word, kind in rjieba.tag(shown):
        words += [Word(len(words), word, kind)] * len(word)
    starts: list[set[int]] = [set() for _ in range(len(shown) + 1)]
    ends: list[set[int]] = [set() for _ in range(len(shown) + 1)]
    across = [0] * (len(shown) + 1)
    for word in set(rjieba.cut_all(shown)) if any(map(is_han, shown)) else ():
        if len(word) < 2 or word.isascii():
            continue
        at = shown.find(word)
        while at >= 0:
            end = at + len(word)
            starts[at].add(len(word))
            ends[end].add(len(word))
            for inside in range(at + 1, end):
                across[inside] += 1
            at = shown.find(word, at + 1)
    return Readings(shown, words, starts, ends, across)
