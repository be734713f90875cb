"""Folders of Hugging Face's as GGUF: the same tokens become likely, or the folder is refused with what to do."""

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

from models.errors import UnusableModelError
from models.inspect import inspect
from models.reply.converting.lora import convert_lora
from models.reply.converting.model import convert_model
from models.reply.converting.settings import ModelSettings, rope_factors
from models.reply.gguf_file import check_adapter, read_head
from models.reply.runtime import Runtime
from tests.helpers.tiny_gguf import make_gguf
from tests.helpers.tiny_hf import make_hf, make_lora

TEXT = "可以退货吗？Can I return it within nine days?"


def ours(model: Path, adapter: Path | None = None) -> np.ndarray[Any, Any]:
    runtime = Runtime(model, adapter=adapter, context=256, threads=1, gpu_layers=0)
    runtime.prefill(runtime.vocabulary.tokenize(TEXT), should_stop=lambda: False)
    logits = torch.from_numpy(runtime.logits().copy()).log_softmax(-1).numpy()
    runtime.close()
    return np.asarray(logits)


def theirs(folder: Path, model: Any = None) -> np.ndarray[Any, Any]:
    tokens = Tokenizer.from_file(str(folder / "tokenizer.json")).encode(TEXT, add_special_tokens=False).ids
    model = model or AutoModelForCausalLM.from_pretrained(folder)
    with torch.inference_mode():
        return np.asarray(model(torch.tensor([tokens])).logits[0, -1].log_softmax(-1).numpy())


@pytest.mark.parametrize(
    ("architecture", "options"),
    [
        ("llama", {}),
        ("llama", {"tie_word_embeddings": True}),
        (
            "llama",
            {
                "rope_parameters": {
                    "rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
                    "high_freq_factor": 4.0, "original_max_position_embeddings": 64,
                }
            },
        ),
        ("qwen2", {}),
        ("qwen3", {}),
        ("gemma3", {}),
    ],
)  # fmt: skip
def test_a_converted_model_means_the_same(tmp_path: Path, architecture: str, options: dict[str, Any]) -> None:
    folder = make_hf(tmp_path / "hf", architecture, **options)
    target = tmp_path / "model.gguf"
    assert convert_model(folder, target) == ""
    assert np.abs(ours(target) - theirs(folder)).max() < 0.05
    head = read_head(target)
    assert head.architecture == architecture
    assert "<|im_start|>" in head.text("tokenizer.chat_template")
    assert inspect(target)["kind"] == "reply"


def test_a_conversion_that_changes_the_meaning_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_hf(tmp_path / "hf", "llama")
    monkeypatch.setattr("models.reply.converting.model.permuted", lambda name, values, heads, kv_heads: values)
    with pytest.raises(UnusableModelError, match="does not mean the same"):
        convert_model(folder, tmp_path / "model.gguf")


def test_a_tokenizer_that_llama_cpp_splits_otherwise_is_refused(tmp_path: Path) -> None:
    folder = make_hf(tmp_path / "hf", "llama")
    content = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    split = {"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated", "invert": False}
    content["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [split, content["pre_tokenizer"]]}
    (folder / "tokenizer.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UnusableModelError, match="splits texts otherwise"):
        convert_model(folder, tmp_path / "model.gguf")


def test_little_memory_leaves_the_comparison_out_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_hf(tmp_path / "hf", "llama")
    monkeypatch.setattr("models.reply.converting.model.free_ram", lambda: 1000)
    assert "not the memory to compare" in convert_model(folder, tmp_path / "model.gguf")


def edit(folder: Path, **fields: Any) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8")) | fields
    path.write_text(json.dumps({name: value for name, value in config.items() if value is not None}), encoding="utf-8")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"architectures": ["MambaForCausalLM"]}, "is of MambaForCausalLM"),
        ({"architectures": ["Gemma3ForConditionalGeneration"]}, "is of Gemma3ForConditionalGeneration"),
        ({"quantization_config": {"bits": 4}}, "quantization_config"),
        ({"rope_parameters": {"rope_type": "yarn", "factor": 4.0}}, "positions scaled by yarn"),
        ({"attention_bias": True}, "attention_bias"),
        ({"auto_map": {"AutoModel": "x.Y"}}, "code of its own"),
        ({"rms_norm_eps": None}, "lacks rms_norm_eps"),
    ],
)
def test_what_is_not_converted_here_says_what_to_do(tmp_path: Path, fields: dict[str, Any], told: str) -> None:
    folder = make_hf(tmp_path / "hf", "llama")
    assert inspect(folder)["convert"] is True
    edit(folder, **fields)
    with pytest.raises(UnusableModelError, match=told):
        inspect(folder)


