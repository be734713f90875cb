"""The command line's contract, by the program itself, as far as no model is needed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.shop import open_shop

ROOT = Path(__file__).parents[3]
FORMATS = ROOT / "resources" / "samples" / "formats"


def run(profile: Path, *arguments: str, as_json: bool = True) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from agent_assist.cli.main import main; main()"]
    options = ["--profile", str(profile), *(["--json"] if as_json else [])]
    environment = os.environ | {"AGENT_ASSIST_MODELS": str(profile / "no-models"), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*program, *options, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=profile.parent,
    )


def lines(result: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_import_reports_and_is_idempotent(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    [first] = lines(run(profile, "import", str(FORMATS)))
    [second] = lines(run(profile, "import", str(FORMATS)))
    assert set(first) == {"imported", "duplicates", "rejected"}
    assert isinstance(first["imported"], int)
    assert first["imported"] > 20
    assert isinstance(first["rejected"], list)
    assert set(first["rejected"][0]) == {"file", "line", "reason"}
    assert second["imported"] == 0


def test_missing_file_is_reported_not_raised(tmp_path: Path) -> None:
    result = run(tmp_path / "profile", "import", str(tmp_path / "nothing.csv"))
    [report] = lines(result)
    assert report["imported"] == 0
    assert report["rejected"]


def test_exports_of_an_empty_log_are_empty_files(tmp_path: Path) -> None:
    for kind in ("sft", "preference", "intent", "entities"):
        out = tmp_path / f"{kind}.jsonl"
        [report] = lines(run(tmp_path / "profile", "feedback", "export", kind, "--out", str(out)))
        assert report["rows"] == 0
        assert out.read_bytes() == b""


def test_knowledge_is_indexed_and_found_by_words_without_models(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    articles = tmp_path / "articles.jsonl"
    articles.write_text('{"id":"x-1","title":"退款","text":"退款三天到账。"}\n', encoding="utf-8")
    [added] = lines(run(profile, "knowledge", "add", str(articles)))
    assert (added["added"], added["rejected"]) == (1, [])
    [listed] = lines(run(profile, "knowledge", "list"))
    assert listed["doc_id"] == "x-1"
    [found] = lines(run(profile, "knowledge", "search", "退款", "-k", "3"))
    assert found["hits"][0]["doc_id"] == "x-1"  # type: ignore[index]
    fields = {"rank", "score", "doc_id", "title", "passage", "start", "end", "relevant", "why"}
    assert set(found["hits"][0]) == fields  # type: ignore[index]


@pytest.mark.parametrize(
    "arguments",
    [
        ("understand", "--input", "missing.jsonl"),
        ("suggest", "--input", "missing.jsonl"),
        ("suggest",),
        ("suggest", "--ticket", "nobody"),
        ("suggest", "--ticket", "nobody", "--candidates", "3"),
        ("suggest", "--ticket", "nobody", "--tone", "rude"),
        ("rewrite", "--manner", "warm"),
        ("rewrite", "--text", "hello", "--manner", "loud"),
        ("rewrite", "--ticket", "nobody", "--manner", "warm"),
        ("rewrite", "--text", " ", "--manner", "warm"),
        ("rewrite", "--text", "hello there", "--manner", "translate", "--to", "en"),
        ("summarise", "nobody"),
        ("knowledge", "search"),
        ("feedback", "export", "everything", "--out", "x"),
        ("models", "add", "missing.gguf"),
        ("models", "use", "nobody"),
        ("feedback", "accept", "nobody"),
        ("feedback", "undo", "nothing"),
        ("settings", "set", "ui.theme", "pink"),
        ("settings", "set", "no.such", "1"),
    ],
)
def test_errors_go_to_standard_error_with_a_code(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(tmp_path / "profile", *arguments)
    assert result.returncode != 0
    assert result.stdout == ""
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr


def test_missing_models_are_named_with_the_way_out(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id":"1","text":"hi"}\n', encoding="utf-8")
    result = run(tmp_path / "profile", "understand", "--input", str(rows))
    assert result.returncode == 1
    assert "agent-assist models build" in result.stderr


def test_wrong_passphrase_leaves_the_profile_alone(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    environment = {"AGENT_ASSIST_PASSPHRASE": "right"}
    os.environ |= environment
    try:
        assert run(profile, "import", str(FORMATS / "tickets.csv")).returncode == 0
    finally:
        del os.environ["AGENT_ASSIST_PASSPHRASE"]
    before = (profile / "profile.db").read_bytes()
    result = run(profile, "feedback", "list")
    assert result.returncode == 1
    assert "passphrase" in result.stderr
    assert (profile / "profile.db").read_bytes() == before


def test_version(tmp_path: Path) -> None:
    assert run(tmp_path / "profile", "--version").stdout.startswith("agent-assist, version 0.")


def test_acts_without_a_window(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    tickets = tmp_path / "tickets.jsonl"
    tickets.write_text('{"id":"t-1","text":"where is my parcel?"}\n', encoding="utf-8")
    run(profile, "import", str(tickets))
    [sent] = lines(run(profile, "feedback", "send", "t-1", "--text", "It arrives tomorrow."))
    assert (sent["kind"], sent["ticket_id"]) == ("written", "t-1")
    [undone] = lines(run(profile, "feedback", "undo", str(sent["id"])))
    assert undone["kind"] == "undone"
    assert lines(run(profile, "feedback", "list")) == []
    assert run(profile, "feedback", "intents", "t-1", "no.such").returncode == 1
    refused = run(profile, "feedback", "send", "t-1", "--text", "Please write to my WhatsApp.", "--confirm")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "[my WhatsApp]" in refused.stderr


async def test_a_reply_without_a_source_is_sent_with_confirm_only(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.append("Return shipping is $9.")
        await app.suggestions.finished("t-return")
        profile = app.profile_dir
    edited = ("feedback", "send", "t-return", "--text", "Return shipping is $8.")
    for act, amount in ((("feedback", "accept", "t-return"), "$9"), (edited, "$8")):
        refused = run(profile, *act)
        assert refused.returncode == 1
        assert f"{amount} (amount_not_found)" in refused.stderr
        [sent] = lines(run(profile, *act, "--confirm"))
        lines(run(profile, "feedback", "undo", str(sent["id"])))


def test_settings_are_kept(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    assert run(profile, "settings", "set", "ui.theme", "dark").returncode == 0
    values = {row["name"]: row["value"] for row in lines(run(profile, "settings", "list"))}
    assert values["ui.theme"] == "dark"
