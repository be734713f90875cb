"""A correction on the command line is felt by the next command of the same profile."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.small_models import make_small_models

ROOT = Path(__file__).parents[3]
MESSAGE = "can the lid of my cup be engraved with a name"
TYPED = "Can the lid of my cup be engraved with a name?"
OTHER = "where is my parcel"


def run(profile: Path, models: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from agent_assist.cli.main import main; main()"]
    return subprocess.run(
        [*program, "--profile", str(profile), "--json", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"AGENT_ASSIST_MODELS": str(models), "PYTHONPATH": str(ROOT)},
        cwd=profile.parent,
    )


def lines(result: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def add_ticket(profile: Path, models: Path) -> Path:
    texts = {"t-1": MESSAGE, "t-2": TYPED, "t-3": OTHER}
    rows = profile.parent / "rows.jsonl"
    rows.write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items()))
    assert run(profile, models, "import", str(rows)).returncode == 0
    return rows


@pytest.mark.models
def test_what_is_corrected_is_understood_and_what_is_undone_is_not(tmp_path: Path) -> None:
    models, profile = make_small_models(tmp_path / "models"), tmp_path / "profile"
    rows = add_ticket(profile, models)

    def understood() -> dict[object, set[str]]:
        read = lines(run(profile, models, "understand", "--input", str(rows)))
        assert [one["in_scope"] for one in read][2:] == [True]
        return {one["id"]: {intent["label"] for intent in one["intents"]} for one in read}  # type: ignore[attr-defined]

    before = understood()
    assert before["t-3"] == {"logistics.track"}
    assert "shop.engraving" not in before["t-1"]
    refused = run(profile, models, "feedback", "intents", "t-1", "shop.engraving")
    assert refused.returncode == 1
    assert "--new" in refused.stderr
    [act] = lines(run(profile, models, "feedback", "intents", "t-1", "shop.engraving", "--new"))
    assert act["learned"]["held"] == 1  # type: ignore[index]
    after = understood()
    assert after == {"t-1": {"shop.engraving"}, "t-2": {"shop.engraving"}, "t-3": {"logistics.track"}}
    [learned] = lines(run(profile, models, "feedback", "learned"))
    assert (learned["ticket_id"], learned["intents"], learned["id"]) == ("t-1", ["shop.engraving"], act["id"])
    [undone] = lines(run(profile, models, "feedback", "undo", str(act["id"])))
    assert undone["learned"]["held"] == 0  # type: ignore[index]
    assert understood() == before


def test_without_models_a_correction_is_stored_and_a_sentence_says_when_it_is_learned(tmp_path: Path) -> None:
    models, profile = tmp_path / "no-models", tmp_path / "profile"
    add_ticket(profile, models)
    result = run(profile, models, "feedback", "intents", "t-1", "order.status")
    [act] = lines(result)
    assert "learned" not in act
    assert "learned when the models are there" in result.stderr
    [learned] = lines(run(profile, models, "feedback", "learned"))
    assert learned["intents"] == ["order.status"]
