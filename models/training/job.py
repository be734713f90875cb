"""What a run's folder asks for: RUN_DIR/run.json beside the frozen rows."""

from pathlib import Path

import msgspec

from models.training.config import TrainConfig
from models.training.config_file import as_config, check_task, read_config
from models.training.errors import UnusableError

RUN_FILE, ROWS_FILE, VALIDATION_FILE, WORK_FOLDER = "run.json", "rows.jsonl", "validation.jsonl", "work"


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """`models` is the models folder, `out` the folder of the artefact, whose last part is its name.

    `config` is a file in the run's folder, "" for the defaults; `config_name` is what its owner calls it.
    """

    task: str
    models: str
    out: str
    config: str = ""
    config_name: str = ""


def read_job(folder: Path) -> tuple[Job, TrainConfig]:
    """Raises `UnusableError` with a sentence where the folder is no run or its configuration is wrong."""
    try:
        job = msgspec.json.decode((folder / RUN_FILE).read_bytes(), type=Job)
    except OSError as error:
        raise UnusableError(f"{folder} is no run: {RUN_FILE} cannot be read.") from error
    except msgspec.DecodeError as error:
        raise UnusableError(f"{folder / RUN_FILE} is no run: {error}.") from error
    check_task(job.task)
    if not job.config:
        return job, as_config({}, job.task)
    return job, read_config(folder / job.config, job.task, shown=job.config_name)
