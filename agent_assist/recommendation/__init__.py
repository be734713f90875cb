"""Recommending products: wishes out of messages, products checked against them, the order, and the reasons in words."""

from agent_assist.recommendation.advising import advise
from agent_assist.recommendation.catalogue import Catalogue, read_catalogue
from agent_assist.recommendation.facts import ProductFacts, embedding_text, read_product
from agent_assist.recommendation.judging import Customer, fits_owned
from agent_assist.recommendation.ranking import Signals
from agent_assist.recommendation.replies import products_of, reply
from agent_assist.recommendation.sentences import (
    advice_sentences,
    question_sentence,
    reason_sentence,
    recommendation_sentence,
)

__all__ = [
    "Catalogue",
    "Customer",
    "ProductFacts",
    "Signals",
    "advice_sentences",
    "advise",
    "embedding_text",
    "fits_owned",
    "products_of",
    "question_sentence",
    "read_catalogue",
    "read_product",
    "reason_sentence",
    "recommendation_sentence",
    "reply",
]
