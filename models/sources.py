"""What the starter models are built from: package files pinned by SHA-256 in resources/models/sources.json."""

import hashlib
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import msgspec


class SourceMismatchError(Exception):
    """A pinned file is not the file that was pinned."""


class EncoderSource(msgspec.Struct, frozen=True, kw_only=True):
    """The "encoder" entry: the package, its one weight file, and what the built model is called."""

    package: str
    version: str
    name: str
    base: str
    license: str
    files: dict[str, str]


class _Sources(msgspec.Struct, frozen=True):
    encoder: EncoderSource


def encoder_source() -> EncoderSource:
    """The pinned source of the starter encoder."""
    return msgspec.json.decode(files("resources").joinpath("models/sources.json").read_bytes(), type=_Sources).encoder


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check(path: Path, pinned: str) -> None:
    """Raises `SourceMismatchError` where the file is not the pinned one."""
    check_digest(path.name, sha256(path), pinned)


def check_digest(name: str, found: str, pinned: str) -> None:
    """The same for a file whose digest was taken while it was copied."""
    if found != pinned:
        raise SourceMismatchError(
            f"{name} has SHA-256 {found}, but {pinned} is pinned. Reinstall the package, then build the models again."
        )


def package_file(package: str, name: str) -> Path:
    """Where an installed package keeps a file, without importing it (its extension may be for another Python)."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            f"The weight package {package} is not installed. Install the program's dependencies, "
            "or add a model of your own with `agent-assist models add`."
        )
    path = Path(spec.submodule_search_locations[0]) / name
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. Reinstall the package {package}.")
    return path
