"""Canned replies and macros: reviewed texts of the shop that an agent picks by name."""

from dataclasses import dataclass

from agent_assist.domain.knowledge import ArticleKind
from agent_assist.domain.language import Language
from agent_assist.domain.slots import FilledText


@dataclass(frozen=True, slots=True, kw_only=True)
class CannedReply:
    """A reviewed text that fits what was sought, with its slots filled for one ticket as far as they are known."""

    doc_id: str
    title: str
    kind: ArticleKind
    language: Language
    filled: FilledText
