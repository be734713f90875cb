"""One of two passages that are compared, read once."""

import re
from dataclasses import dataclass

from agent_assist.domain.knowledge import Article, Passage
from agent_assist.knowledge.conflicts.statements import Statement, find_statements, telling_words

_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+-?[0-9][A-Za-z0-9]*(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Side:
    """A passage with what is compared of it, made once. Words are looked up when they are needed, which is rare."""

    article: Article
    passage: Passage
    statements: tuple[Statement, ...]
    asked: tuple[str, ...]
    # models named in title and questions: R5, WH-1000
    codes: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        """Words of the passage."""
        return telling_words(self.passage.text)

    @property
    def names(self) -> frozenset[str]:
        """Words of title and questions: what it is about."""
        return telling_words("\n".join((self.article.title, *self.asked)))

    def is_named(self, written: str) -> bool:
        """Whether title or questions hold these characters."""
        return any(written in text for text in (self.article.title, *self.asked))


def side(article: Article, passage: Passage) -> Side:
    """What is compared of a passage of `article`."""
    asked = tuple(filter(None, (article.question, *article.variants))) or (article.title,)
    codes = (code for text in (article.title, *asked) for code in _CODE.findall(text))
    return Side(
        article=article,
        passage=passage,
        statements=tuple(find_statements(passage.text)),
        asked=asked,
        codes=frozenset(code.replace("-", "").lower() for code in codes),
    )
