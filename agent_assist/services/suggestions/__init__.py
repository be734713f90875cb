"""From a ticket to a suggested reply with its sources, step by step so that the screen can follow."""

from agent_assist.services.suggestions.candidates import CandidateFound, Candidates, CandidatesReady, CandidateStep
from agent_assist.services.suggestions.service import SuggestionService
from agent_assist.services.suggestions.steps import (
    DraftChunk,
    DraftRestarted,
    SourcesFound,
    SuggestionReady,
    SuggestionStep,
)
from agent_assist.services.suggestions.suggester import Suggester

__all__ = [
    "CandidateFound",
    "CandidateStep",
    "Candidates",
    "CandidatesReady",
    "DraftChunk",
    "DraftRestarted",
    "SourcesFound",
    "Suggester",
    "SuggestionReady",
    "SuggestionService",
    "SuggestionStep",
]
