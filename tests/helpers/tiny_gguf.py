"""Real GGUF files of a few kilobytes: a Llama of two layers over bytes, broken in many ways, and adapters for it."""

from pathlib import Path

import gguf
import numpy as np

WIDTH, HEADS, KV_HEADS, FEED = 32, 2, 1, 64
SPECIALS = ("<s>", "</s>", "<|im_start|>", "<|im_end|>")
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def byte_tokens() -> list[str]:
    """GPT-2's letters for the 256 bytes, in the order of the bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters, spare = {}, 256
    for byte in range(256):
        if byte in plain:
            letters[byte] = chr(byte)
        else:
            letters[byte], spare = chr(spare), spare + 1
    return [letters[byte] for byte in range(256)]


def make_gguf(
    path: Path,
    *,
    layers: int = 2,
    width: int = WIDTH,
    context: int = 4096,
    template: str = "",
    nan: bool = False,
    aborts: bool = False,
    pooling: int | None = None,
    tokenizer: bool = True,
    architecture: str = "llama",
    kind: str = "model",
    parts: int = 1,
    name: str = "Tiny Shop Model",
    seed: int = 0,
) -> Path:
    """Random weights, so it writes nonsense; `nan` makes its logits no numbers, `pooling` an embedding model of it.

    `aborts`: llama.cpp ends the process while it loads the file (more experts than it can count, in 0.3.36).
    """
    random = np.random.default_rng(seed)
    tokens = [*SPECIALS, *byte_tokens()]
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_type(kind)
    writer.add_name(name)
    writer.add_license("apache-2.0")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(FEED)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_dimension_count(width // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    if parts > 1:
        writer.add_uint16("split.count", parts)
    if aborts:
        writer.add_expert_count(100_000)
    if pooling is not None:
        writer.add_pooling_type(gguf.PoolingType(pooling))
    if tokenizer:
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("gpt-2")
        writer.add_token_list(tokens)
        writer.add_token_types([gguf.TokenType.CONTROL] * len(SPECIALS) + [gguf.TokenType.NORMAL] * 256)
        writer.add_token_merges(["Ġ Ġ"])
        writer.add_bos_token_id(0)
        writer.add_eos_token_id(1)
        writer.add_eot_token_id(3)
        if template:
            writer.add_chat_template(template)

    def add(key: str, *shape: int) -> None:
        writer.add_tensor(key, random.normal(0, 0.2, shape).astype(np.float32))

    add("token_embd.weight", len(tokens), width)
    last = np.full(width, np.nan if nan else 1.0, dtype=np.float32)
    writer.add_tensor("output_norm.weight", last)
    for layer in range(layers):
        ones = np.ones(width, dtype=np.float32)
        writer.add_tensor(f"blk.{layer}.attn_norm.weight", ones)
        writer.add_tensor(f"blk.{layer}.ffn_norm.weight", ones)
        add(f"blk.{layer}.attn_q.weight", width, width)
        add(f"blk.{layer}.attn_k.weight", width // HEADS * KV_HEADS, width)
        add(f"blk.{layer}.attn_v.weight", width // HEADS * KV_HEADS, width)
        add(f"blk.{layer}.attn_output.weight", width, width)
        add(f"blk.{layer}.ffn_gate.weight", FEED, width)
        add(f"blk.{layer}.ffn_up.weight", FEED, width)
        add(f"blk.{layer}.ffn_down.weight", width, FEED)
    return _finish(writer, path)


def make_adapter(
    path: Path, *, layers: int = 2, width: int = WIDTH, architecture: str = "llama", halves: str = "ab"
) -> Path:
    """A LoRA of rank 4 on the queries of a model that `make_gguf` makes."""
    random = np.random.default_rng(1)
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_type("adapter")
    writer.add_name("Tiny Adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 8.0)
    for layer in range(layers):
        for half, shape in (("a", (4, width)), ("b", (width, 4))):
            if half in halves:
                values = random.normal(0, 0.1, shape).astype(np.float16)
                writer.add_tensor(f"blk.{layer}.attn_q.weight.lora_{half}", values)
    return _finish(writer, path)


def _finish(writer: gguf.GGUFWriter, path: Path) -> Path:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
