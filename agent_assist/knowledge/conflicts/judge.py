"""Two passages that may speak of the same: do they say the same, or different things?"""

import itertools
from collections.abc import Iterator, Sequence

from agent_assist.domain.conflicts import Conflict, ConflictKind, ConflictSide, FactPair
from agent_assist.domain.facts import FactKind
from agent_assist.knowledge.conflicts.answers import answer_of, asks_yes_or_no
from agent_assist.knowledge.conflicts.sides import Side
from agent_assist.knowledge.conflicts.statements import Statement, telling_words
from agent_assist.knowledge.conflicts.values import agree, comparable

# Chosen on the sample shop, which holds no contradiction, and on planted ones (tests/agent_assist/knowledge/conflicts).
# Cosines of e5: questions of a shop about different things reach 0.96, the same question asked differently begins at
# 0.9; in two languages they are lower, and there both questions and texts have to be near.
SAME_QUESTION = 0.965
LIKE_QUESTION = 0.9
LIKE_PASSAGE = 0.95
SAME_ABROAD = 1.71
SAME_WORDS = 0.5
EQUAL_WORDS = 0.9
# Of the words around two facts.
LIKE_STATEMENT = 0.5
SAME_STATEMENT = 0.8
SAME_SENTENCE = 0.7
EQUAL_STATEMENT = 0.9
LEAST_SHARED = 3
DUPLICATE_COSINE = 0.95
DUPLICATE_WORDS = 0.75


def judge(one: Side, other: Side, *, passages: float, questions: float) -> Conflict | None:
    """What is the matter between two passages, None for nothing.

    `passages` is the cosine of the two, `questions` the best one between questions of their articles (0: not near, or
    not known).
    """
    if one.codes and other.codes and not one.codes & other.codes:
        return None
    abroad = one.article.language is not other.article.language
    same = _same_question(one, other, passages, questions, abroad=abroad)
    facts = _different_facts(one, other, same_question=same, abroad=abroad)
    likeness = max(passages, questions if same else 0.0)
    if facts:
        return _conflict(ConflictKind.CONTRADICTION, one, other, facts, likeness)
    near = not abroad and (passages >= DUPLICATE_COSINE or same)
    if near and _dice(one.words, other.words) >= DUPLICATE_WORDS and not _other_subject(one, other):
        return _conflict(ConflictKind.DUPLICATE, one, other, (), likeness)
    return None


def _same_question(one: Side, other: Side, passages: float, questions: float, *, abroad: bool) -> bool:
    if abroad:
        return questions > 0 and questions + passages >= SAME_ABROAD
    return _alike(one, other, passages, questions) and not _other_subject(one, other)


def _alike(one: Side, other: Side, passages: float, questions: float) -> bool:
    if questions >= SAME_QUESTION or (questions >= LIKE_QUESTION and passages >= LIKE_PASSAGE):
        return True
    asked = [[telling_words(text) for text in side.asked] for side in (one, other)]
    words = max(_dice(mine, theirs) for mine, theirs in itertools.product(*asked))
    return words >= (SAME_WORDS if questions >= LIKE_QUESTION else EQUAL_WORDS)


def _other_subject(
    one: Side, other: Side, mine: frozenset[str] | None = None, theirs: frozenset[str] | None = None
) -> bool:
    """Whether each is about something that the other does not name: shipping to Canada, shipping to Australia.

    What it is about are the words that its title and questions share with `mine` and `theirs`, or with the passages.
    """
    mine_only = (one.names & (one.words if mine is None else mine)) - other.names - other.words
    theirs_only = (other.names & (other.words if theirs is None else theirs)) - one.names - one.words
    return bool(mine_only and theirs_only)


def _different_facts(one: Side, other: Side, *, same_question: bool, abroad: bool) -> tuple[FactPair, ...]:
    found: dict[tuple[str, str], FactPair] = {}
    if same_question and not abroad and (pair := _answers(one, other)):
        found[pair.one, pair.other] = pair
    left = [statement for statement in one.statements if not _said_by(statement, other)]
    left_other = [statement for statement in other.statements if not _said_by(statement, one)]
    # In two languages nothing but the kind tells which fact answers the question: there must be no other.
    lists = (one.statements, other.statements) if abroad else (left, left_other)
    for mine, theirs in itertools.product(left, left_other):
        if not _may_differ(mine, theirs, one, other):
            continue
        alone = same_question and _alone(mine, lists[0]) and _alone(theirs, lists[1])
        if alone or (not abroad and _same_statement(mine, theirs, one, other, same_question=same_question)):
            found[mine.text, theirs.text] = _pair(mine, theirs)
    if not abroad:
        found |= {(mine.text, theirs.text): _pair(mine, theirs) for mine, theirs in _replaced(one, other)}
    return tuple(found.values())


