"""How common words are, and which of a query's words are looked up.

A word that stands in a fifth of all passages says little and costs most: the rarest words are taken until what has to
be ranked is enough. All words still count when the candidates are scored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent_assist.storage.codec import encode
from agent_assist.storage.connection import Connection
from agent_assist.text.spelling import spellings

# Places of a word that are walked through; beyond, its frequency is estimated from how far they reached.
_PLACES = 400
# Passages that full text may have to rank, each with each of its words: about 2 µs a place.
_PLACES_RANKED = 5_000
_SHARE_RANKED = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of a query and the column in which it is looked up ("words" or "pairs")."""

    column: str
    text: str


def frequencies(connection: Connection, terms: Iterable[str], *, newest: int) -> dict[str, int]:
    """About how many passages hold each term; exact up to some hundreds. `newest` is the greatest passage key."""
    return {term: _frequency(connection, term, newest) for term in terms}


def _frequency(connection: Connection, term: str, newest: int) -> int:
    places, passages, reached = connection.execute(
        "SELECT count(*), count(DISTINCT doc), max(doc) FROM (SELECT doc FROM passage_places WHERE term = ? LIMIT ?)",
        (term, _PLACES),
    ).fetchone()
    return int(passages) if places < _PLACES else int(max(passages, passages * newest // reached))


def match_expression(terms: Iterable[Term], found: Mapping[str, int], *, passages: int) -> str:
    """The FTS5 expression for the rarest of the terms that occur; "" where none does.

    Where even the rarest is too common it must stand together with one of the next.
    """
    known = sorted({term for term in terms if found.get(term.text)}, key=lambda term: (found[term.text], term.text))
    budget = max(_PLACES_RANKED, round(_SHARE_RANKED * passages))
    chosen: list[Term] = []
    spent = 0
    for term in known:
        spent += found[term.text]
        if chosen and spent > budget:
            break
        chosen.append(term)
    if len(chosen) == 1 and found[chosen[0].text] > budget:
        others = [term for term in known[1:9] if term.text != chosen[0].text]
        return f"{_one(chosen[0])} AND ({_any(others)})" if others else _one(chosen[0])
    return _any(chosen)


def rank_limit(passages: int) -> int:
    """How many matches are ranked at most."""
    return 2 * max(_PLACES_RANKED, round(_SHARE_RANKED * passages))


def _any(terms: Iterable[Term]) -> str:
    return " OR ".join(map(_one, terms))


def _one(term: Term) -> str:
    quoted = term.text.replace('"', '""')
    return f'{term.column} : "{quoted}"'


def insert_spellings(connection: Connection, terms: Iterable[str]) -> None:
    """Note what slips may make of the words, where no passage held them before."""
    rows = connection.execute(
        "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT term FROM spelled_terms)", (encode(sorted(terms)),)
    ).fetchall()
    new = {row[0]: spellings(row[0]) for row in rows}
    connection.executemany("INSERT INTO spelled_terms (term) VALUES (?)", [(term,) for term in new])
    connection.executemany(
        "INSERT OR IGNORE INTO spellings (spelling, term) VALUES (?, ?)",
        [(spelling, term) for term, all_of_it in new.items() for spelling in all_of_it],
    )
