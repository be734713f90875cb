"""How much memory this process holds."""

from pathlib import Path

_PAGE_KB = 4


def resident_mb() -> float:
    """Resident set in MB; 0 where the system does not say (only Linux has /proc)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * _PAGE_KB / 1024
