"""A reply looked over against everything it may rest on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent_assist.domain.suggestion import ReplyCheck, Source, Suggestion, Unsupported
from agent_assist.domain.tickets import Message, Role
from agent_assist.suggestion.fact_guard import Evidence, find_unsupported
from agent_assist.suggestion.forbidden import find_forbidden
from agent_assist.suggestion.guard.grounding import ground_sentences
from agent_assist.suggestion.products import NO_NAMES, ProductNames
from agent_assist.suggestion.slots import find_gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a reply may rest on: `passages` are those of `sources`, `facts` lines of the order, `said` what the agent
    wants said or has written.

    Without `checks_facts` only words are looked for that no reply may hold.
    """

    passages: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    facts: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    names: ProductNames = NO_NAMES
    sources: tuple[Source, ...] = ()
    checks_facts: bool = True

    @property
    def evidence(self) -> Evidence:
        """The same as the fact guard takes it."""
        return Evidence(
            sources=self.passages,
            titles=tuple(source.title for source in self.sources),
            thread=tuple(message.text for message in self.messages),
            facts=self.facts,
            own=(*(message.text for message in self.messages if message.role is Role.AGENT), *self.said),
            names=self.names,
        )


def check_reply(text: str, basis: Basis, *, forbidden: str) -> ReplyCheck:
    """Everything that is the matter with `text`, in order of place."""
    names = [text[start:end] for start, end, _ in basis.names.find(text)]
    found = [*find_gaps(text), *find_forbidden(text, forbidden, names=names)]
    if basis.checks_facts:
        found += find_unsupported(text, basis.evidence)
    return ReplyCheck(unsupported=_apart(found), sentences=ground_sentences(text, basis.sources))


def check_suggestion(suggestion: Suggestion, basis: Basis, *, forbidden: str) -> Suggestion:
    """The suggestion with everything that is the matter with its draft."""
    checked = check_reply(suggestion.draft, basis, forbidden=forbidden)
    return replace(suggestion, unsupported=checked.unsupported, sentences=checked.sentences)


def _apart(found: Sequence[Unsupported]) -> tuple[Unsupported, ...]:
    """None over another: what comes first in `found` stays."""
    kept: list[Unsupported] = []
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))
