"""A models folder with two tiny encoders and a quick configuration."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from models.training.artefact.export import encoder_weights, export_trunk
from models.training.config import TrainConfig
from models.training.encoders import find_encoder
from models.training.nets.bert import load_bert
from tests.models.training.conftest import make_encoder


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`tiny` is built for running here, `other` is as people would bring it."""
    folder = tmp_path_factory.mktemp("models")
    make_encoder(folder / "encoder" / "other")
    source = find_encoder(folder, "other")
    bert = load_bert(source.folder, dropout=0.0)
    export_trunk(folder / "encoder" / "tiny", encoder_weights(bert.state_dict(), bert.config), source, version="1")
    return folder


def quick(**values: Any) -> TrainConfig:
    """Small steps on the tiny encoder."""
    usual: dict[str, Any] = {"encoder": "tiny", "trunk": "frozen", "precision": "fp32", "threads": 1, "batch": 16}
    return TrainConfig(**(usual | {"resamples": 10, "contrast": 0.0, "device": "cpu"} | values))


def silent(event: dict[str, Any]) -> None:
    assert "event" in event
