"""The program: `python -m models.evaluation RUN.json` (`models.evaluation.run.Run`).

Prints JSON lines: {"event": "progress", "stage", "done", "total"}, at last {"event": "done", "report"} or
{"event": "error", "message"} with exit code 1.
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
# Nothing here may look for a hub on the network.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from models.evaluation.reading import measure_reading
from models.evaluation.run import Run, write_report
from models.evaluation.searching import measure_searching
from models.training.errors import UnusableError


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluation", description=__doc__)
    parser.add_argument("run", type=Path, metavar="RUN.json")
    path: Path = parser.parse_args().run
    if hasattr(os, "nice"):
        os.nice(5)  # the window stays quick
    # Libraries print to standard output at will; the events keep a descriptor of their own.
    events = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(event: dict[str, Any]) -> None:
        events.write(msgspec.json.encode(event) + b"\n")
        events.flush()

    try:
        run = msgspec.json.decode(path.read_bytes(), type=Run)
        report = (measure_searching if run.task == "retrieval" else measure_reading)(run, tell)
        if run.out:
            write_report(report, Path(run.out))
    except (UnusableError, OSError, ValueError, msgspec.DecodeError) as error:
        tell({"event": "error", "message": str(error)})
        sys.exit(1)
    tell({"event": "done", "report": report})


if __name__ == "__main__":
    main()
