"""Where a model's layers go and how long its context is, from what the file needs and what is free.

What a layer needs is its weights and its part of the KV cache, 2 bytes a value: Touvron et al., "Llama 2" (2023), 4.1.1
for the size of a cache with grouped heads. Every layer is counted with a full cache, since the runtime keeps one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from models.reply.gguf_file import GgufFile
from models.reply.memory import Memory

# The house's prompts are cut to 2,048 tokens, so 4,096 hold prompt, template and reply; a card reads longer ones fast.
LEAST_CONTEXT, CPU_CONTEXT, GPU_CONTEXT = 2048, 4096, 16384
UBATCH = 512
_GB = 1e9
_STEP = 256
_KEPT_FREE = 256 << 20  # for everything else that runs beside it
_GPU_KEPT_FREE = 512 << 20  # and for the driver's own buffers


class NoRoomError(Exception):
    """The model does not fit into the free memory; the message is a sentence that says what it needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a model file needs. Bytes; `kv_token` is the cache's part of a token in all layers together."""

    layers: int
    layer_bytes: int
    other_bytes: int
    kv_token: int
    trained_context: int
    width: int
    vocabulary: int

    @classmethod
    def of(cls, file: GgufFile) -> "Needs":
        """Read from the head of a GGUF, with the head sizes of each layer."""
        layers = max(1, file.number("block_count", 1))
        blocks = sum(tensor.size for name, tensor in file.tensors.items() if name.startswith("blk."))
        others = sum(tensor.size for tensor in file.tensors.values()) - blocks
        heads = file.numbers("attention.head_count", layers, 1)
        kv_heads = file.numbers("attention.head_count_kv", layers, 0)
        width = file.number("embedding_length", 1)
        kv = 0
        for head, kv_head in zip(heads, kv_heads, strict=True):
            size = width // max(1, head)
            keys, values = file.number("attention.key_length", size), file.number("attention.value_length", size)
            kv += 2 * (kv_head or head) * (keys + values)
        vocabulary = file.lists.get("tokenizer.ggml.tokens", 0)
        return cls(
            layers=layers,
            layer_bytes=-(-blocks // layers),
            other_bytes=others,
            kv_token=kv,
            trained_context=file.number("context_length") or LEAST_CONTEXT,
            width=width,
            vocabulary=vocabulary,
        )

    @property
    def compute(self) -> int:
        """Working memory: the activations of a batch, some twenty rows wide, and the logits of one token."""
        return UBATCH * self.width * 4 * 20 + self.vocabulary * 4 * 4

    def bytes(self, context: int) -> int:
        """All of it, with a cache of `context` tokens."""
        return self.layers * self.layer_bytes + self.other_bytes + self.kv_token * context + self.compute


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """`gpu_layers` as llama.cpp counts them: one more than the model has puts the output layer there too."""

    gpu_layers: int
    context: int
    reason: str


def place(
    needs: Needs, memory: Memory, *, gpu_layers: int | None, gpu_build: bool, context: int | None = None
) -> Placement:
    """As many layers on the card as fit, or the number asked for, and the longest useful context.

    `gpu_layers` 0 forces the CPU; `context` is what is wanted instead of the usual length. Raises NoRoomError where
    the machine has not the memory for it with 2,048 tokens of context.
    """
    if gpu_layers == 0:
        return _on_cpu(needs, memory, "CPU: the GPU is turned off in the settings", context)
    if not gpu_build:
        return _on_cpu(needs, memory, "CPU: this build of llama.cpp has no GPU support", context)
    if memory.gpu_total == 0:
        return _on_cpu(needs, memory, "CPU: no GPU was found", context)
    free = memory.gpu - _GPU_KEPT_FREE - needs.compute
    wanted = _wanted(needs, context or GPU_CONTEXT)
    if gpu_layers is not None:
        layers = min(gpu_layers, needs.layers + 1)
        return Placement(
            gpu_layers=layers,
            context=_fit_context(needs, wanted, free if layers >= needs.layers else _room(memory), layers),
            reason=f"GPU: {layers} layers, as set",
        )
    return _on_gpu(needs, memory, free, wanted)


def retreats(placement: Placement, needs: Needs, memory: Memory) -> Iterator[Placement]:
    """`placement`, then fewer layers on the card, then none: what to try in turn where memory runs out."""
    yield placement
    layers = min(placement.gpu_layers, needs.layers + 1)
    for part in (3, 2, 1):
        fewer = layers * part // 4
        if 0 < fewer < layers:
            yield Placement(
                gpu_layers=fewer,
                context=placement.context,
                reason=f"{fewer} of {needs.layers} layers on the GPU: it had no memory for more",
            )
    if layers > 0:
        yield _on_cpu(needs, memory, "CPU: the GPU had not the memory for it", None)


def _on_gpu(needs: Needs, memory: Memory, free: int, wanted: int) -> Placement:
    """A context of 4,096 comes before layers; a longer one only where all layers are on the card."""
    least = min(wanted, CPU_CONTEXT)
    a_layer = needs.layer_bytes + needs.kv_token * least // needs.layers
    whole = needs.layers * needs.layer_bytes + needs.other_bytes
    room = f"{{}} of {memory.gpu_total / _GB:.1f} GB"
    if whole + needs.kv_token * least <= free:
        context = _fit_context(needs, wanted, free, needs.layers + 1)
        used = room.format(f"{(needs.bytes(context)) / _GB:.1f}")
        return Placement(
            gpu_layers=needs.layers + 1,
            context=context,
            reason=f"all {needs.layers} layers on the GPU ({used}); {_told(needs, context, free)}",
        )
    layers = max(0, min(needs.layers, free // a_layer))
    if layers == 0:
        return _on_cpu(needs, memory, f"CPU: {memory.gpu / _GB:.1f} GB free on the GPU are too few", None)
    ram = _room(memory)
    left = (needs.layers - layers) * a_layer + needs.other_bytes
    if ram is not None and left > ram:
        raise NoRoomError(_no_room(needs.bytes(least), memory))
    used = room.format(f"{layers * a_layer / _GB:.1f}")
    return Placement(
        gpu_layers=layers,
        context=least,
        reason=f"{layers} of {needs.layers} layers on the GPU ({used}), the rest on the CPU; "
        + _told(needs, least, free),
    )


def _on_cpu(needs: Needs, memory: Memory, why: str, context: int | None) -> Placement:
    found = _fit_context(needs, _wanted(needs, context or CPU_CONTEXT), _room(memory), 0)
    if (room := _room(memory)) is not None and needs.bytes(found) > room:
        raise NoRoomError(_no_room(needs.bytes(found), memory))
    return Placement(gpu_layers=0, context=found, reason=f"{why}; {_told(needs, found, memory.ram)}")


def _wanted(needs: Needs, usual: int) -> int:
    """Never beyond what the model was trained with."""
    return max(1, min(usual, needs.trained_context))


def _fit_context(needs: Needs, wanted: int, free: int | None, layers: int) -> int:
    """The longest context up to `wanted` whose cache fits beside the weights, but not below 2,048."""
    if free is None or needs.kv_token == 0:
        return wanted
    weights = min(layers, needs.layers) * needs.layer_bytes + needs.other_bytes if layers else needs.bytes(0)
    fits = max(0, free - weights) // needs.kv_token // _STEP * _STEP
    return min(wanted, max(fits, LEAST_CONTEXT))


def _room(memory: Memory) -> int | None:
    return None if memory.ram is None else memory.ram - _KEPT_FREE


def _told(needs: Needs, context: int, free: int | None) -> str:
    told = f"context {context:,} of {needs.trained_context:,}"
    return told if free is None else f"{told}: {max(0, free) / _GB:.1f} GB free"


def _no_room(needed: int, memory: Memory) -> str:
    free = (memory.ram or 0) / _GB
    return (
        f"it needs about {needed / _GB:.1f} GB of memory and {free:.1f} GB are free. Close other programs, or take a "
        "smaller model or one with fewer bits a weight"
    )
