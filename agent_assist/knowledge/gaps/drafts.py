"""An article begun from the questions that it has to answer."""

import re
from collections.abc import Sequence

from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.privacy.restoring import PLACEHOLDER
from agent_assist.text.comparable import comparison_key

_VARIANTS = 8
_LONGEST = 200
_TIDY = re.compile(r"\s+")


def draft_article(doc_id: str, *, name: str, texts: Sequence[str], language: Language, intent: str) -> Article:
    """A FAQ without an answer: the first of `texts` is its question, the next distinct ones other ways to ask.

    Placeholders of masked data are taken out, since no customer types them. The article is a draft, which nothing
    searches or sends.
    """
    asked: dict[str, str] = {}
    for text in texts:
        plain = _TIDY.sub(" ", PLACEHOLDER.sub(" ", text)).strip()[:_LONGEST]
        if plain:
            asked.setdefault(comparison_key(plain), plain)
    question, *others = [*asked.values()] or [""]
    return Article(
        doc_id=doc_id,
        title=name or question,
        text="",
        language=language,
        kind=ArticleKind.FAQ,
        question=question,
        variants=tuple(others[:_VARIANTS]),
        intents=(intent,) if intent else (),
        status=ArticleStatus.DRAFT,
    )
