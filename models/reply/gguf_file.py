"""The head of a GGUF file: what it says about itself and where its tensors end, without reading a weight.

After https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. `gguf.GGUFReader` makes an object of every token of a
vocabulary (12 s for 262,144 of them); here long lists are stepped over, and a file that ends too early is noticed.
"""

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

MAGIC = b"GGUF"
_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING, _ARRAY = 8, 9
_KEPT = 4096  # lists longer than this are counted only
_MOST_ENTRIES = 1 << 20
_ALIGNMENT = 32

Scalar = str | int | float | bool


class BrokenGgufError(Exception):
    """The file is no GGUF that can be used; the message is a sentence that says what is wrong and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """Shape as GGUF gives it (the innermost dimension first) and size in bytes."""

    shape: tuple[int, ...]
    type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GgufFile:
    """A head that was read. `lists` holds the length of each list; short ones are in `fields` too."""

    path: Path
    size: int
    fields: Mapping[str, Scalar | tuple[Scalar, ...]]
    lists: Mapping[str, int]
    tensors: Mapping[str, Tensor]

    @property
    def architecture(self) -> str:
        """llama.cpp's name of the architecture, e.g. "gemma3"."""
        return self.text("general.architecture")

    def text(self, key: str) -> str:
        """A field as text, "" where it is missing."""
        return str(self.fields.get(key, ""))

    def number(self, key: str, default: int = 0) -> int:
        """A field of the architecture ("block_count") or a general one ("split.count") as a whole number.

        Of a list (some models give one value a layer) the largest.
        """
        value = self.fields.get(f"{self.architecture}.{key}", self.fields.get(key, default))
        if isinstance(value, tuple):
            value = max((one for one in value if isinstance(one, int | float)), default=default)
        return int(value) if isinstance(value, int | float) else default

    def numbers(self, key: str, count: int, default: int) -> list[int]:
        """A field of the architecture that is one value for all `count` layers, or one a layer."""
        value = self.fields.get(f"{self.architecture}.{key}", default)
        if isinstance(value, tuple):
            given = [int(one) for one in value if isinstance(one, int | float)]
            return (given + [default] * count)[:count]
        return [int(value) if isinstance(value, int | float) else default] * count


def read_head(path: Path) -> GgufFile:
    """Read the head of `path`. Raises BrokenGgufError for what is no GGUF or ends before its last tensor does."""
    size = path.stat().st_size
    if size == 0:
        raise BrokenGgufError(f"{path.name} is empty. Download or copy it again.")
    with path.open("rb") as stream:
        if stream.read(len(MAGIC)) != MAGIC:
            raise BrokenGgufError(f"{path.name} is not a GGUF file; give a .gguf or a Hugging Face folder.")
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            try:
                return _parse(path, size, _Cursor(data))
            except (struct.error, IndexError, OverflowError) as error:
                raise BrokenGgufError(f"{path.name} ends in its head: download or copy it again.") from error
            except (UnicodeDecodeError, KeyError, ValueError) as error:
                raise BrokenGgufError(f"{path.name} is damaged in its head: download or copy it again.") from error


