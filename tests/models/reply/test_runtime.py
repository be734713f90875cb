"""Files that llama.cpp cannot load are refused in a sentence, and nothing is printed."""

from pathlib import Path

import pytest

from models.reply.runtime import ModelLoadError, Runtime


def test_a_file_that_is_no_model_is_refused_quietly(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"no model at all" * 100)
    with pytest.raises(ModelLoadError, match="not a model"):
        Runtime(path, adapter=None, context=256, threads=1, gpu_layers=0)
    assert capfd.readouterr().err == ""


def test_a_missing_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="agent-assist models build"):
        Runtime(tmp_path / "model.gguf", adapter=None, context=256, threads=1, gpu_layers=0)
