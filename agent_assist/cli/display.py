"""Whether a window can be opened here."""

import os
import sys


def display_problem() -> str | None:
    """None where a window can be opened, else a sentence that says why not."""
    if os.environ.get("QT_QPA_PLATFORM", "") in {"offscreen", "minimal", "vnc"}:
        return None
    if sys.platform in {"win32", "darwin"}:
        return None
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return None
    return "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)."
