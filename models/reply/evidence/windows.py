"""A question and a passage as one row of token ids, with the place of each clause in it.

A passage is read as a whole, so a clause is judged by what stands around it ("and 3 days for the others"). What is too
long for the encoder is read in several windows, cut between clauses, each under the passage's title.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Turn
from models.encoder.tokens import MAX_TOKENS
from models.encoder.vocabulary import BOS, EOS
from models.reply.evidence.notes import Clause, Unit

_QUESTION_TOKENS = 96
_TITLE_TOKENS = 48
_CLAUSE_TOKENS = 160
_TURNS = 3  # "and the black one?" needs the turns before


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids, and for each clause its number in the reader's list and where its tokens begin and end."""

    ids: tuple[int, ...]
    clauses: tuple[tuple[int, int, int], ...]

    @property
    def content(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What two windows that read the same share: token ids and where clauses begin, whatever their numbers."""
        return self.ids, tuple(first for _, first, _ in self.clauses)


class Windows:
    """Cuts questions and passages by an encoder's own vocabulary."""

    def __init__(self, tokenizer_file: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def of(self, thread: Sequence[Turn], units: Sequence[Unit], clauses: Sequence[Clause]) -> list[Window]:
        """All windows of one reading; every clause stands in exactly one."""
        question = self._question(thread)
        found: list[Window] = []
        for first, last in _by_passage(units, clauses):
            title = self._ids("passage: " + units[clauses[first].unit].title)[:_TITLE_TOKENS]
            texts = [self._ids(clauses[place].text)[:_CLAUSE_TOKENS] for place in range(first, last)]
            found += _laid_out([BOS, *question, EOS, EOS, *title], list(enumerate(texts, first)))
        return found

    def _question(self, thread: Sequence[Turn]) -> list[int]:
        """The newest messages, their ends where they are long: customers end with what they ask."""
        own = self._ids("query: " + _one_line(thread[-1].text) if thread else "query:")
        if len(own) > _QUESTION_TOKENS:
            return own[: _QUESTION_TOKENS // 3] + own[-(_QUESTION_TOKENS - _QUESTION_TOKENS // 3) :]
        before = [tokens for turn in thread[-_TURNS:-1] for tokens in self._ids(_SPEAKERS[turn.role] + turn.text)]
        room = _QUESTION_TOKENS - len(own)
        return [*before[-room:], *own] if room else own

    def _ids(self, text: str) -> list[int]:
        clean = _one_line(text).encode("utf-8", "replace").decode("utf-8")
        ids: list[int] = self._tokenizer.encode(clean, add_special_tokens=False).ids
        return ids


_SPEAKERS = {Role.CUSTOMER: "C: ", Role.AGENT: "A: "}


def _by_passage(units: Sequence[Unit], clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """First and last place (exclusive) of the clauses of each passage."""
    first = 0
    for place in range(1, len(clauses) + 1):
        ends = place == len(clauses) or units[clauses[place].unit].passage != units[clauses[first].unit].passage
        if ends:
            yield first, place
            first = place


def _laid_out(head: list[int], clauses: Sequence[tuple[int, list[int]]]) -> Iterator[Window]:
    ids, places = list(head), list[tuple[int, int, int]]()
    for number, tokens in clauses:
        if places and len(ids) + len(tokens) + 1 > MAX_TOKENS:
            yield Window((*ids, EOS), tuple(places))
            ids, places = list(head), []
        places.append((number, len(ids), len(ids) + max(1, len(tokens))))
        ids += tokens or [EOS]
    if places:
        yield Window((*ids, EOS), tuple(places))


def _one_line(text: str) -> str:
    return " ".join(text.split())
