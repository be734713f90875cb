"""What the knowledge lacks: names for groups of unanswered questions, and articles begun from them."""

from agent_assist.knowledge.gaps.drafts import draft_article
from agent_assist.knowledge.gaps.groups import LEAST, Grouping, Question
from agent_assist.knowledge.gaps.names import name_groups

__all__ = ["LEAST", "Grouping", "Question", "draft_article", "name_groups"]
