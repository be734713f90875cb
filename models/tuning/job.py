"""What a folder asks this program for: RUN_DIR/tuning.json, beside the rows."""

from pathlib import Path
from typing import Literal

import msgspec

from models.training.errors import UnusableError
from models.tuning.searching.study import Method
from models.tuning.shrinking.compress import Method as Way

TUNING_FILE, TEXTS_FILE = "tuning.json", "texts.jsonl"


class SearchJob(msgspec.Struct, frozen=True, kw_only=True, tag="search", tag_field="do"):
    """Search and train: the task and everything else is in run.json. `space` is a file in the folder, "" the default
    one, `space_name` what its owner calls it."""

    method: Method
    trials: int = 0
    folds: int = 3
    space: str = ""
    space_name: str = ""


class CompareJob(msgspec.Struct, frozen=True, kw_only=True, tag="compare", tag_field="do"):
    """Train on several encoders; the rest is in run.json."""

    encoders: tuple[str, ...]


class EnsembleJob(msgspec.Struct, frozen=True, kw_only=True, tag="ensemble", tag_field="do"):
    """Join models; `models` is the models folder, `out` the folder of the artefact."""

    models: str
    out: str
    names: tuple[str, ...]
    by: Literal["average", "soup"]


class CompressJob(msgspec.Struct, frozen=True, kw_only=True, tag="compress", tag_field="do"):
    """Make a model smaller; `out` is "" where int8 is only measured. The numbers as in `shrinking.compress.Order`."""

    models: str
    out: str
    name: str
    by: Way | Literal["int8"]
    layers: int = 0
    share: float = 0.25
    epochs: int = 0


Job = SearchJob | CompareJob | EnsembleJob | CompressJob
_DECODER = msgspec.json.Decoder(SearchJob | CompareJob | EnsembleJob | CompressJob)


def read_job(folder: Path) -> Job:
    """Raises `UnusableError` with a sentence where the folder asks for nothing."""
    path = folder / TUNING_FILE
    try:
        job: Job = _DECODER.decode(path.read_bytes())
    except OSError as error:
        raise UnusableError(f"{folder} asks for nothing: {TUNING_FILE} cannot be read.") from error
    except msgspec.DecodeError as error:
        raise UnusableError(f"{path} cannot be used: {error}.") from error
    return job
