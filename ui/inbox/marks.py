"""Tickets that are selected together, by id, so that a list that changes never selects another one. No Qt."""

from collections.abc import Iterable

from ui.observable import Changes


class Marks:
    """The marked tickets in the order in which they were marked; `changes` tells of each change."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}
        self.changes = Changes()

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, ticket_id: str) -> bool:
        return ticket_id in self._ids

    @property
    def ids(self) -> list[str]:
        """Their ids."""
        return list(self._ids)

    def toggle(self, ticket_id: str) -> None:
        """Mark a ticket, or no longer."""
        if ticket_id in self._ids:
            del self._ids[ticket_id]
        else:
            self._ids[ticket_id] = None
        self.changes.notify()

    def add(self, ticket_ids: Iterable[str]) -> None:
        """Mark these too."""
        self._ids.update(dict.fromkeys(ticket_ids))
        self.changes.notify()

    def clear(self) -> None:
        """Mark nothing."""
        if self._ids:
            self._ids.clear()
            self.changes.notify()
