"""What the build refuses, and what a built encoder does."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertModel

from models.encoder.build import build_encoder
from models.encoder.packed import PackedEncoder
from models.encoder.tokens import TextEncoder, pad
from models.encoder.trunk import OnnxTrunk, TorchTrunk
from models.encoder.vocabulary import kept_pieces
from models.sources import EncoderSource, SourceMismatchError, encoder_source
from tests.helpers.models import models_dir

TEXTS = ["我的快递三天没动了，帮我催一下", "The zip on my backpack broke after two days", "GF2611020017 到哪了？"]


def nothing(task: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


def test_a_changed_source_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    pinned = encoder_source()
    changed = EncoderSource(
        package=pinned.package,
        version=pinned.version,
        name=pinned.name,
        base=pinned.base,
        license=pinned.license,
        files=dict.fromkeys(pinned.files, "0" * 64),
    )
    with pytest.raises(SourceMismatchError, match="Reinstall"):
        build_encoder(tmp_path, nothing, source=changed)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.models
def test_a_built_encoder_is_left_alone() -> None:
    folder = build_encoder(models_dir(), nothing)
    before = (folder / "model.int8.onnx").stat().st_mtime_ns
    build_encoder(models_dir(), nothing)
    assert (folder / "model.int8.onnx").stat().st_mtime_ns == before


@pytest.mark.models
def test_int8_and_cut_vocabulary_keep_the_vectors(packed: PackedEncoder) -> None:
    folder = models_dir() / "encoder" / encoder_source().name
    tokens = TextEncoder(folder / "tokenizer.json")
    ids, mask = pad([tokens.encode(text, prefix="query: ") for text in TEXTS])
    int8 = OnnxTrunk(folder, reason="").run(ids, mask)
    cut = TorchTrunk(folder, reason="", device="cpu").run(ids, mask)
    assert _cosine(int8.pooled, cut.pooled).min() > 0.999
    assert _cosine(int8.middle[mask > 0], cut.middle[mask > 0]).min() > 0.99
    # The uncut model: the same trunk over the whole vocabulary, with each piece at its old place.
    whole = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32).eval()
    table = packed.matrix("emb.word", packed.shape.vocabulary, packed.shape.hidden).dense()
    whole.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(torch.from_numpy(table))
    old_ids = torch.from_numpy(kept_pieces(packed.vocabulary)[ids])
    with torch.inference_mode():
        hidden = whole(old_ids, attention_mask=torch.from_numpy(mask)).last_hidden_state.numpy()
    pooled = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
    assert _cosine(cut.pooled, pooled).min() > 0.9999


def _cosine(a: np.ndarray, b: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    return (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)
