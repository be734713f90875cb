"""What a user's file is taken for."""

from pathlib import Path

import gguf
import pytest

from models.inspect import UnusableModelError, inspect


def write_gguf(path: Path, *, kind: str = "model") -> Path:
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(kind)
    writer.add_name("My Shop Model")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_a_gguf_is_a_reply_model_or_an_adapter(tmp_path: Path) -> None:
    found = inspect(write_gguf(tmp_path / "a.gguf"))
    assert (found["kind"], found["name"], found["architecture"]) == ("reply", "my-shop-model", "llama")
    assert inspect(write_gguf(tmp_path / "b.gguf", kind="adapter"))["kind"] == "adapter"


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
