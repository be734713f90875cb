"""Makes a GGUF of a Hugging Face folder: `python -m models.convert FOLDER OUT.gguf [--models DIR] [--base NAME]`.

Prints one JSON object a line: progress, and at the end `{"note": …}`. Exit code 2 and a sentence on standard error
where it cannot be converted here.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from models.errors import UnusableModelError


def convert(folder: Path, target: Path, models_dir: Path | None, base: str) -> str:
    """A model, or an adapter for the model `base` in `models_dir`; returns what is to be known of it, or ""."""
    from models.reply.choice import base_of_chosen
    from models.reply.converting.lora import CONFIG, convert_lora
    from models.reply.converting.model import convert_model
    from models.reply.gguf_file import BrokenGgufError, read_head

    if not (folder / CONFIG).is_file():
        return convert_model(folder, target, progress=_tell)
    if models_dir is None:
        raise UnusableModelError("An adapter is converted for a model: name the folder of the models with --models.")
    model = models_dir / "reply" / base / "model.gguf" if base else base_of_chosen(models_dir)
    if not model.is_file():
        raise UnusableModelError(f"There is no reply model {base} for {folder.name}; see `agent-assist models list`.")
    try:
        convert_lora(folder, target, read_head(model))
    except BrokenGgufError as error:
        raise UnusableModelError(str(error)) from error
    return ""


def _tell(done: int, total: int) -> None:
    print(json.dumps({"task": "convert", "done": done, "total": total}), flush=True)


def main() -> None:
    """Command line."""
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}  # nothing here looks for a hub
    parser = argparse.ArgumentParser(prog="python -m models.convert", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--models", type=Path, metavar="DIR", help="folder of the built models, for adapters")
    parser.add_argument("--base", default="", metavar="NAME", help="the model that an adapter is for")
    options = parser.parse_args()
    try:
        note = convert(options.folder, options.target, options.models, options.base)
    except UnusableModelError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    print(json.dumps({"note": note}, ensure_ascii=False))


if __name__ == "__main__":
    main()
