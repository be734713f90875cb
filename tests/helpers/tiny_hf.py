"""Hugging Face folders of a few kilobytes with random weights: models of four architectures, and a PEFT adapter."""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    Gemma3TextConfig,
    LlamaConfig,
    PreTrainedConfig,
    Qwen2Config,
    Qwen3Config,
)

from tests.helpers.tiny_gguf import CHATML

_TEXTS = ["可以退货吗？签收后9天内可以退货，运费由买家承担。", "Can I return it within nine days? The buyer pays."] * 20
_CONFIGS: dict[str, type[PreTrainedConfig]] = {
    "llama": LlamaConfig, "qwen2": Qwen2Config, "qwen3": Qwen3Config, "gemma3": Gemma3TextConfig,
}  # fmt: skip


def make_hf(folder: Path, architecture: str, **options: Any) -> Path:
    """A model that transformers loads, with a byte-level tokenizer and a chat template; returns `folder`."""
    torch.manual_seed(5)
    size = _make_tokenizer(folder)
    fields: dict[str, Any] = {
        "vocab_size": size, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 6,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "max_position_embeddings": 2048,
        "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1, "tie_word_embeddings": False,
    }  # fmt: skip
    if architecture == "gemma3":
        fields |= {"query_pre_attn_scalar": 16, "sliding_window": 512, "tie_word_embeddings": True}
    model = AutoModelForCausalLM.from_config(_CONFIGS[architecture](**(fields | options)))
    for name, weights in model.named_parameters():  # norms that do something, and biases that are there
        if name.endswith(("norm.weight", "bias")):
            torch.nn.init.normal_(weights, 0.1 if "bias" in name else weights.mean().item(), 0.1)
        else:
            torch.nn.init.normal_(weights, 0, 0.15)
    model.save_pretrained(folder)
    return folder


def _make_tokenizer(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(one, special=True) for one in ("<s>", "</s>", "<|im_start|>", "<|im_end|>")]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=320, special_tokens=special, initial_alphabet=alphabet)
    tokenizer.train_from_iterator(_TEXTS, trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"bos_token": "<s>", "eos_token": "</s>", "add_bos_token": False, "chat_template": CHATML}
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    return int(tokenizer.get_vocab_size())


def make_lora(folder: Path, base: Path, **options: Any) -> Path:
    """A PEFT adapter on the queries, keys and feed-forward layers of the model in `base`, with random halves."""
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(6)
    model = AutoModelForCausalLM.from_pretrained(base)
    fields: dict[str, Any] = {"r": 4, "lora_alpha": 6, "target_modules": ["q_proj", "k_proj", "down_proj"]}
    adapted = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **(fields | options)))
    for name, weights in adapted.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weights, 0, 0.2)
    adapted.save_pretrained(str(folder))
    return folder
