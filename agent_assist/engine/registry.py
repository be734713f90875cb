"""The models on this machine: what is there, whether its files are whole, and how a user's own joins them.

A model is a folder with a `model.json` that names its files and their SHA-256. Built ones lie in the models folder
(`MODELS/encoder/NAME`, `MODELS/reply/NAME`), heads and adapters ship under `resources/`.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import msgspec
import platformdirs

from agent_assist.errors import InputError, NotFoundError

APP = "agent-assist"
ENCODER, REPLY, ADAPTER, RERANKER = "encoder", "reply", "adapter", "reranker"
# What a built encoder has and a Hugging Face folder lacks.
ENCODER_FILE = "model.int8.onnx"
# What of a reranker's folder is copied: neither weights of other formats nor anything that could be run.
_RERANKER_FILES = ("config.json", "tokenizer.json", "*.safetensors", "*.safetensors.index.json", "LICENSE*", "README*")
_BLOCK = 1 << 20


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """What `model.json` says; fields that only the neural half needs are kept out."""

    name: str
    kind: str
    version: str = ""
    license: str = ""
    base: str = ""
    files: dict[str, str] = {}
    made_by: str = ""
    active: bool = False


class ModelInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A model that is there. `size` is in bytes; `shipped` is True for what came with the program."""

    name: str
    kind: str
    version: str
    license: str
    base: str
    path: str
    size: int
    active: bool
    shipped: bool


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Result of checking one model; `problems` is empty when every file is the one that was pinned."""

    name: str
    kind: str
    ok: bool
    problems: list[str]


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """What a file or folder of the user's holds, as `models.inspect` reads it."""

    kind: str  # "reply", "adapter", "encoder" or "reranker"
    name: str
    architecture: str = ""
    license: str = ""
    version: str = ""


def default_models_dir() -> Path:
    """The models folder: `AGENT_ASSIST_MODELS`, else inside the user's data folder."""
    chosen = os.environ.get("AGENT_ASSIST_MODELS")
    return Path(chosen) if chosen else platformdirs.user_data_path(APP) / "models"


class ModelRegistry:
    """Lists, verifies and adds models under `models_dir`."""

    def __init__(self, models_dir: Path) -> None:
        self.models_dir = models_dir

    def list(self) -> tuple[ModelInfo, ...]:
        """Every model with a readable card, built ones first."""
        return tuple(_info(folder, card, shipped=shipped) for folder, card, shipped in self._folders())

    def verify(self, *, progress: Callable[[int, int], None] | None = None) -> tuple[Verdict, ...]:
        """Hash every file of every model; `progress(done, total)` counts bytes."""
        folders = list(self._folders())
        total = sum(_size(folder, card) for folder, card, _ in folders)
        done = 0

        def count(read: int) -> None:
            nonlocal done
            done += read
            if progress is not None:
                progress(done, total)

        return tuple(_verdict(folder, card, count) for folder, card, _ in folders)

    def add(self, path: Path, inspection: Inspection) -> ModelInfo:
        """Copy a user's model in, complete or not at all.

        A reply model, adapter or reranker becomes the active one; an encoder does not, since no heads were trained on
        it yet. An adapter is taken for the reply model that is active. Raises `InputError` where a model of that name
        is there already.
        """
        parent = self.models_dir / (inspection.kind if inspection.kind in {ENCODER, RERANKER} else REPLY)
        target = parent / inspection.name
        if target.exists():
            raise InputError(f"A {inspection.kind} model named {inspection.name} is there already; rename the file.")
        parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{inspection.name}.", dir=parent))
        try:
            card = ModelCard(
                name=inspection.name,
                kind=inspection.kind,
                version=inspection.version or "user",
                license=inspection.license,
                base=self._reply_base() if inspection.kind == ADAPTER else inspection.architecture,
                files=_copy_in(path, work, inspection.kind),
                made_by="added by the user",
                active=inspection.kind != ENCODER,
            )
            _write_card(work, card)
            work.chmod(0o755)
            work.rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        if card.active:
            self._deactivate_others(parent, target)
        return _info(target, card, shipped=False)

    def activate(self, name: str) -> ModelInfo:
        """Make a built or added model the active one of its kind.

        Raises `NotFoundError` for an unknown name, `InputError` for an encoder that cannot run here.
        """
        for folder, card, shipped in self._folders():
            if card.name == name and not shipped:
                if card.kind == ENCODER and not (folder / ENCODER_FILE).is_file():
                    raise InputError(f"The encoder {name} has no heads yet; the starter encoder stays in use.")
                active = msgspec.structs.replace(card, active=True)
                _write_card(folder, active)
                self._deactivate_others(folder.parent, folder)
                return _info(folder, active, shipped=False)
        raise NotFoundError(f"There is no model named {name}; `agent-assist models list` shows those that are there.")

    def deactivate(self, name: str) -> ModelInfo:
        """Use a reranker no longer; it stays in its place.

        Raises `NotFoundError` for an unknown name, `InputError` for a model of a kind that the program cannot do
        without.
        """
        for folder, card, shipped in self._folders():
            if card.name == name and not shipped:
                if card.kind != RERANKER:
                    raise InputError(f"Some {card.kind} has to be in use; name the one to use instead of {name}.")
                _write_card(folder, rested := msgspec.structs.replace(card, active=False))
                return _info(folder, rested, shipped=False)
        raise NotFoundError(f"There is no model named {name}; `agent-assist models list` shows those that are there.")

    def _reply_base(self) -> str:
        """Name of the reply model in use, without adapters."""
        cards = [card for _, card, shipped in self._folders() if card.kind == REPLY and not shipped]
        return next((card.name for card in cards if card.active), cards[0].name if cards else "")

    def _folders(self) -> Iterator[tuple[Path, ModelCard, bool]]:
        shipped = Path(str(files("resources")))
        places = [(self.models_dir, "*/*/model.json", False), (shipped, "heads/*/model.json", True)]
        places.append((shipped, "adapters/*/model.json", True))
        for base, pattern, is_shipped in places:
            for card_path in sorted(base.glob(pattern)):
                if not card_path.parent.name.startswith("."):
                    yield card_path.parent, _read_card(card_path), is_shipped

    def _deactivate_others(self, parent: Path, chosen: Path) -> None:
        for card_path in parent.glob("*/model.json"):
            card = _read_card(card_path)
            if card_path.parent != chosen and card.active:
                _write_card(card_path.parent, msgspec.structs.replace(card, active=False))


