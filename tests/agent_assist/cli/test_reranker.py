"""A reranker joins by the command, scores in the real engine process, and leaves by the command."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent_assist.domain.events import EngineState, EngineStateChanged
from agent_assist.engine.local import local_engine
from agent_assist.engine.protocol import Priority
from agent_assist.engine.registry import ModelRegistry
from agent_assist.errors import EngineUnavailableError
from models.reranker.choice import chosen_reranker
from tests.helpers.cross_encoder import make_cross_encoder

ROOT = Path(__file__).parents[3]
TEXTS = ["refund days", "the card", "退 款", "return", "how long"]


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    program = "from agent_assist.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, "--profile", str(folder / "profile"), "--json", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"AGENT_ASSIST_MODELS": str(folder / "models"), "PYTHONPATH": str(ROOT)},
    )


async def test_from_the_folder_to_scores_and_back(tmp_path: Path) -> None:
    own = make_cross_encoder(tmp_path / "Tiny Reranker")
    (own / "pytorch_model.bin").write_bytes(b"never read")
    added = json.loads(run(tmp_path, "models", "add", str(own)).stdout)
    assert (added["kind"], added["name"], added["active"]) == ("reranker", "tiny-reranker", True)
    assert {one.name for one in Path(added["path"]).iterdir()} == {
        "config.json",
        "model.json",
        "model.safetensors",
        "tokenizer.json",
    }
    verdicts = ModelRegistry(tmp_path / "models").verify()
    assert [one.ok for one in verdicts if one.kind == "reranker"] == [True]

    told: list[EngineStateChanged] = []
    engine = local_engine(tmp_path / "models")
    engine.on_state(lambda change: told.append(change) if change.model == "reranker" else None)
    await engine.start()
    try:
        scores = await engine.rerank("how long", TEXTS, priority=Priority.OPEN_TICKET)
        alone = [(await engine.rerank("how long", [text]))[0] for text in TEXTS]
    finally:
        await engine.close()
    assert scores == pytest.approx(alone, abs=1e-5)
    assert all(0 <= score <= 1 for score in scores)
    assert len({round(score, 4) for score in scores}) == len(TEXTS)
    assert [one.state for one in told] == [EngineState.STARTING, EngineState.LOADING, EngineState.READY]

    left = json.loads(run(tmp_path, "models", "use", "tiny-reranker", "--off").stdout)
    assert left["active"] is False
    assert chosen_reranker(tmp_path / "models") is None


async def test_one_whose_files_went_bad_fails_with_a_sentence(tmp_path: Path) -> None:
    folder = make_cross_encoder(tmp_path / "models" / "reranker" / "mine")
    (folder / "model.json").write_text('{"name": "mine", "kind": "reranker", "active": true}', encoding="utf-8")
    (folder / "model.safetensors").write_bytes(b"\x00" * 64)
    engine = local_engine(tmp_path / "models")
    await engine.start()
    try:
        with pytest.raises(EngineUnavailableError, match="reranker model failed to load"):
            await engine.rerank("how long", TEXTS)
        assert {one.name: one.state for one in await engine.status()}["reranker"] is EngineState.FAILED
    finally:
        await engine.close()


def test_a_folder_that_cannot_be_used_leaves_nothing_behind(tmp_path: Path) -> None:
    own = make_cross_encoder(tmp_path / "sentiment", labels=3)
    result = run(tmp_path, "models", "add", str(own))
    assert result.returncode != 0
    assert "3 labels" in result.stderr
    assert not (tmp_path / "models" / "reranker").exists()
