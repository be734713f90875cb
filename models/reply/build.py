"""Builds MODELS/reply/<name>/ from the weight packages that are installed beside the program.

The packages carry one GGUF in parts. Each part and the whole are pinned by SHA-256 in resources/models/sources.json;
anything else is refused. The folder appears under its name only when it is complete.
"""

import hashlib
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import msgspec

from models.folders import replacing
from models.sources import check_digest, package_file

Progress = Callable[[str, int, int], None]
TASK = "reply"
_BLOCK = 1 << 20


class ReplySource(msgspec.Struct, frozen=True, kw_only=True):
    """The "reply" entry of sources.json. `files` are joined in their order into `model_sha256`; `notices` copied.

    Paths begin with the name of an installed package.
    """

    package: str
    version: str
    name: str
    base: str
    license: str
    files: dict[str, str]
    notices: dict[str, str]
    model_sha256: str
    model_bytes: int


class _Sources(msgspec.Struct, frozen=True):
    reply: ReplySource


def load_source() -> ReplySource:
    """The pinned source of the starter model."""
    text = files("resources").joinpath("models/sources.json").read_bytes()
    return msgspec.json.decode(text, type=_Sources).reply


def build_reply_model(models_dir: Path, progress: Progress, *, source: ReplySource | None = None) -> Path:
    """Assemble the starter GGUF under `models_dir`/reply; returns its folder.

    Does nothing but verify where the folder is complete. Reports bytes as `progress("reply", done, total)`.
    Raises FileNotFoundError where a weight package is not installed, SourceMismatchError where a hash differs.
    """
    source = source or load_source()
    target = models_dir / "reply" / source.name
    if _is_built(target, source, progress):
        return target
    with replacing(target) as work:
        _assemble(work / "model.gguf", source, progress)
        _copy_notices(work, source)
        _write_card(work, source)
    return target


def _is_built(target: Path, source: ReplySource, progress: Progress) -> bool:
    model = target / "model.gguf"
    if not (target / "model.json").is_file() or not model.is_file() or model.stat().st_size != source.model_bytes:
        return False
    return _sha256(model, progress) == source.model_sha256


def _sha256(path: Path, progress: Progress) -> str:
    digest, done, total = hashlib.sha256(), 0, path.stat().st_size
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            done += len(block)
            progress(TASK, done, total)
    return digest.hexdigest()


def _assemble(model: Path, source: ReplySource, progress: Progress) -> None:
    whole, done = hashlib.sha256(), 0
    with model.open("wb") as out:
        for name, pinned in source.files.items():
            part = hashlib.sha256()
            with package_file(*name.split("/", 1)).open("rb") as stream:
                while block := stream.read(_BLOCK):
                    part.update(block)
                    whole.update(block)
                    out.write(block)
                    done += len(block)
                    progress(TASK, done, source.model_bytes)
            check_digest(name, part.hexdigest(), pinned)
    check_digest("model.gguf", whole.hexdigest(), source.model_sha256)


def _copy_notices(work: Path, source: ReplySource) -> None:
    for name, pinned in source.notices.items():
        content = package_file(*name.split("/", 1)).read_bytes()
        check_digest(name, hashlib.sha256(content).hexdigest(), pinned)
        (work / Path(name).name).write_bytes(content)


def _write_card(work: Path, source: ReplySource) -> None:
    card = {
        "name": source.name,
        "kind": "reply",
        "version": source.version,
        "license": source.license,
        "base": source.base,
        "files": {"model.gguf": source.model_sha256, **{Path(k).name: v for k, v in source.notices.items()}},
        "made_by": f"models.reply.build from the package {source.package} {source.version}",
    }
    (work / "model.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
