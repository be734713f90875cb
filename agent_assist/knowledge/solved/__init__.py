"""Solved tickets as knowledge: cut into exchanges of question and reply, coded for a fast first pass, compared."""

from agent_assist.domain.profiles import Profile, profile_of, profile_similarity
from agent_assist.knowledge.solved.codes import CODE_BITS, centre_of, centre_texts, code
from agent_assist.knowledge.solved.comparing import (
    Likeness,
    Side,
    alike,
    compare,
    full_features,
    rarity,
    reasons,
    word_features,
)
from agent_assist.knowledge.solved.exchanges import Exchange, exchanges, question_text, question_words, reply_places
from agent_assist.knowledge.solved.profiles import products_of
from agent_assist.knowledge.solved.validity import outdated

__all__ = [
    "CODE_BITS",
    "Exchange",
    "Likeness",
    "Profile",
    "Side",
    "alike",
    "centre_of",
    "centre_texts",
    "code",
    "compare",
    "exchanges",
    "full_features",
    "outdated",
    "products_of",
    "profile_of",
    "profile_similarity",
    "question_text",
    "question_words",
    "rarity",
    "reasons",
    "reply_places",
    "word_features",
]
