"""How services tell the rest of the program that something happened."""

import logging
from collections.abc import Callable

from agent_assist.domain.events import DomainEvent

log = logging.getLogger(__name__)

Listener = Callable[[DomainEvent], None]


class EventBus:
    """Hands each event to every listener, at once and on the caller's thread (the event loop's)."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; call the result to remove it again."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def publish(self, event: DomainEvent) -> None:
        """Tell everyone. One listener's failure is logged and does not keep the others from hearing it."""
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:
                log.exception("a listener failed on %s", type(event).__name__)