def _replaced(one: Side, other: Side) -> Iterator[tuple[Statement, Statement]]:
    """Facts that stand in nearly the same words and differ, though each value may be elsewhere in the other, too: "free
    from 99, below 99 we charge 8" and "free from 199, below 99 we charge 8"."""
    for mine, theirs in itertools.product(one.statements, other.statements):
        if not _may_differ(mine, theirs, one, other) or agree(mine.fact, theirs.fact):
            continue
        likeness = _likeness(mine, theirs)
        if (
            likeness >= EQUAL_STATEMENT
            and not _agrees_nearby(mine, other, likeness)
            and not _agrees_nearby(theirs, one, likeness)
            and _same_statement(mine, theirs, one, other, same_question=False)
        ):
            yield mine, theirs


def _agrees_nearby(statement: Statement, side: Side, likeness: float) -> bool:
    """Whether the passage states that value among words that are as like as those of another value."""
    return any(
        comparable(statement.fact, one.fact)
        and agree(statement.fact, one.fact)
        and _likeness(statement, one) >= likeness
        for one in side.statements
    )


def _may_differ(mine: Statement, theirs: Statement, one: Side, other: Side) -> bool:
    """Facts of a kind and unit; not where both titles name them: the pack for $9 is not the pack for $18."""
    named = one.is_named(mine.text) and other.is_named(theirs.text)
    return mine.unit == theirs.unit and comparable(mine.fact, theirs.fact) and not named


def _pair(mine: Statement, theirs: Statement) -> FactPair:
    return FactPair(kind=str(mine.fact.kind), one=mine.text, other=theirs.text)


def _said_by(statement: Statement, side: Side) -> bool:
    """Whether the passage states that value, too, wherever."""
    return any(comparable(statement.fact, one.fact) and agree(statement.fact, one.fact) for one in side.statements)


def _same_statement(mine: Statement, theirs: Statement, one: Side, other: Side, *, same_question: bool) -> bool:
    """Whether two facts are told of the same thing, by the words around them."""
    if mine.place[1] == theirs.place[1] and mine.place[0] != theirs.place[0]:
        return False  # "from 5 to 10": the first belongs to the first
    likeness = _likeness(mine, theirs)
    if same_question and mine.fact.kind is not FactKind.NUMBER:
        return likeness >= LIKE_STATEMENT
    my_words, their_words = telling_words(mine.sentence), telling_words(theirs.sentence)
    return (
        likeness >= SAME_STATEMENT
        and _dice(my_words, their_words) >= SAME_SENTENCE
        and _weight(my_words & their_words) >= LEAST_SHARED
        and not _other_subject(one, other, my_words, their_words)
    )


def _weight(words: frozenset[str]) -> float:
    """How much is said by words of which Chinese ones are there as words and as pairs of characters."""
    return sum(1.0 if word.isascii() else 1 / 3 for word in words)


def _alone(statement: Statement, statements: Sequence[Statement]) -> bool:
    """Whether it is the only fact of its kind among them, and so what the question is about."""
    kind = statement.fact.kind
    return kind is not FactKind.NUMBER and sum(one.fact.kind is kind for one in statements) == 1


def _likeness(mine: Statement, theirs: Statement) -> float:
    """Of the words around two facts; the clause counts most, a clause of one word says nothing by itself."""
    clauses = telling_words(mine.clause), telling_words(theirs.clause)
    clause = _dice(*clauses) if min(map(len, clauses)) > 1 else 0.0
    return 0.6 * clause + 0.4 * _dice(telling_words(mine.sentence), telling_words(theirs.sentence))


def _answers(one: Side, other: Side) -> FactPair | None:
    if not any(asks_yes_or_no(text) for text in (one.asked[0], other.asked[0])):
        return None
    answers = answer_of(one.passage.text), answer_of(other.passage.text)
    if None in answers or answers[0] == answers[1]:
        return None
    shown = [side.passage.text.strip()[:40].partition("\n")[0] for side in (one, other)]
    return FactPair(kind="answer", one=shown[0], other=shown[1])


def _dice(mine: frozenset[str], theirs: frozenset[str]) -> float:
    total = len(mine) + len(theirs)
    return 2 * len(mine & theirs) / total if total else 0.0


def _conflict(kind: ConflictKind, one: Side, other: Side, facts: tuple[FactPair, ...], likeness: float) -> Conflict:
    return Conflict(
        kind=kind, one=_shown(one), other=_shown(other), facts=facts, likeness=round(max(0.0, min(1.0, likeness)), 4)
    )


def _shown(side: Side) -> ConflictSide:
    passage = side.passage
    return ConflictSide(
        doc_id=passage.doc_id, title=side.article.title, passage=passage.text, start=passage.start, end=passage.end
    )
