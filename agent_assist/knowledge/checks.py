"""Whether an article that a person wrote can be kept, and what they should know about it."""

import dataclasses
from collections.abc import Iterator

from agent_assist.domain.article_versions import Problem, ProblemKind
from agent_assist.domain.knowledge import Article
from agent_assist.domain.slots import NAMES, find_slots
from agent_assist.errors import InputError
from agent_assist.files.rows import too_long
from agent_assist.files.text import clean_text, one_line

MOST_TITLE_CHARS = 300


def tidied(article: Article) -> Article:
    """The article as it is stored: line ends and control characters as in files that are read, no blank list items."""
    return dataclasses.replace(
        article,
        doc_id=one_line(article.doc_id),
        title=one_line(article.title),
        text=clean_text(article.text),
        question=one_line(article.question),
        owner=one_line(article.owner),
        variants=_items(article.variants),
        intents=_items(article.intents),
        tags=_items(article.tags),
        products=_items(article.products),
    )


def find_problems(article: Article) -> tuple[Problem, ...]:
    """What is the matter with a tidied article, in order of its fields."""
    return (*_unusable(article), *_unknown_slots(article))


def refuse_unusable(article: Article) -> None:
    """Raises `InputError` with the sentence of the first fatal problem."""
    for problem in find_problems(article):
        if problem.fatal:
            raise InputError(problem.sentence)


def _items(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(one_line, values))))


def _unusable(article: Article) -> Iterator[Problem]:
    for name in ("doc_id", "title", "text"):
        if not getattr(article, name):
            yield _problem(ProblemKind.EMPTY, name, f"The article has no {name.replace('doc_', '')}; write one.")
    if len(article.title) > MOST_TITLE_CHARS:
        yield _problem(ProblemKind.TOO_LONG, "title", f"The title is longer than {MOST_TITLE_CHARS} characters.")
    if too_long(article.text):
        yield _problem(ProblemKind.TOO_LONG, "text", "The text is longer than 1 MB; split it into several articles.")
    start, end = article.valid_from, article.valid_until
    for name, moment in (("valid_from", start), ("valid_until", end)):
        if moment is not None and moment.tzinfo is None:
            yield _problem(ProblemKind.TIMES, name, "The time has no time zone; give one.")
            return
    if start is not None and end is not None and end <= start:
        yield _problem(
            ProblemKind.TIMES, "valid_until", "The article would end before it begins to hold; change one of the times."
        )


def _unknown_slots(article: Article) -> Iterator[Problem]:
    unknown = dict.fromkeys(slot.word for slot in find_slots(article.text) if not slot.name)
    for word in unknown:
        yield _problem(
            ProblemKind.UNKNOWN_SLOT,
            "text",
            f"{{{word}}} is no slot that the program can fill; the slots are {', '.join(NAMES)}.",
            detail=word,
        )


def _problem(kind: ProblemKind, field: str, sentence: str, *, detail: str = "") -> Problem:
    return Problem(kind=kind, field=field, sentence=sentence, detail=detail)
