"""Articles managed from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from agent_assist.cli.main import main


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AGENT_ASSIST_MODELS", str(tmp_path / "no-models"))
    return tmp_path / "profile"


def run(profile: Path, *arguments: str, given: str | None = None, as_json: bool = True) -> Result:
    options = ["--profile", str(profile), *(["--json"] if as_json else [])]
    return CliRunner().invoke(main, [*options, "knowledge", *arguments], input=given)


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def draft(profile: Path) -> None:
    rows(run(profile, "new", "--id", "m1", "--question", "How long?", "--text", "3 days, {size}.", "--status", "draft"))


def test_an_article_from_its_first_word_to_its_return(profile: Path) -> None:
    given = "---\nstatus: draft\nkind: macro\ntags:\n- refund\n---\n退款三天到账，{颜色}。\n"
    [made] = rows(run(profile, "new", "--id", "m1", "--owner", "小王", "--file", "-", given=given))
    assert (made["doc_id"], made["version"], made["unknown_slots"]) == ("m1", 1, ["颜色"])
    [shown] = rows(run(profile, "show", "m1"))
    assert (shown["text"], shown["kind"], shown["language"], shown["tags"]) == (
        "退款三天到账，{颜色}。",
        "macro",
        "zh",
        ["refund"],
    )
    [edited] = rows(
        run(profile, "edit", "m1", "--text", "退款五天到账。", "--tag", "a", "--tag", "b", "--note", "new rule")
    )
    assert (edited["version"], edited["cause"], edited["unknown_slots"]) == (2, "edit", [])
    [diff] = rows(run(profile, "diff", "m1"))
    assert [one["field"] for one in diff["fields"]] == ["tags", "text"]
    assert {"kind": "added", "text": "五"} in diff["fields"][1]["pieces"]
    assert [one["note"] for one in rows(run(profile, "history", "m1"))] == ["new rule", ""]
    assert rows(run(profile, "review", "m1", "--block"))[0]["cause"] == "review"
    assert rows(run(profile, "delete", "m1", "--base", "3"))[0]["version"] == 4
    assert rows(run(profile, "list")) == []
    assert [one["doc_id"] for one in rows(run(profile, "history", "--deleted"))] == ["m1"]
    assert rows(run(profile, "restore", "m1", "--version", "1"))[0]["version"] == 5
    assert "退款三天到账" in run(profile, "show", "m1", "--version", "5", as_json=False).stdout


def test_the_list_takes_filters(profile: Path) -> None:
    draft(profile)
    for option, value, other in (
        ("--status", "draft", "blocked"),
        ("--kind", "faq", "macro"),
        ("--language", "en", "zh"),
        ("--text", "3 DAYS", "4 days"),
        ("--owner", "", "Bob"),
        ("--tag", "", "x"),
        ("--product", "", "x"),
    ):
        assert len(rows(run(profile, "list", option, value) if value else run(profile, "list"))) == 1
        assert rows(run(profile, "list", option, other)) == []


def test_a_lost_race_says_who_and_keeps_what_was_written(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft(profile)
    monkeypatch.setenv("EDITOR", "sed -i s/3/4/")
    assert rows(run(profile, "edit", "m1", "--editor"))[0]["version"] == 2
    refused = run(profile, "edit", "m1", "--editor", "--base", "1")
    assert refused.exit_code == 1
    assert "(version 2) after you opened version 1" in refused.stderr
    kept = Path(refused.stderr.split("What you wrote is in ")[1].strip().rstrip("."))
    assert "4 days" in kept.read_text(encoding="utf-8")
    kept.unlink()
    assert rows(run(profile, "show", "m1"))[0]["version"] == 2


def test_what_ends_is_listed(profile: Path) -> None:
    rows(run(profile, "new", "--id", "x", "--text", "Old.", "--until", "2020-01-01"))
    assert rows(run(profile, "expiring")) == []
    assert [one["doc_id"] for one in rows(run(profile, "expiring", "--over"))] == ["x"]
    assert rows(run(profile, "edit", "x", "--until", ""))[0]["version"] == 2
    assert rows(run(profile, "expiring", "--over")) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "nobody"),
        ("edit", "nobody", "--text", "x"),
        ("edit", "m1"),
        ("edit", "m1", "--kind", "poem"),
        ("edit", "m1", "--from", "soon"),
        ("edit", "m1", "--text", " "),
        ("new", "--text", ""),
        ("new", "--id", "m1", "--text", "again"),
        ("review", "m1"),
        ("restore", "m1", "--version", "9"),
        ("diff", "m1", "1", "9"),
        ("history",),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_said_and_changes_nothing(profile: Path, arguments: tuple[str, ...]) -> None:
    draft(profile)
    result = run(profile, *arguments)
    assert result.exit_code != 0
    assert result.stdout == ""
    assert result.stderr.strip()
    assert not isinstance(result.exception, (KeyError, TypeError, ValueError))
    assert rows(run(profile, "show", "m1"))[0]["version"] == 1


def test_conflicts_are_shown_and_dismissed(profile: Path) -> None:
    assert rows(run(profile, "conflicts")) == []
    for doc_id, days in (("b", 7), ("a", 15)):
        text = f"You can return it within {days} days."
        rows(run(profile, "new", "--id", doc_id, "--question", "How long can I return it?", "--text", text))
    [found] = rows(run(profile, "conflicts"))
    assert (found["kind"], found["one"]["doc_id"], found["other"]["doc_id"]) == ("contradiction", "a", "b")
    assert found["facts"] == [{"kind": "duration", "one": "15 days", "other": "7 days"}]
    assert "15 days / 7 days" in run(profile, "conflicts", as_json=False).stdout
    assert run(profile, "dismiss", "a", "c").exit_code == 1
    rows(run(profile, "dismiss", "b", "a", "--note", "two countries"))
    assert rows(run(profile, "conflicts")) == []
    assert [one["dismissed"] for one in rows(run(profile, "conflicts", "--all"))] == [True]
    rows(run(profile, "dismiss", "a", "b", "--undo"))
    assert len(rows(run(profile, "conflicts"))) == 1
    assert run(profile, "dismiss", "a", "b", "--undo").exit_code == 1


def test_a_preview_shows_what_is_open(profile: Path) -> None:
    draft(profile)
    [shown] = rows(run(profile, "preview", "m1", "--text", "{客服}: {size} {1}"))
    assert [(one["slot"], one["known"]) for one in shown["open"]] == [("agent", True), ("size", False)]
    assert run(profile, "preview", "m1", "--ticket", "nobody").exit_code == 1


def test_an_article_is_drafted_from_an_answered_ticket(profile: Path, tmp_path: Path) -> None:
    messages = [
        {"role": "customer", "text": "Hi, this is Ann Lee, how do I return this bag?"},
        {"role": "agent", "text": "Dear Ann, you can return it within 7 days."},
    ]
    tickets = tmp_path / "tickets.jsonl"
    tickets.write_text(json.dumps({"id": "t-1", "customer": "Ann Lee", "messages": messages}), encoding="utf-8")
    CliRunner().invoke(main, ["--profile", str(profile), "import", str(tickets)])
    [shown] = rows(run(profile, "draft-from", "t-1", "--dry-run"))
    assert (shown["text"], shown["status"], shown["doc_id"]) == (
        "Dear {customer_name}, you can return it within 7 days.",
        "draft",
        "",
    )
    assert "Ann" not in shown["question"]
    assert rows(run(profile, "list")) == []
    [kept] = rows(run(profile, "draft-from", "t-1"))
    assert [one["doc_id"] for one in rows(run(profile, "list", "--status", "draft"))] == [kept["doc_id"]]
    assert run(profile, "draft-from", "nobody").exit_code == 1