def _read_card(path: Path) -> ModelCard:
    try:
        return msgspec.json.decode(path.read_bytes(), type=ModelCard)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InputError(f"{path} cannot be read: {error}. Run `agent-assist models build` to make it anew.") from error


def _write_card(folder: Path, card: ModelCard) -> None:
    """Keep the fields that other programs put into the card."""
    path = folder / "model.json"
    old: dict[str, object] = msgspec.json.decode(path.read_bytes()) if path.exists() else {}
    merged = old | msgspec.to_builtins(card)
    fresh = path.with_suffix(".json.new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(merged), indent=2) + b"\n")
    fresh.replace(path)


def _info(folder: Path, card: ModelCard, *, shipped: bool) -> ModelInfo:
    return ModelInfo(
        name=card.name,
        kind=card.kind,
        version=card.version,
        license=card.license,
        base=card.base,
        path=str(folder),
        size=_size(folder, card),
        active=card.active or shipped,
        shipped=shipped,
    )


def _size(folder: Path, card: ModelCard) -> int:
    return sum((folder / name).stat().st_size for name in card.files if (folder / name).is_file())


def _verdict(folder: Path, card: ModelCard, count: Callable[[int], None]) -> Verdict:
    problems = []
    for name, expected in card.files.items():
        path = folder / name
        if not path.is_file():
            problems.append(f"{name} is missing")
        elif sha256_of(path, count) != expected:
            problems.append(f"{name} is not the file that was pinned")
    return Verdict(name=card.name, kind=card.kind, ok=not problems, problems=problems)


def sha256_of(path: Path, count: Callable[[int], None] = lambda read: None) -> str:
    """Hex digest of a file, read in blocks; `count` hears the size of each."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            count(len(block))
    return digest.hexdigest()


def _copy_in(path: Path, work: Path, kind: str) -> dict[str, str]:
    """Copy the model's files; returns relative path -> SHA-256."""
    if path.is_file():
        names = {path: "adapter.gguf" if kind == ADAPTER else "model.gguf"}
    elif kind == RERANKER:
        names = {file: file.name for pattern in _RERANKER_FILES for file in sorted(path.glob(pattern))}
    else:
        names = {file: str(file.relative_to(path)) for file in sorted(path.rglob("*")) if file.is_file()}
    hashes: dict[str, str] = {}
    for source, name in names.items():
        target = work / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        hashes[name] = sha256_of(target)
    return hashes
