"""What a reply is written with: suggestions, rewrites, summaries, ready texts, and the check of facts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from agent_assist.domain.article_versions import DiffPiece
    from agent_assist.domain.canned import CannedReply
    from agent_assist.domain.language import Language
    from agent_assist.domain.suggestion import ReplyCheck, Suggestion
    from agent_assist.domain.summary import Summary
    from agent_assist.domain.wording import Rewording, Wish
    from agent_assist.services.rewriting import RewriteStep
    from agent_assist.services.suggestions import CandidateStep
    from agent_assist.services.summaries import SummaryStep


class Suggestions(Protocol):
    """See `agent_assist.services.suggestions.SuggestionService`."""

    def suggest(self, ticket_id: str, *, again: bool = False, wish: Wish = ...) -> AsyncGenerator[object, None]: ...
    def candidates(self, ticket_id: str, *, count: int = 3) -> AsyncGenerator[CandidateStep, None]: ...
    async def stands(self, suggestion: Suggestion) -> bool: ...
    async def choose(self, suggestion: Suggestion) -> None: ...


class Rewriting(Protocol):
    """See `agent_assist.services.rewriting.RewriteService`."""

    def rewrite(
        self,
        text: str,
        manner: Rewording,
        *,
        to: Language | None = None,
        ticket_id: str = "",
        suggestion: Suggestion | None = None,
    ) -> AsyncGenerator[RewriteStep, None]: ...


class Summaries(Protocol):
    """See `agent_assist.services.summaries.SummaryService`."""

    async def kept(self, ticket_id: str) -> Summary | None: ...
    def summarise(self, ticket_id: str, *, again: bool = False) -> AsyncGenerator[SummaryStep, None]: ...


class Prefetch(Protocol):
    """See `agent_assist.services.prefetch.PrefetchService`."""

    def typing(self) -> None: ...


class ReplyChecks(Protocol):
    """See `agent_assist.services.replies.ReplyCheckService`."""

    async def check(
        self, ticket_id: str, text: str, *, suggestion: Suggestion | None, said: tuple[str, ...] = ()
    ) -> ReplyCheck: ...
    def differences(self, draft: str, text: str) -> Sequence[DiffPiece]: ...


class Canned(Protocol):
    """See `agent_assist.services.canned.CannedReplyService`."""

    async def find(
        self, ticket_id: str, words: str = "", *, macros: bool = False, limit: int = 8
    ) -> Sequence[CannedReply]: ...
