"""What a user's file is taken for."""

from pathlib import Path

import pytest

from models.inspect import UnusableModelError, inspect
from tests.helpers.tiny_gguf import CHATML, make_adapter, make_gguf


def test_a_gguf_is_a_reply_model_or_an_adapter(tmp_path: Path) -> None:
    found = inspect(make_gguf(tmp_path / "a.gguf", name="My Shop Model"))
    assert (found["kind"], found["name"], found["architecture"]) == ("reply", "my-shop-model", "llama")
    assert found["license"] == "apache-2.0"
    assert inspect(make_adapter(tmp_path / "b.gguf"))["kind"] == "adapter"


def test_what_is_to_be_known_of_a_model_is_told(tmp_path: Path) -> None:
    assert inspect(make_gguf(tmp_path / "a.gguf"))["notes"] == ["it has no chat template, so a plain prompt is used"]
    assert inspect(make_gguf(tmp_path / "b.gguf", template=CHATML))["notes"] == []
    [note] = inspect(make_gguf(tmp_path / "c.gguf", template="{% for"))["notes"]
    assert note == "its chat template cannot be used (TemplateSyntaxError), so a plain prompt is used"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"pooling": 1}, "embedding model"),
        ({"architecture": "nomic-bert"}, "embedding model"),
        ({"architecture": "clip"}, "sees pictures"),
        ({"kind": "mmproj"}, "sees pictures"),
        ({"kind": "imatrix"}, "importances"),
        ({"tokenizer": False}, "no vocabulary"),
        ({"context": 512}, "512 tokens at most"),
        ({"nan": True}, "no numbers"),
        ({"architecture": "unheard-of"}, "not a model that llama.cpp can load"),
        ({"parts": 3}, "one of 3 parts"),
    ],
)
def test_ggufs_that_cannot_write_are_refused_with_what_they_are(
    tmp_path: Path, fields: dict[str, object], told: str
) -> None:
    with pytest.raises(UnusableModelError, match=told):
        inspect(make_gguf(tmp_path / "x.gguf", **fields))  # type: ignore[arg-type]


def test_a_cut_off_file_is_refused(tmp_path: Path) -> None:
    path = make_gguf(tmp_path / "x.gguf")
    path.write_bytes(path.read_bytes()[:-4096])
    with pytest.raises(UnusableModelError, match="cut off"):
        inspect(path)


def test_an_adapter_is_held_against_the_model_it_is_for(tmp_path: Path) -> None:
    for name, width in (("wide", 48), ("narrow", 32)):
        make_gguf(tmp_path / "reply" / name / "model.gguf", width=width)
    adapter = make_adapter(tmp_path / "lora.gguf")
    found = inspect(adapter, tmp_path, "narrow")
    assert (found["base"], found["chat"]) == ("narrow", True)
    with pytest.raises(UnusableModelError, match="another size"):
        inspect(adapter, tmp_path, "wide")
    with pytest.raises(UnusableModelError, match="no reply model nobody"):
        inspect(adapter, tmp_path, "nobody")


def test_the_shipped_adapter_is_one() -> None:
    root = Path(__file__).parents[2]
    assert inspect(root / "resources/adapters/reply-starter/adapter.gguf")["kind"] == "adapter"


def test_an_encoder_folder(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type":"bert","architectures":["BertModel"]}', encoding="utf-8")
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"x")
    assert inspect(tmp_path)["kind"] == "encoder"


@pytest.mark.parametrize("content", [b"", b"not a model", b"GGUF\x03\x00broken"])
def test_other_files_are_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(content)
    with pytest.raises(UnusableModelError):
        inspect(path)


def test_a_generator_as_folder_is_told_how_to_join(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"architectures":["LlamaForCausalLM"]}', encoding="utf-8")
    with pytest.raises(UnusableModelError, match="GGUF"):
        inspect(tmp_path)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableModelError, match="does not exist"):
        inspect(tmp_path / "missing.gguf")
