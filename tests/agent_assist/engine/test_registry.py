"""The registry: what is there, whether it is whole, and how a user's own models join."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agent_assist.engine.registry import Inspection, ModelRegistry, sha256_of
from agent_assist.errors import InputError, NotFoundError

ROOT = Path(__file__).parents[3]


def make_model(models: Path, kind: str, name: str, *, active: bool = False) -> Path:
    folder = models / kind / name
    folder.mkdir(parents=True)
    (folder / "model.gguf").write_bytes(b"GGUF" + name.encode())
    card = {"name": name, "kind": kind, "active": active, "extra": 1}
    card["files"] = {"model.gguf": sha256_of(folder / "model.gguf")}
    (folder / "model.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def names(registry: ModelRegistry, *, active: bool = False) -> set[str]:
    return {one.name for one in registry.list() if not one.shipped and (one.active or not active)}


def test_lists_what_is_built_and_what_ships(tmp_path: Path) -> None:
    make_model(tmp_path, "reply", "starter")
    found = ModelRegistry(tmp_path).list()
    assert {(one.kind, one.shipped) for one in found} >= {("reply", False), ("heads", True), ("adapter", True)}
    assert all(one.size > 0 for one in found)


def test_a_changed_or_missing_file_is_found(tmp_path: Path) -> None:
    changed = make_model(tmp_path, "reply", "changed")
    missing = make_model(tmp_path, "reply", "missing")
    make_model(tmp_path, "reply", "whole")
    (changed / "model.gguf").write_bytes(b"GGUFother")
    (missing / "model.gguf").unlink()
    verdicts = {one.name: one for one in ModelRegistry(tmp_path).verify()}
    assert not verdicts["changed"].ok
    assert "missing" in verdicts["missing"].problems[0]
    assert verdicts["whole"].ok


def test_shipped_models_are_as_pinned(tmp_path: Path) -> None:
    verdicts = ModelRegistry(tmp_path).verify()
    assert {one.kind for one in verdicts} == {"heads", "adapter", "evidence"}
    assert [one for one in verdicts if not one.ok] == []


def test_an_added_reply_model_is_used_and_can_be_left_again(tmp_path: Path) -> None:
    make_model(tmp_path / "models", "reply", "starter")
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUFmine")
    registry = ModelRegistry(tmp_path / "models")
    added = registry.add(own, Inspection(kind="reply", name="mine"))
    assert (added.active, added.kind) == (True, "reply")
    assert Path(added.path, "model.gguf").read_bytes() == b"GGUFmine"
    assert names(registry, active=True) == {"mine"}
    registry.activate("starter")
    assert names(registry, active=True) == {"starter"}
    card = json.loads((tmp_path / "models" / "reply" / "starter" / "model.json").read_text(encoding="utf-8"))
    assert card["extra"] == 1  # what others wrote into the card stays


def test_an_adapter_belongs_to_the_reply_model_in_use(tmp_path: Path) -> None:
    make_model(tmp_path / "models", "reply", "starter")
    own = tmp_path / "lora.gguf"
    own.write_bytes(b"GGUFlora")
    added = ModelRegistry(tmp_path / "models").add(own, Inspection(kind="adapter", name="mine", architecture="gemma3"))
    assert added.base == "starter"
    assert Path(added.path).parent.name == "reply"


def test_an_encoder_without_heads_does_not_displace_the_one_in_use(tmp_path: Path) -> None:
    folder = tmp_path / "hf"
    folder.mkdir()
    (folder / "config.json").write_text("{}", encoding="utf-8")
    registry = ModelRegistry(tmp_path / "models")
    assert not registry.add(folder, Inspection(kind="encoder", name="other")).active
    with pytest.raises(InputError, match="heads"):
        registry.activate("other")


def test_a_name_that_is_taken_leaves_everything_as_it_is(tmp_path: Path) -> None:
    make_model(tmp_path / "models", "reply", "starter")
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUFmine")
    registry = ModelRegistry(tmp_path / "models")
    with pytest.raises(InputError, match="there already"):
        registry.add(own, Inspection(kind="reply", name="starter"))
    assert [one.ok for one in registry.verify() if one.kind == "reply"] == [True]
    assert [path.name for path in (tmp_path / "models" / "reply").iterdir()] == ["starter"]


def test_a_reranker_can_be_left_and_used_again_and_is_the_only_kind_that_can(tmp_path: Path) -> None:
    make_model(tmp_path, "reply", "starter", active=True)
    make_model(tmp_path, "reranker", "mine", active=True)
    registry = ModelRegistry(tmp_path)
    assert not registry.deactivate("mine").active
    assert names(registry, active=True) == {"starter"}
    assert registry.activate("mine").active
    with pytest.raises(InputError, match="has to be in use"):
        registry.deactivate("starter")
    with pytest.raises(NotFoundError, match="models list"):
        registry.deactivate("nobody")
    assert names(registry, active=True) == {"starter", "mine"}


def test_an_unknown_name_is_not_activated(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="models list"):
        ModelRegistry(tmp_path).activate("nobody")


def test_a_broken_card_names_the_way_out(tmp_path: Path) -> None:
    folder = make_model(tmp_path, "reply", "broken")
    (folder / "model.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="models build"):
        ModelRegistry(tmp_path).list()


def test_a_taken_name_comes_with_one_that_is_free_and_another_name_is_taken_up(tmp_path: Path) -> None:
    registry = ModelRegistry(tmp_path / "models")
    own = tmp_path / "own.gguf"
    for content, name in ((b"GGUFone", ""), (b"GGUFtwo", "shop-2")):
        own.write_bytes(content)
        registry.add(own, Inspection(kind="reply", name="shop", version="1"), name=name)
    assert names(registry) == {"shop", "shop-2"}
    assert names(registry, active=True) == {"shop-2"}
    with pytest.raises(InputError, match="--name shop-3"):
        registry.add(own, Inspection(kind="reply", name="Shop"))
    registry.activate("shop")
    assert names(registry, active=True) == {"shop"}


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "..", ".hidden", "a/b"])
def test_a_name_stays_inside_the_folder(tmp_path: Path, name: str) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUFmine")
    added = ModelRegistry(tmp_path / "models").add(own, Inspection(kind="reply", name="x"), name=name)
    assert Path(added.path).resolve().parent == (tmp_path / "models" / "reply").resolve()


def test_a_removed_model_is_gone_and_what_came_with_the_program_stays(tmp_path: Path) -> None:
    registry = ModelRegistry(tmp_path / "models")
    built = make_model(tmp_path / "models", "reply", "starter")
    card = json.loads((built / "model.json").read_text(encoding="utf-8"))
    (built / "model.json").write_text(json.dumps(card | {"made_by": "models.reply.build from x"}), encoding="utf-8")
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUFmine")
    registry.add(own, Inspection(kind="reply", name="mine"))
    registry.add(own, Inspection(kind="adapter", name="lora", base="mine"))
    with pytest.raises(InputError, match="lora cannot be used without mine"):
        registry.remove("mine")
    assert registry.remove("lora").active
    registry.remove("mine")
    assert names(registry) == {"starter"}
    assert [path.name for path in (tmp_path / "models" / "reply").iterdir()] == ["starter"]
    for name in ("starter", "reply-starter"):
        with pytest.raises(InputError, match="came with the program"):
            registry.remove(name)
    with pytest.raises(NotFoundError):
        registry.remove("mine")


def test_a_full_disk_is_noticed_before_anything_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUFmine")
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 150_000_000})())
    with pytest.raises(InputError, match="not enough room"):
        ModelRegistry(tmp_path / "models").add(own, Inspection(kind="reply", name="mine"))
    assert not (tmp_path / "models" / "reply" / "mine").exists()


COPIES = """
import os, sys
from pathlib import Path
from agent_assist.engine.registry import Inspection, ModelRegistry
def report(done, total):
    if done > total // 2:
        os.kill(os.getpid(), 9)
ModelRegistry(Path(sys.argv[1])).add(Path(sys.argv[2]), Inspection(kind="reply", name="mine"), progress=report)
"""


def test_a_kill_in_the_midst_of_copying_leaves_nothing_that_is_used(tmp_path: Path) -> None:
    models, own = tmp_path / "models", tmp_path / "own.gguf"
    own.write_bytes(b"GGUF" + bytes(6_000_000))
    child = subprocess.run([sys.executable, "-c", COPIES, str(models), str(own)], cwd=ROOT, check=False)
    assert child.returncode == -9
    registry = ModelRegistry(models)
    assert names(registry) == set()
    assert [path.name[:5] for path in (models / "reply").glob(".new-*")] == [".new-"]  # half a copy, swept out next
    registry.add(own, Inspection(kind="reply", name="mine"))
    assert names(registry, active=True) == {"mine"}
    assert [one.ok for one in registry.verify() if one.name == "mine"] == [True]
    assert [path.name for path in (models / "reply").iterdir()] == ["mine"]
