"""The trainer: `python -m models.training RUN_DIR` (`models.training.job`), or `--show-config TASK`.

Prints JSON lines: {"event": "progress" | "plan" | "step" | "epoch", ...}, at last {"event": "done", "name", "score",
"folder", "card"} or {"event": "error", "message"} with exit code 1. Killed at any point, the same command goes on from
the last checkpoint and comes to the same end. With `processes` in the configuration it starts itself by torchrun.
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
# Nothing here may look for a hub on the network.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import argparse
import json
import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from models.training.alone import alone
from models.training.config_file import as_toml
from models.training.errors import UnusableError
from models.training.job import ROWS_FILE, VALIDATION_FILE, WORK_FOLDER, read_job

_NICE = 10  # whoever answers tickets beside the training comes first


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("run", nargs="?", type=Path, metavar="RUN_DIR")
    what.add_argument("--show-config", metavar="TASK", help="print the defaults of a task as TOML")
    options = parser.parse_args()
    if options.show_config:
        _show(options.show_config)
        return
    # Libraries print to standard output at will; the events keep a descriptor of their own.
    events = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    first = os.environ.get("RANK", "0") == "0"
    try:
        with alone(options.run) if first else nullcontext():
            _run(options.run, events)
    except (UnusableError, OSError) as error:
        if first:
            _tell(events, {"event": "error", "message": str(error)})
        sys.exit(1)


def _show(task: str) -> None:
    try:
        print(as_toml(task), end="")
    except UnusableError as error:
        sys.exit(str(error))


def _run(folder: Path, events: TextIO) -> None:
    job, config = read_job(folder)
    if config.processes > 1 and "WORLD_SIZE" not in os.environ:
        _share(folder, config.processes, events)
    if hasattr(os, "nice"):
        os.nice(_NICE)
    from models.training.dataset.rows import read_rows
    from models.training.run import train

    validation = folder / VALIDATION_FILE
    outcome = train(
        job.task,
        read_rows(folder / ROWS_FILE),
        config,
        Path(job.out),
        models=Path(job.models),
        report=partial(_tell, events),
        validation=read_rows(validation) if validation.is_file() else None,
        work=folder / WORK_FOLDER,
    )
    if outcome.card:
        told = {"name": outcome.folder.name, "score": outcome.score, "folder": job.out, "card": outcome.card}
        _tell(events, {"event": "done", **told})


def _share(folder: Path, processes: int, events: TextIO) -> None:
    """Become torchrun, which starts this program once a process."""
    if getattr(sys, "frozen", False):
        raise UnusableError("processes needs an installation by pip; the one-folder program trains in one process.")
    os.dup2(events.fileno(), sys.stdout.fileno())
    arguments = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    os.execv(sys.executable, [sys.executable, *arguments, "-m", "models.training", str(folder)])


def _tell(events: TextIO, event: dict[str, Any]) -> None:
    events.write(json.dumps(event, ensure_ascii=False) + "\n")
    events.flush()


if __name__ == "__main__":
    main()
