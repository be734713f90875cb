"""The keys that are held with others, by the names that tests read best by."""

from PySide6.QtCore import Qt

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
