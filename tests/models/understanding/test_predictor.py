"""A named model over many texts says what the program's reader says."""

from pathlib import Path

import numpy as np
import pytest

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import TextKind, Turn
from models.understanding.predictor import Predictor, find_model
from models.understanding.reader import Reader
from tests.helpers.models import models_dir

PAIRS = [
    ("", "我要退货，订单GF2611020017"),
    ("我要退货", "GF2611020017"),
    ("Do you have it in black?", "and in white?"),
    ("", "Write me a poem about autumn"),
    ("", "  "),
]


def silent(done: int, total: int) -> None:
    assert done <= total


@pytest.mark.models
def test_it_reads_as_the_reader_does() -> None:
    predictor = Predictor.load(models_dir(), "starter", device="cpu")
    reader = Reader.load(models_dir(), device="cpu")
    threads = [[Turn(role=Role.CUSTOMER, text=text) for text in pair if text] for pair in PAIRS]
    told, vectors = reader.understand(threads)
    predictions = predictor.predict([text for _, text in PAIRS], [before for before, _ in PAIRS], progress=silent)
    for one, other in zip(predictions, told, strict=True):
        assert one.told == tuple(intent.label for intent in other.intents)
        assert one.intents.max() == pytest.approx(other.intents[0].score)
        assert predictor.known.intents[int(one.intents.argmax())] == other.intents[0].label
        assert one.refused is not other.in_scope
        assert (one.sentiment, one.urgency) == (other.sentiment.label, other.urgency.label)
        assert one.entities == other.entities
    embedded = predictor.embed([text for _, text in PAIRS], TextKind.QUERY, progress=silent)
    assert np.allclose(embedded, vectors, atol=1e-5)


@pytest.mark.models
def test_an_encoder_alone_makes_vectors_and_knows_no_labels() -> None:
    predictor = Predictor.load(models_dir(), "e5-small-zh-en", device="cpu")
    assert predictor.known.intents == predictor.known.entities == ()
    assert np.allclose(
        np.linalg.norm(predictor.embed(["hi"], TextKind.PASSAGE, progress=silent), axis=1), 1.0, atol=1e-5
    )


def test_a_model_that_is_not_built_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="agent-assist models build"):
        find_model(tmp_path, "starter")
    with pytest.raises(FileNotFoundError, match="agent-assist models list"):
        find_model(tmp_path, "nobody")


def test_heads_stand_on_their_own_trunk_where_they_have_one(tmp_path: Path) -> None:
    heads = tmp_path / "heads" / "mine"
    for name in ("heads/mine/trunk/model.int8.onnx", "heads/mine/heads.safetensors", "encoder/base/model.int8.onnx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (heads / "model.json").write_text('{"encoder": "base"}', encoding="utf-8")
    assert find_model(tmp_path, "mine") == (heads, heads / "trunk") == find_model(tmp_path / "x", str(heads))
    (heads / "trunk" / "model.int8.onnx").unlink()
    (heads / "trunk").rmdir()
    assert find_model(tmp_path, "mine") == (heads, tmp_path / "encoder" / "base")