def test_weights_that_are_no_numbers_or_too_large_are_refused(tmp_path: Path) -> None:
    folder = make_hf(tmp_path / "hf", "llama")
    weights = load_file(folder / "model.safetensors")
    name = "model.layers.0.mlp.up_proj.weight"
    for value, told in ((float("nan"), "no numbers"), (1e6, "too large")):
        weights[name][0, 0] = value
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        with pytest.raises(UnusableModelError, match=told):
            convert_model(folder, tmp_path / "model.gguf")


def test_frequencies_of_llama_3_are_divided_as_meta_does() -> None:
    rope = {
        "rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192,
    }  # fmt: skip
    config = {"hidden_size": 2048, "num_attention_heads": 32, "head_dim": 64, "rope_parameters": rope}
    factors = rope_factors(ModelSettings(architecture=gguf.MODEL_ARCH.LLAMA, config=config))
    assert factors is not None
    assert factors[0] == 1
    assert factors[-1] == 8
    assert (np.diff(factors) >= 0).all()
    # transformers' own computation of the same
    from transformers import LlamaConfig
    from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

    scaled, _ = ROPE_INIT_FUNCTIONS["llama3"](
        LlamaConfig(hidden_size=2048, num_attention_heads=32, head_dim=64, rope_parameters=dict(rope)), "cpu"
    )
    plain = 1 / 500000.0 ** (np.arange(0, 64, 2) / 64)
    assert np.allclose(plain / factors, scaled.numpy(), rtol=1e-4)


# -- adapters -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("architecture", ["llama", "qwen3", "gemma3"])
@pytest.mark.parametrize(
    "options", [{}, {"use_rslora": True}, {"alpha_pattern": {"q_proj": 20}, "rank_pattern": {"k_proj": 2}}]
)
def test_a_peft_adapter_does_the_same_as_in_peft(tmp_path: Path, architecture: str, options: dict[str, Any]) -> None:
    from peft import PeftModel

    folder = make_hf(tmp_path / "hf", architecture)
    model = tmp_path / "base" / "model.gguf"
    model.parent.mkdir()
    convert_model(folder, model)
    lora = make_lora(tmp_path / "lora", folder, **options)
    adapter = tmp_path / "adapter.gguf"
    head = read_head(model)
    convert_lora(lora, adapter, head)
    check_adapter(read_head(adapter), head)
    adapted = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(folder), str(lora))
    wanted, found = theirs(folder, adapted), ours(model, adapter)
    assert np.abs(found - wanted).max() < 0.1
    assert np.abs(found - theirs(folder)).max() > 0.5  # and that is not what the base does


@pytest.mark.parametrize(
    ("options", "told"),
    [({"use_dora": True}, "DoRA"), ({"bias": "all"}, "biases"), ({"modules_to_save": ["lm_head"]}, "whole layers")],
)
def test_more_than_lora_is_refused(tmp_path: Path, options: dict[str, Any], told: str) -> None:
    folder = make_lora(tmp_path / "lora", make_hf(tmp_path / "hf", "llama"), **options)
    with pytest.raises(UnusableModelError, match=told):
        inspect(folder)


def test_an_adapter_for_more_layers_is_refused(tmp_path: Path) -> None:
    lora = make_lora(tmp_path / "lora", make_hf(tmp_path / "hf", "llama"))
    base = read_head(make_gguf(tmp_path / "base" / "model.gguf", layers=2))
    with pytest.raises(UnusableModelError, match="trained on another model"):
        convert_lora(lora, tmp_path / "a.gguf", base)
