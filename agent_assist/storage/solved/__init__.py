"""Solved tickets: the index of questions that agents answered, and the search over it."""

from agent_assist.storage.solved.candidates import SolvedCandidate, SolvedCandidates, SolvedQuery
from agent_assist.storage.solved.details import AskedTicket, SolvedDetails
from agent_assist.storage.solved.index import DueTicket, IndexedExchange, StoredReading
from agent_assist.storage.solved.store import SolvedStore

__all__ = [
    "AskedTicket",
    "DueTicket",
    "IndexedExchange",
    "SolvedCandidate",
    "SolvedCandidates",
    "SolvedDetails",
    "SolvedQuery",
    "SolvedStore",
    "StoredReading",
]
