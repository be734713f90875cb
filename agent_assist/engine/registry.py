"""The models on this machine: what is there, whether its files are whole, and how a user's own joins them.

A model is a folder with a `model.json` that names its files and their SHA-256. Built ones lie in the models folder
(`MODELS/encoder/NAME`, `MODELS/reply/NAME`), heads and adapters ship under `resources/`.
"""

import hashlib
import itertools
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import msgspec
import platformdirs

from agent_assist.engine.taking_in import arriving, check_room, copy_files
from agent_assist.errors import InputError, NotFoundError

APP = "agent-assist"
ENCODER, REPLY, ADAPTER, RERANKER, SERVER = "encoder", "reply", "adapter", "reranker", "server"
# Who made a card: what was built here is not removed, it is what everything falls back to.
BUILT, ADDED = "models.", "added by the user"
# What a built encoder has and a Hugging Face folder lacks.
ENCODER_FILE = "model.int8.onnx"
# What of a reranker's folder is copied: neither weights of other formats nor anything that could be run.
_RERANKER_FILES = ("config.json", "tokenizer.json", "*.safetensors", "*.safetensors.index.json", "LICENSE*", "README*")
_BLOCK = 1 << 20
_WORK, _STALE_S = ".converting-", 86_400.0


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
    """A model that is there. `size` is in bytes; `shipped` is True for what came with the program, `own` for what the
    user added."""

    name: str
    kind: str
    version: str
    license: str
    base: str
    path: str
    size: int
    active: bool
    shipped: bool
    own: bool = False


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Result of checking one model; `problems` is empty when every file is the one that was pinned."""

    name: str
    kind: str
    ok: bool
    problems: list[str]


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """What a file or folder of the user's holds, as `models.inspect` reads it."""

    kind: str  # "reply", "adapter", "encoder", "reranker" or "server"
    name: str
    architecture: str = ""
    license: str = ""
    version: str = ""
    # Of an adapter: the reply model it was found to fit, and whether it is used with that model's own chat template.
    base: str = ""
    chat: bool = False
    # It has to become a GGUF first.
    convert: bool = False
    # Of a server: its address, and the model on it.
    url: str = ""
    model: str = ""
    # What is to be known of it, in sentences' parts: "it has no chat template, so a plain prompt is used".
    notes: list[str] = []


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

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """A folder on the models' own disk for what is made on the way; what a killed program left is swept out."""
        self.models_dir.mkdir(parents=True, exist_ok=True)
        for left in self.models_dir.glob(f"{_WORK}*"):
            if time.time() - left.stat().st_mtime > _STALE_S:
                shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=_WORK, dir=self.models_dir) as made:
            yield Path(made)

    def check_conversion(self, folder: Path) -> None:
        """Raise `InputError` where the disk has no room for what a Hugging Face folder becomes, and its copy."""
        check_room(self.models_dir, 2 * sum(one.stat().st_size for one in folder.glob("*.safetensors")))

    def check_name(self, inspection: Inspection, name: str = "") -> str:
        """The name that a model will have; raises `InputError` where it is taken, with one that is free."""
        wanted = plain_name(name or inspection.name)
        parent = self._parent(inspection.kind)
        if not (parent / wanted).exists():
            return wanted
        free = next(f"{wanted}-{n}" for n in itertools.count(2) if not (parent / f"{wanted}-{n}").exists())
        raise InputError(
            f"A {inspection.kind} model named {wanted} is there already; give this one another name: --name {free}."
        )

    def add(
        self,
        path: Path,
        inspection: Inspection,
        *,
        name: str = "",
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> ModelInfo:
        """Copy a user's model in under `name` (its own by default), complete or not at all.

        A reply model, adapter or reranker becomes the active one; an encoder does not, since no heads were trained on
        it yet. An adapter is taken for the reply model that it was inspected with. Raises `InputError` where a model of
        that name is there already or the disk has no room.
        """
        name = self.check_name(inspection, name)
        parent = self._parent(inspection.kind)
        files = _files(path, inspection.kind)
        check_room(parent, sum(source.stat().st_size for source in files))
        with arriving(parent / name) as work:
            adapter = inspection.kind == ADAPTER
            card = ModelCard(
                name=name,
                kind=inspection.kind,
                version=inspection.version or "user",
                license=inspection.license,
                base=(inspection.base or self._reply_base()) if adapter else inspection.architecture,
                files=copy_files(files, work, progress=progress),
                made_by=ADDED,
                active=inspection.kind != ENCODER,
            )
            _write_card(work, card, {"chat": inspection.chat} if adapter else {})
        if card.active:
            self._deactivate_others(parent, parent / name)
        return _info(parent / name, card, shipped=False)

    def add_server(
        self, inspection: Inspection, *, name: str = "", allow_public: bool = False, key_service: str = ""
    ) -> ModelInfo:
        """Note a model on a server and make it the active reply model; nothing is copied.

        With `key_service` its key lies in the keyring under that service and the model's name. Raises `InputError`
        where the name is taken.
        """
        name = self.check_name(inspection, name)
        parent = self._parent(SERVER)
        card = ModelCard(
            name=name, kind=SERVER, version=inspection.model, base=inspection.url, made_by=ADDED, active=True
        )
        more = {
            "url": inspection.url,
            "model": inspection.model,
            "allow_public": allow_public,
            "key_service": key_service,
            "key_user": name if key_service else "",
        }
        with arriving(parent / name) as work:
            _write_card(work, card, more)
        self._deactivate_others(parent, parent / name)
        return _info(parent / name, card, shipped=False)

    def remove(self, name: str) -> ModelInfo:
        """Delete an added model; where it was in use, the starter is from the engine's next start on.

        Raises `NotFoundError` for an unknown name, `InputError` for a built or shipped model, for one that adapters
        belong to, and where a running program holds its files.
        """
        folder, card, shipped = self._find(name)
        if shipped or card.made_by.startswith(BUILT):
            raise InputError(f"{name} came with the program and stays; name another one to use instead of it.")
        needing = [other.name for _, other, _ in self._folders() if other.kind == ADAPTER and other.base == name]
        if card.kind == REPLY and needing:
            raise InputError(f"{', '.join(needing)} cannot be used without {name}; remove that first.")
        info = _info(folder, card, shipped=False)
        gone = folder.with_name(f".removed-{folder.name}")
        try:
            shutil.rmtree(gone, ignore_errors=True)
            folder.rename(gone)
        except OSError as error:
            raise InputError(f"{name} is in use by a running program; close it, then remove the model.") from error
        shutil.rmtree(gone, ignore_errors=True)
        return info

    def activate(self, name: str) -> ModelInfo:
        """Make a built or added model the active one of its kind.

        Raises `NotFoundError` for an unknown name, `InputError` for an encoder that cannot run here.
        """
        folder, card, _ = self._find(name, shipped=False)
        if card.kind == ENCODER and not (folder / ENCODER_FILE).is_file():
            raise InputError(f"The encoder {name} has no heads yet; the starter encoder stays in use.")
        _write_card(folder, active := msgspec.structs.replace(card, active=True))
        self._deactivate_others(folder.parent, folder)
        return _info(folder, active, shipped=False)

    def deactivate(self, name: str) -> ModelInfo:
        """Use a reranker no longer; it stays in its place.

        Raises `NotFoundError` for an unknown name, `InputError` for a model of a kind that the program cannot do
        without.
        """
        folder, card, _ = self._find(name, shipped=False)
        if card.kind != RERANKER:
            raise InputError(f"Some {card.kind} has to be in use; name the one to use instead of {name}.")
        _write_card(folder, rested := msgspec.structs.replace(card, active=False))
        return _info(folder, rested, shipped=False)

    def _find(self, name: str, *, shipped: bool = True) -> tuple[Path, ModelCard, bool]:
        """The model of that name, a user's before a shipped one."""
        for folder, card, is_shipped in self._folders():
            if card.name == name and (shipped or not is_shipped):
                return folder, card, is_shipped
        raise NotFoundError(f"There is no model named {name}; `agent-assist models list` shows those that are there.")

    def _parent(self, kind: str) -> Path:
        return self.models_dir / (kind if kind in {ENCODER, RERANKER} else REPLY)

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


def _write_card(folder: Path, card: ModelCard, more: Mapping[str, object] = MappingProxyType({})) -> None:
    """Keep the fields that other programs put into the card; `more` are such fields."""
    path = folder / "model.json"
    old: dict[str, object] = msgspec.json.decode(path.read_bytes()) if path.exists() else {}
    merged = old | msgspec.to_builtins(card) | dict(more)
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
        own=card.made_by == ADDED,
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


def plain_name(text: str) -> str:
    """A name that can be a folder's."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-.").lower() or "model"


def _files(path: Path, kind: str) -> dict[Path, str]:
    """The files of a user's model, with the relative names that they get."""
    if path.is_file():
        return {path: "adapter.gguf" if kind == ADAPTER else "model.gguf"}
    if kind == RERANKER:
        return {file: file.name for pattern in _RERANKER_FILES for file in sorted(path.glob(pattern))}
    return {file: str(file.relative_to(path)) for file in sorted(path.rglob("*")) if file.is_file()}
