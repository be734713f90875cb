"""The program: `python -m models.tuning RUN_DIR` (`models.tuning.job`).

Prints JSON lines as `models.training` does, {"event": "trial"} a trial of a search, {"event": "table", "note", "rows"}
where models are compared, at last {"event": "done"} or {"event": "error"} with exit code 1. Killed at any point, the
same command goes on.
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
# Nothing here may look for a hub on the network.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.training.errors import UnusableError

_NICE = 10  # whoever answers tickets beside it comes first


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m models.tuning", description=__doc__)
    parser.add_argument("run", type=Path, metavar="RUN_DIR")
    folder: Path = parser.parse_args().run
    if hasattr(os, "nice"):
        os.nice(_NICE)
    tell = _events()
    try:
        from models.tuning.run import run

        outcome = run(folder, tell)
    except (UnusableError, OSError) as error:
        tell({"event": "error", "message": str(error)})
        sys.exit(1)
    told = {"name": outcome.folder.name, "score": outcome.score, "folder": str(outcome.folder), "card": outcome.card}
    tell({"event": "done", **told})


def _events() -> Callable[[dict[str, Any]], None]:
    """Libraries print to standard output at will; the events keep a descriptor of their own."""
    stream = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(event: dict[str, Any]) -> None:
        stream.write(json.dumps(event, ensure_ascii=False) + "\n")
        stream.flush()

    return tell


if __name__ == "__main__":
    main()
