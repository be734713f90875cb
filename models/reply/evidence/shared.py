"""One loaded reader for all who read in this process: the writer of drafts and the search."""

import threading
from pathlib import Path

from models.reply.evidence.finder import EvidenceFinder
from models.reply.evidence.layout import ADAPTER_FILE

_loading = threading.Lock()
_loaded: dict[tuple[Path, int], EvidenceFinder] = {}


def shared_finder(folder: Path) -> EvidenceFinder:
    """The reader in `folder`, loaded when it is first asked for, and again after its files were replaced.

    Raises what `EvidenceFinder.load` does.
    """
    with _loading:
        try:
            key = (folder, (folder / ADAPTER_FILE).stat().st_mtime_ns)
        except FileNotFoundError:
            return EvidenceFinder.load(folder)  # which says what is missing
        if key not in _loaded:
            _loaded[key] = EvidenceFinder.load(folder)
        return _loaded[key]
