"""The steps of a suggestion on its way, as the screen follows them."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from agent_assist.domain.suggestion import Source, Suggestion
from agent_assist.errors import EngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesFound:
    """The passages that a suggestion will rest on."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChunk:
    """The next piece of the draft."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRestarted:
    """The engine died in mid-draft and came back: forget the pieces so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionReady:
    """The last step."""

    suggestion: Suggestion


SuggestionStep = SourcesFound | DraftChunk | DraftRestarted | SuggestionReady


async def last(steps: AsyncGenerator[SuggestionStep, None]) -> Suggestion:
    """The suggestion that the steps end with. Raises `EngineError` where they end without."""
    async with aclosing(steps):
        async for step in steps:
            if isinstance(step, SuggestionReady):
                return step.suggestion
    raise EngineError("The suggestion was not finished.")
