"""Builds the starter models into a folder: `python -m models.setup --models DIR [--json]`.

Nothing is fetched: the weights lie in installed packages, pinned by SHA-256. A second run only verifies. Exit code 1
and a sentence on standard error where a model cannot be built.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

from models.encoder.build import build_encoder
from models.encoder.packed import SourceFormatError
from models.reply.build import build_reply_model
from models.reply.evidence.build import build_evidence
from models.sources import SourceMismatchError

Progress = Callable[[str, int, int], None]


def build_all(models_dir: Path, progress: Progress) -> None:
    """The starter models. Raises FileNotFoundError or a mismatch error; what was built before stays."""
    build_encoder(models_dir, progress)
    build_evidence(models_dir, progress)
    build_reply_model(models_dir, progress)


def json_progress() -> Progress:
    """Prints one JSON object a whole percent, not one a block."""
    last: dict[str, int] = {}

    def report(task: str, done: int, total: int) -> None:
        percent = 100 * done // total if total else 0
        if last.get(task) != percent:
            last[task] = percent
            print(json.dumps({"task": task, "done": done, "total": total}), flush=True)

    return report


def text_progress() -> Progress:
    """Prints a line at the start and the end of each task."""

    def report(task: str, done: int, total: int) -> None:
        if done in {0, total}:
            print(f"{task}: {'ready' if done == total else 'building'}", flush=True)

    return report


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m models.setup", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, help="folder for the models")
    parser.add_argument("--json", action="store_true", help="progress as lines of JSON")
    arguments = parser.parse_args()
    try:
        build_all(arguments.models, json_progress() if arguments.json else text_progress())
    except (FileNotFoundError, SourceFormatError, SourceMismatchError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
