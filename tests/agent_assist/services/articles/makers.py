"""Short ways to write articles."""

from dataclasses import replace
from typing import Any

from agent_assist.domain.knowledge import Article, ArticleKind
from agent_assist.domain.language import Language

REFUND = Article(
    doc_id="faq-refund",
    title="Refund time",
    text="Refunds reach your card within 3 business days.",
    language=Language.EN,
    kind=ArticleKind.FAQ,
    question="How long does a refund take?",
    variants=("When do I get my money back?",),
    tags=("refund",),
)


def article(**fields: Any) -> Article:
    """The article on refunds, with other fields."""
    return replace(REFUND, **fields)