class _Cursor:
    """A place in the file that moves on as values are read."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self.place = len(MAGIC)

    def scalar(self, form: str) -> int | float | bool:
        value: int | float | bool = struct.unpack_from(form, self._data, self.place)[0]
        self.place += struct.calcsize(form)
        return value

    def whole(self, form: str = "<Q") -> int:
        return int(self.scalar(form))

    def text(self) -> str:
        return self._bytes(self.whole()).decode("utf-8")

    def skip_texts(self, count: int) -> None:
        unpack, data, place, end = struct.Struct("<Q").unpack_from, self._data, self.place, len(self._data)
        for _ in range(count):
            place += 8 + unpack(data, place)[0]
            if place > end:
                raise IndexError(place)
        self.place = place

    def skip(self, length: int) -> None:
        self.place += length
        if self.place > len(self._data):
            raise IndexError(self.place)

    def _bytes(self, length: int) -> bytes:
        start = self.place
        self.skip(length)
        return self._data[start : self.place]


def _parse(path: Path, size: int, cursor: _Cursor) -> GgufFile:
    version = cursor.whole("<I")
    if version not in (2, 3):
        other = "for machines of the other byte order" if version & 0xFFFF == 0 else f"of version {version}"
        raise BrokenGgufError(f"{path.name} is a GGUF {other}, which llama.cpp does not load here. Convert it anew.")
    tensor_count, field_count = cursor.whole(), cursor.whole()
    if max(tensor_count, field_count) > _MOST_ENTRIES:
        raise ValueError(field_count)
    fields: dict[str, Scalar | tuple[Scalar, ...]] = {}
    lists: dict[str, int] = {}
    for _ in range(field_count):
        key, kind = cursor.text(), cursor.whole("<I")
        if kind != _ARRAY:
            fields[key] = _value(cursor, kind)
            continue
        kind, count = cursor.whole("<I"), cursor.whole()
        lists[key] = count
        if count <= _KEPT:
            fields[key] = tuple(_value(cursor, kind) for _ in range(count))
        elif kind == _STRING:
            cursor.skip_texts(count)
        else:
            cursor.skip(count * struct.calcsize(_SCALARS[kind]))
    tensors, end = _tensors(cursor, tensor_count)
    alignment = fields.get("general.alignment", _ALIGNMENT)
    alignment = alignment if isinstance(alignment, int) and alignment > 0 else _ALIGNMENT
    needed = -(-cursor.place // alignment) * alignment + end
    if tensors and needed > size:
        raise BrokenGgufError(
            f"{path.name} is cut off: {size:,} of {needed:,} bytes are there. Download or copy it again."
        )
    return GgufFile(path=path, size=size, fields=fields, lists=lists, tensors=tensors)


def _value(cursor: _Cursor, kind: int) -> Scalar:
    return cursor.text() if kind == _STRING else cursor.scalar(_SCALARS[kind])


def _tensors(cursor: _Cursor, count: int) -> tuple[dict[str, Tensor], int]:
    """The tensors by name, and where the last one ends in the part of the file that holds them."""
    tensors: dict[str, Tensor] = {}
    end = 0
    for _ in range(count):
        name, dimensions = cursor.text(), cursor.whole("<I")
        if dimensions > 8:
            raise ValueError(dimensions)
        shape = tuple(cursor.whole() for _ in range(dimensions))
        kind, offset = GGMLQuantizationType(cursor.whole("<I")), cursor.whole()
        elements = 1
        for length in shape:
            elements *= length
        block, block_bytes = GGML_QUANT_SIZES[kind]
        tensors[name] = Tensor(shape=shape, type=kind.name, size=elements // block * block_bytes)
        end = max(end, offset + tensors[name].size)
    return tensors, end


def check_adapter(adapter: GgufFile, base: GgufFile) -> None:
    """Raise BrokenGgufError where a LoRA adapter does not fit `base`: architecture, layers, shapes."""
    if adapter.architecture != base.architecture:
        raise BrokenGgufError(
            f"{adapter.path.name} is an adapter for {adapter.architecture or 'an unnamed architecture'}, but "
            f"{base.path.parent.name} is {base.architecture}. Choose the model it was trained on with `agent-assist "
            "models use NAME`, then add it again."
        )
    pairs = {name.rpartition(".lora_")[0] for name in adapter.tensors if ".lora_" in name}
    if not pairs:
        raise BrokenGgufError(f"{adapter.path.name} holds no LoRA matrices (lora_a, lora_b).")
    for name in sorted(pairs):
        _check_pair(adapter, base, name)


def _check_pair(adapter: GgufFile, base: GgufFile, name: str) -> None:
    target = base.tensors.get(name)
    down, up = adapter.tensors.get(f"{name}.lora_a"), adapter.tensors.get(f"{name}.lora_b")
    if target is None:
        layers = base.number("block_count")
        raise BrokenGgufError(
            f"{adapter.path.name} changes {name}, which {base.path.parent.name} ({layers} layers) does not have: it "
            "was trained on another model."
        )
    if down is None or up is None:
        raise BrokenGgufError(f"{adapter.path.name} lacks one half of the pair for {name}; convert the adapter anew.")
    # llama.cpp keeps the pair of the embedding the other way round, since it is looked up and not multiplied.
    first, second = (up, down) if name.startswith("token_embd") else (down, up)
    shapes = [(*one.shape, 1, 1)[:2] for one in (target, first, second)]
    (into, out), (first_in, first_out), (second_in, second_out) = shapes
    if name.startswith("token_embd"):
        fits = first_out == into and second_out == out
    else:
        fits = first_in == into and second_out == out and first_out == second_in
    if not fits:
        raise BrokenGgufError(
            f"{adapter.path.name} does not fit {base.path.parent.name}: {name} is {into} x {out} there, the adapter "
            f"was made for {first_in} x {second_out}. It was trained on a model of another size."
        )
