"""Collects garbage on the window's thread only.

Python collects cycles on whichever thread happens to allocate, the database's for instance. A cycle that holds Qt
objects, as every view does, must not be destroyed there: Qt then stops timers of another thread, and crashes.
"""

import gc

from PySide6.QtCore import QObject, QTimer

PAUSE_MS = 1_000


class MainThreadCollector(QObject):
    """Takes the automatic collector's place between `start` and `stop`, by the same thresholds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=PAUSE_MS)
        self._timer.timeout.connect(self.collect_due)
        self._was_enabled = False
        self._settled = False

    def start(self) -> None:
        """Switch the automatic collector off and look after the garbage from now on."""
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer.start()

    def settle(self) -> None:
        """The program stands: what it is made of need not be looked at again. A look at all of it takes as long as five
        frames, and comes in the midst of somebody's work."""
        if not gc.get_freeze_count():  # else somebody set objects aside who will want them back
            gc.freeze()
            self._settled = True

    def stop(self) -> None:
        """Collect everything, on this thread, and leave the rest to Python again."""
        self._timer.stop()
        if self._settled:
            gc.unfreeze()
            self._settled = False
        gc.collect()
        if self._was_enabled:
            gc.enable()

    def collect_due(self) -> None:
        """Collect the oldest generation that is full."""
        full = [count > threshold > 0 for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        for generation in (2, 1, 0):
            if full[generation]:
                gc.collect(generation)
                return
