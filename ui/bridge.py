"""The single bridge from the program's events to Qt signals."""

from PySide6.QtCore import QObject, Signal

from agent_assist.domain.events import DomainEvent
from ui.ports import Events


class EventBridge(QObject):
    """Emits `happened` with every event of the bus; both live on the loop's thread.

    A listener that raises does so inside Qt's slot call, so it cannot break the service that published.
    """

    happened = Signal(object)

    def __init__(self, events: Events, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unsubscribe = events.subscribe(self._relay)

    def close(self) -> None:
        """Hear no more events."""
        self._unsubscribe()

    def _relay(self, event: DomainEvent) -> None:
        self.happened.emit(event)
