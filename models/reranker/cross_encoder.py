"""Runs a cross-encoder: query and text are read together, which tells more than comparing their vectors."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from models.encoder.trunk import find_cuda
from models.understanding.choice import read_card

MAX_TOKENS = 512


class CrossEncoder:
    """A loaded reranker: torch in full precision on the processor, fp16 on CUDA."""

    def __init__(self, model: Any, tokenizer: Tokenizer, *, version: str, device: str, device_reason: str) -> None:
        self.version = version
        self.device = device
        self.device_reason = device_reason
        self._model = model
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, folder: Path, *, device: str = "auto") -> "CrossEncoder":
        """`device` is "auto", "cpu" or "cuda". Reads safetensors of the folder only and runs no code of it.

        Raises `ValueError` where weights of the model are missing, and what transformers raises for other faults.
        """
        import torch
        from transformers import AutoModelForSequenceClassification
        from transformers.utils import logging as transformers_logging

        found, why = (False, "as set") if device == "cpu" else find_cuda()
        if device == "cuda" and not found:
            raise RuntimeError(f"CUDA was asked for, but {why}")
        transformers_logging.disable_progress_bar()  # it would stand in the engine's log and before error sentences
        place = "cuda" if found else "cpu"
        model, told = AutoModelForSequenceClassification.from_pretrained(
            folder,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float16 if found else torch.float32,
            output_loading_info=True,
        )
        if missing := sorted(told["missing_keys"]):  # transformers would go on with random numbers in their place
            raise ValueError(f"the files lack {len(missing)} weights, among them {missing[0]}")
        version = f"{folder.name}-{read_card(folder).get('version', '0')}"
        tokenizer = _tokenizer(folder, model.config)
        reason = why if found else f"CPU (torch): {why}"
        return cls(model.to(place).eval(), tokenizer, version=version, device=place, device_reason=reason)

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """How likely each text answers the query, from 0 to 1."""
        import torch

        encoded = self._tokenizer.encode_batch([(_clean(query), _clean(text)) for text in texts])
        inputs = {
            "input_ids": [one.ids for one in encoded],
            "attention_mask": [one.attention_mask for one in encoded],
        }
        if getattr(self._model.config, "type_vocab_size", 0) > 1:
            inputs["token_type_ids"] = [one.type_ids for one in encoded]
        with torch.inference_mode():
            tensors = {name: torch.tensor(rows, device=self.device) for name, rows in inputs.items()}
            logits = self._model(**tensors).logits
            found: list[float] = torch.sigmoid(logits[:, 0].float()).tolist()
        return found


def _tokenizer(folder: Path, config: Any) -> Tokenizer:
    """The folder's own, cutting the longer of query and text to what the model can read."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    pad = getattr(config, "pad_token_id", None) or 0
    tokenizer.enable_padding(pad_id=pad, pad_token=tokenizer.id_to_token(pad) or "[PAD]")
    tokenizer.enable_truncation(_most_tokens(config, pad), strategy="longest_first")
    return tokenizer


def _most_tokens(config: Any, pad: int) -> int:
    """RoBERTa and its kin count positions from behind the padding's number."""
    positions = getattr(config, "max_position_embeddings", None) or MAX_TOKENS
    kin = any(name in str(config.model_type) for name in ("roberta", "camembert"))
    return min(MAX_TOKENS, positions - (pad + 1 if kin else 0))


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
