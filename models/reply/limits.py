"""How much a small reply model manages, by task and language; measured by tests/benchmarks/bench_rewrite.py.

The figures are those of the starter with its adapter; they hold for every model that is no larger, whatever
it is called: an adapter of the user's own does not make it larger. A larger model has no limit but its context.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from agent_assist.domain.wording import Rewording
from models.errors import TooSmallError

_FILE = "models/reply-limits.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most tokens of a text that come out well, by manner and language of the result; 0: none do."""

    rewrite: Mapping[str, Mapping[str, int]]
    summary: Mapping[str, int]

    def of_rewrite(self, manner: Rewording, language: str) -> int:
        """The most tokens of a text to word anew."""
        return self.rewrite.get(manner, {}).get(language, 0)

    def of_summary(self, language: str) -> int:
        """The most tokens of a thread to sum up."""
        return self.summary.get(language, 0)


def limits_for(parameters: int) -> Limits | None:
    """Limits of a model with so many parameters, None for one that is larger than what was measured."""
    measured = json.loads(files("resources").joinpath(_FILE).read_text(encoding="utf-8"))
    if parameters > measured["parameters"]:
        return None
    return Limits(rewrite=measured["rewrite"], summary=measured["summary"])


def check_limit(tokens: int, limit: int, *, what: str) -> None:
    """Raise `TooSmallError` for a text longer than the limit."""
    if limit <= 0:
        raise TooSmallError(f"This model is too small to {what} such a text.", tokens=tokens, limit=0)
    if tokens > limit:
        message = f"This model is too small to {what} a text of {tokens} tokens; it manages {limit}."
        raise TooSmallError(message, tokens=tokens, limit=limit)
