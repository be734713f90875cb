"""Candidates, hints, tones, rewrites and summaries on the terminal, over the scripted engine."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agent_assist.cli import session
from agent_assist.cli.main import main
from agent_assist.composition import App, open_app
from agent_assist.engine.testing import ScriptedEngine
from tests.helpers.shop import open_shop, write_rows

Run = Callable[..., Result]
TEXT = "Your order ships on 3 May and costs $5."


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
async def shop(tmp_path: Path) -> None:
    async with open_shop(tmp_path):
        pass


@pytest.fixture
def run(tmp_path: Path, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch) -> Run:
    async def opened(profile: Path | None, *, passphrase: str | None = None) -> App:
        return await open_app(profile, passphrase=passphrase, engine=engine)

    monkeypatch.setattr(session, "open_app", opened)

    def runs(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["--profile", str(tmp_path / "profile"), *arguments])

    return runs


def record(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, result.output
    [line] = result.stdout.splitlines()
    return dict(json.loads(line))


@pytest.mark.usefixtures("shop")
def test_candidates_of_a_stored_ticket(run: Run, engine: ScriptedEngine) -> None:
    engine.answers.extend(["It costs $5.", "You pay $5 when you send it back, within 7 days."])
    told = record(run("--json", "suggest", "--ticket", "t-return", "--candidates", "2"))
    assert isinstance(told["candidates"], list)
    assert [one["draft"] for one in told["candidates"]] == ["It costs $5.", told["candidates"][1]["draft"]]
    assert told["draft"] == "It costs $5."
    assert told["no_other_answer"] is False
    shown = run("suggest", "--ticket", "t-return", "--candidates", "3")
    assert "t-return (1)" in shown.output
    assert "no other answer" in shown.output or "(3)" in shown.output


@pytest.mark.usefixtures("shop")
def test_a_hint_and_a_tone_for_rows_of_a_file(run: Run, engine: ScriptedEngine, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", [{"id": 1, "text": "What does return shipping cost me for a bag?"}])
    engine.answers.append("It ships on 3 May.")
    told = record(run("--json", "suggest", "--input", str(rows), "--hint", "it ships on 3 May", "--tone", "formal"))
    assert (told["id"], told["tone"], told["hint"]) == (1, "formal", "it ships on 3 May")
    assert told["unsupported"] == []
    assert (engine.orders[0].hint, engine.orders[0].tone) == ("it ships on 3 May", "formal")


@pytest.mark.usefixtures("shop")
def test_a_text_is_worded_anew(run: Run, engine: ScriptedEngine) -> None:
    engine.rewrites.extend(["Good news: it ships on 3 May and costs $6."] * 2)
    told = record(run("--json", "rewrite", "--text", TEXT, "--manner", "warm"))
    assert (told["original"], told["lost"], told["added"]) == (TEXT, ["$5"], ["$6"])
    shown = run("rewrite", "--text", TEXT, "--manner", "warm")
    assert "! lost: $5" in shown.output


@pytest.mark.usefixtures("shop")
def test_the_reply_to_a_ticket_is_worded_anew(run: Run, engine: ScriptedEngine) -> None:
    assert run("rewrite", "--ticket", "t-return", "--manner", "short").exit_code == 1
    engine.answers.append("Return shipping is $5.")
    assert run("suggest", "--ticket", "t-return").exit_code == 0
    told = record(run("--json", "rewrite", "--ticket", "t-return", "--manner", "short"))
    assert told["original"] == "Return shipping is $5."


@pytest.mark.usefixtures("shop")
def test_a_small_model_says_what_works(run: Run, engine: ScriptedEngine) -> None:
    engine.small = True
    engine.rewrites.append("It ships soon.")
    refused = run("--json", "rewrite", "--text", TEXT, "--manner", "short")
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert "too small" in refused.stderr
    assert "lost 3 May" in refused.stderr
    assert "agent-assist models add" in refused.stderr


@pytest.mark.usefixtures("shop")
def test_a_thread_is_summed_up_once(run: Run, engine: ScriptedEngine) -> None:
    told = record(run("--json", "summarise", "t-return"))
    assert {"problem", "done", "open", "next", "language", "ticket_version"} <= set(told)
    assert "problem" in run("summarise", "t-return").output
    assert len(engine.summary_orders) == 1
    assert run("summarise", "t-return", "--again").exit_code == 0
    assert len(engine.summary_orders) == 2
