"""A user's reply model from the command line: tried before it is taken, named, chosen, removed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.chat_server import ChatServer, chat_server
from tests.helpers.tiny_gguf import CHATML, make_adapter, make_gguf
from tests.helpers.tiny_hf import make_hf, make_lora

ROOT = Path(__file__).parents[3]


def run(folder: Path, *arguments: str, as_json: bool = True) -> "subprocess.CompletedProcess[str]":
    program = "from agent_assist.cli.main import main; main()"
    options = ["--profile", str(folder / "profile"), *(["--json"] if as_json else [])]
    return subprocess.run(
        [sys.executable, "-c", program, *options, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"AGENT_ASSIST_MODELS": str(folder / "models"), "PYTHONPATH": str(ROOT)},
    )


def listed(folder: Path) -> dict[str, bool]:
    rows = [json.loads(line) for line in run(folder, "models", "list").stdout.splitlines()]
    return {row["name"]: row["active"] for row in rows if not row["shipped"]}


def test_a_model_and_its_adapter_join_and_leave(tmp_path: Path) -> None:
    own = make_gguf(tmp_path / "own.gguf")
    added = run(tmp_path, "models", "add", str(own), "--name", "Mine", as_json=False)
    assert "Added the reply mine; it is used from the next start on." in added.stdout
    assert "Note: it has no chat template" in added.stderr
    lora = json.loads(run(tmp_path, "models", "add", str(make_adapter(tmp_path / "lora.gguf"))).stdout)
    assert (lora["kind"], lora["base"]) == ("adapter", "mine")
    assert listed(tmp_path) == {"mine": False, "tiny-adapter": True}
    refused = run(tmp_path, "models", "remove", "mine")
    assert refused.returncode != 0
    assert "tiny-adapter cannot be used without mine" in refused.stderr
    assert run(tmp_path, "models", "remove", "tiny-adapter").returncode == 0
    assert run(tmp_path, "models", "use", "mine").returncode == 0
    assert listed(tmp_path) == {"mine": True}


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"aborts": True}, "crashed over own.gguf"), ({"pooling": 1}, "embedding"), ({"nan": True}, "no numbers")],
)
def test_one_that_cannot_be_used_changes_nothing(tmp_path: Path, fields: dict[str, bool], told: str) -> None:
    own = make_gguf(tmp_path / "own.gguf", **fields)  # type: ignore[arg-type]
    result = run(tmp_path, "models", "add", str(own))
    assert result.returncode != 0
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert listed(tmp_path) == {}


def test_an_adapter_for_another_model_is_refused_before_it_is_chosen(tmp_path: Path) -> None:
    run(tmp_path, "models", "add", str(make_gguf(tmp_path / "own.gguf", template=CHATML)), "--name", "mine")
    result = run(tmp_path, "models", "add", str(make_adapter(tmp_path / "lora.gguf", layers=9)))
    assert result.returncode != 0
    assert "trained on another model" in result.stderr
    assert listed(tmp_path) == {"mine": True}


def test_a_server_is_asked_first_and_its_key_is_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_ASSIST_REPLY_KEY", "k-very-secret")
    with chat_server(ChatServer(key="k-very-secret")) as server:
        added = json.loads(run(tmp_path, "models", "add", server.url, "--name", "lan").stdout)
    assert (added["kind"], added["name"], added["active"], added["base"]) == ("server", "lan", True, server.url)
    assert listed(tmp_path) == {"lan": True}
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"k-very-secret" not in path.read_bytes()
    gone = run(tmp_path, "models", "add", server.url, "--name", "gone")
    assert gone.returncode != 0
    assert "does not answer" in gone.stderr
    assert run(tmp_path, "models", "remove", "lan").returncode == 0
    assert listed(tmp_path) == {}


def test_a_public_address_is_refused_without_a_word(tmp_path: Path) -> None:
    result = run(tmp_path, "models", "add", "http://192.0.2.1.example.invalid:1/v1")
    assert result.returncode != 0
    assert "not known on this network" in result.stderr
    result = run(tmp_path, "models", "add", "http://8.8.8.8:1/v1")
    assert result.returncode != 0
    assert "--allow-public" in result.stderr


def test_folders_of_hugging_face_s_become_models_and_adapters(tmp_path: Path) -> None:
    folder = make_hf(tmp_path / "Shop Llama", "llama")
    added = json.loads(run(tmp_path, "models", "add", str(folder)).stdout)
    assert (added["kind"], added["name"]) == ("reply", "shop-llama")
    assert {one.name for one in Path(added["path"]).iterdir()} == {"model.gguf", "model.json"}
    lora = json.loads(run(tmp_path, "models", "add", str(make_lora(tmp_path / "tone", folder))).stdout)
    assert (lora["kind"], lora["name"], lora["base"]) == ("adapter", "tone", "shop-llama")
    assert listed(tmp_path) == {"shop-llama": False, "tone": True}
    assert [one.name for one in (tmp_path / "models").iterdir()] == ["reply"]  # nothing of the work is left
