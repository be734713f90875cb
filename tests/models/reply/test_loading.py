"""A chosen model that cannot be used never stops the drafts: the starter writes, with the reason."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent_assist.domain.events import EngineState
from agent_assist.domain.tickets import Role
from agent_assist.engine.api import DraftOrder
from agent_assist.engine.local import local_engine
from agent_assist.engine.protocol import Draft, DraftDone, Turn
from models.errors import NoMemoryError
from models.reply.choice import STARTER
from models.reply.loading import ReplyModels
from models.reply.runtime import ModelLoadError
from models.reply.trial import DEATHS_FILE, Trials
from models.reply.types import DraftStats
from tests.helpers.models import models_dir
from tests.helpers.tiny_gguf import CHATML, make_adapter, make_gguf

ROOT = Path(__file__).parents[3]
REQUEST = Draft(id="1", language="en", thread=[Turn(role=Role.CUSTOMER, text="Hello?")], passages=[], max_tokens=8)


def install(models: Path, name: str, *, active: bool = False, kind: str = "reply", **fields: object) -> Path:
    folder = models / "reply" / name
    if kind == "adapter":
        make_adapter(folder / "adapter.gguf", **fields)  # type: ignore[arg-type]
    else:
        make_gguf(folder / "model.gguf", **fields)  # type: ignore[arg-type]
    card = {"name": name, "kind": kind, "active": active, "base": STARTER}
    (folder / "model.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


@pytest.fixture
def models(tmp_path: Path) -> Path:
    # The shipped adapter is made for the real starter; of a stand-in nothing but the model itself is used.
    install(tmp_path, STARTER, seed=3, template=CHATML)
    return tmp_path


@pytest.fixture(autouse=True)
def no_shipped_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.reply.choice._starter_adapter", lambda base: None)


def write(found: ReplyModels, request: Draft = REQUEST) -> DraftStats:
    *_, last = found.draft(request, should_stop=lambda: False)
    assert isinstance(last, DraftStats)
    return last


def test_the_chosen_model_writes_where_it_can(models: Path) -> None:
    install(models, "mine", active=True, template=CHATML)
    found = ReplyModels(models)
    assert found.version == "mine"
    assert "cannot be used" not in found.device_reason
    assert "plain prompt" not in found.device_reason
    assert write(found).completion_tokens > 0
    found.close()


def cut(folder: Path) -> None:
    path = folder / "model.gguf"
    path.write_bytes(path.read_bytes()[:-5000])


def empty(folder: Path) -> None:
    (folder / "model.gguf").write_bytes(b"")


def other(folder: Path) -> None:
    (folder / "model.gguf").write_bytes(b"<html>not found</html>" * 50)


def gone(folder: Path) -> None:
    (folder / "model.gguf").unlink()


@pytest.mark.parametrize(
    ("spoil", "told"), [(cut, "cut off"), (empty, "is empty"), (other, "not a GGUF"), (gone, "is missing")]
)
def test_a_file_that_went_bad_leaves_the_drafts_to_the_starter(models: Path, spoil: object, told: str) -> None:
    spoil(install(models, "mine", active=True))  # type: ignore[operator]
    found = ReplyModels(models)
    assert found.version == STARTER
    assert found.device_reason.startswith(f"mine cannot be used, {STARTER} writes instead: ")
    assert told in found.device_reason
    assert write(found).text
    found.close()


def test_an_adapter_for_another_base_leaves_them_too(models: Path) -> None:
    install(models, "lora", active=True, kind="adapter", width=48)
    found = ReplyModels(models)
    assert found.version == STARTER
    assert "another size" in found.device_reason
    found.close()


def test_a_fitting_adapter_is_used(models: Path) -> None:
    install(models, "lora", active=True, kind="adapter")
    found = ReplyModels(models)
    assert found.version == f"{STARTER}+lora-0"
    found.close()


def test_weights_that_give_no_numbers_are_noticed(models: Path) -> None:
    install(models, "mine", active=True, nan=True)
    found = ReplyModels(models)
    assert found.version == STARTER
    assert "no numbers" in found.device_reason
    found.close()


def test_numbers_that_end_in_mid_work_hand_the_draft_to_the_starter(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(models, "mine", active=True)
    found = ReplyModels(models)
    assert found.version == "mine"
    from models.reply import runtime as module

    real = module.Runtime.logits
    monkeypatch.setattr(
        module.Runtime, "logits", lambda self, back=1: real(self, back) * bad.pop() if bad else real(self, back)
    )
    bad = [float("nan")]
    stats = write(found)
    assert found.version == STARTER
    assert stats.text
    found.close()


def test_a_broken_starter_is_said_and_not_tried_for_ever(models: Path) -> None:
    cut(models / "reply" / STARTER)
    with pytest.raises(ModelLoadError, match="cut off"):
        ReplyModels(models)


def test_where_the_starter_fails_too_every_draft_is_refused_and_the_state_can_still_be_told(models: Path) -> None:
    install(models, "mine", active=True)
    found = ReplyModels(models)
    cut(models / "reply" / STARTER)
    found._now._runtime.prefill = fail  # type: ignore[method-assign]
    for _ in range(2):
        with pytest.raises(ModelLoadError):
            write(found)
    assert (found.version, found.device) == (STARTER, "")
    assert "mine cannot be used" in found.device_reason


def fail(*_: object, **__: object) -> None:
    raise NoMemoryError("no memory")


def test_a_model_without_a_template_is_used_and_said(models: Path) -> None:
    install(models, "mine", active=True)
    found = ReplyModels(models)
    assert found.device_reason.endswith("it has no chat template, so a plain prompt is used")
    found.close()


def test_a_message_of_thirty_thousand_tokens_and_an_endless_reply_are_bounded(models: Path) -> None:
    install(models, "mine", active=True, template=CHATML)
    found = ReplyModels(models)
    long = Draft(
        id="1", language="en", thread=[Turn(role=Role.CUSTOMER, text="Why? " * 6000)], passages=[], max_tokens=10**9
    )
    stats = write(found, long)
    assert stats.prompt_tokens <= 4096
    assert stats.completion_tokens <= 1024
    found.close()


DIES = """
import os, sys
from pathlib import Path
from models.reply.trial import Trials
t = Trials(Path(sys.argv[1]))
t.begin("v", int(sys.argv[2]))
"""


def die(models: Path, layers: int, *, how: str = "os._exit(3)") -> None:
    subprocess.run(
        [sys.executable, "-c", DIES + how, str(models), str(layers)],
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def test_deaths_are_counted_and_an_end_in_order_is_none(models: Path) -> None:
    assert Trials(models).died("v") is None
    die(models, 0, how="t.end()")
    die(models, 0, how="Trials(Path(sys.argv[1])).leave(); os._exit(0)")
    assert Trials(models).died("v") is None
    die(models, 12)
    die(models, 12, how="os.kill(os.getpid(), 9)")
    found = Trials(models).died("v")
    assert found is not None
    assert (found.deaths, found.gpu_layers) == (2, 12)
    die(models, 0)
    found = Trials(models).died("v")
    assert found is not None
    assert (found.deaths, found.gpu_layers) == (1, 0)
    assert not list((models / "reply").glob(".loading-*"))


def test_a_model_that_another_engine_is_loading_is_not_a_death(models: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", DIES + "print('ready', flush=True); sys.stdin.read()", str(models), "0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    child.stdout.readline()
    assert Trials(models).died("v") is None
    child.kill()
    child.wait()
    assert Trials(models).died("v") is not None


def test_a_folder_that_cannot_be_written_to_is_used_without_notes(tmp_path: Path) -> None:
    trials = Trials(tmp_path / "missing")
    trials.begin("v", 0)
    assert trials.died("v") is None
    trials.end()


@pytest.mark.models
async def test_a_model_that_kills_the_engine_is_left_after_two_deaths_and_the_draft_is_written(tmp_path: Path) -> None:
    """The real engine and starter, and a file over which llama.cpp really aborts."""
    (tmp_path / "reply").mkdir()
    (tmp_path / "reply" / STARTER).symlink_to(models_dir() / "reply" / STARTER)
    install(tmp_path, "killer", active=True, aborts=True)
    engine = local_engine(tmp_path)
    await engine.start()
    try:
        order = DraftOrder(language="en", thread=tuple(REQUEST.thread), passages=(), max_tokens=8)
        [*_, last] = [one async for one in engine.draft(order)]
        assert isinstance(last, DraftDone)
        assert last.model_version.startswith(STARTER)
        status = {one.name: one for one in await engine.status()}["reply"]
        assert status.state is EngineState.READY
        assert "The engine ended 2 times while it loaded killer" in status.detail
        assert "models use killer" in status.detail
    finally:
        await engine.close()
    assert json.loads((tmp_path / "reply" / DEATHS_FILE).read_text(encoding="utf-8"))["killer"]["deaths"] == 2
    # Choosing it anew is a wish to try again.
    os.utime(tmp_path / "reply" / "killer" / "model.json")
    assert Trials(tmp_path).died("killer") is None
