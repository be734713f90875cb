"""How a presenter tells its view that something changed, without Qt."""

from collections.abc import Callable

Listener = Callable[[], None]


class Changes:
    """A list of listeners; `notify` calls each once, in the order of subscription."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Listener:
        """Call `listener` on every change; the returned function ends that."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def notify(self) -> None:
        """Tell all listeners; one that unsubscribes meanwhile is safe."""
        for listener in tuple(self._listeners):
            listener()
