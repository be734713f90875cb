"""What indexing did, counted while it goes on and told at its end."""

from dataclasses import dataclass, field

from agent_assist.files.rows import RejectedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeReport:
    """What adding did. `without_vectors` articles are found by their words only until the encoder is there.

    `embedded` vectors were made, the others were known. `removed` articles went with their files or rows. `kept` tells
    of articles that people edited, over which no file is stored, and of files whose absence takes nothing away.
    """

    added: int
    updated: int
    unchanged: int
    passages: int
    without_vectors: int
    rejected: tuple[RejectedRow, ...]
    removed: int = 0
    embedded: int = 0
    kept: tuple[RejectedRow, ...] = ()
    cancelled: bool = False


@dataclass(slots=True, kw_only=True)
class Tally:
    """The report while it grows."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    passages: int = 0
    bare: int = 0
    removed: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)
    kept: list[RejectedRow] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """Articles that are other than before."""
        return self.added + self.updated + self.removed

    def report(self, *, embedded: int, cancelled: bool) -> KnowledgeReport:
        """The report as it stands."""
        return KnowledgeReport(
            added=self.added,
            updated=self.updated,
            unchanged=self.unchanged,
            passages=self.passages,
            without_vectors=self.bare,
            rejected=tuple(self.rejected),
            removed=self.removed,
            embedded=embedded,
            kept=tuple(self.kept),
            cancelled=cancelled,
        )
