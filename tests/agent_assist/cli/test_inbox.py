"""`agent-assist tickets` does what the inbox does."""

import subprocess
from pathlib import Path

import pytest

from tests.agent_assist.cli.test_commands import lines, run

ROWS = """{"id": "T1", "customer": "李雷", "channel": "chat", "text": "快递在哪", "created_at": "2026-11-02T10:00:00Z"}
{"id": "T2", "customer": "李雷", "channel": "email", "text": "退款多久到账", "created_at": "2026-11-02T10:05:00Z"}
{"id": "T3", "customer": "Ann", "channel": "email", "text": "Where is it", "created_at": "2026-11-02T10:10:00Z"}
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    source = tmp_path / "tickets.jsonl"
    source.write_text(ROWS, encoding="utf-8")
    folder = tmp_path / "profile"
    run(folder, "import", str(source))
    run(folder, "settings", "set", "agent.name", "Kim")
    return folder


def listed(profile: Path, *arguments: str) -> list[str]:
    return [str(row["id"]) for row in lines(run(profile, "tickets", "list", *arguments))]


def failed(result: subprocess.CompletedProcess[str], words: str) -> None:
    assert result.returncode == 1
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_day_with_three_tickets(profile: Path) -> None:
    assert listed(profile) == ["T1", "T2", "T3"]
    [first, *_] = lines(run(profile, "tickets", "list", "--view", "overdue"))
    assert (first["due"], first["open_tickets"]) == ("2026-11-02T10:00:30+00:00", 2)
    by_customer = lines(run(profile, "tickets", "list", "--by-customer"))
    assert [(row["id"], row["grouped"]) for row in by_customer] == [("T1", 2), ("T3", 1)]
    [taken] = lines(run(profile, "tickets", "assign", "T1", "T2"))
    assert (taken["kind"], taken["assignee"], taken["tickets"]) == ("assigned", "Kim", ["T1", "T2"])
    assert listed(profile, "--view", "mine", "--language", "zh") == ["T1", "T2"]
    [snoozed] = lines(run(profile, "tickets", "snooze", "T1", "--until", "2h"))
    assert listed(profile, "--view", "snoozed") == ["T1"]
    run(profile, "tickets", "done", "T2", "T3")
    [counts] = lines(run(profile, "tickets", "counts"))
    assert counts == {
        "mine": 0,
        "unassigned": 0,
        "waiting": 0,
        "overdue": 0,
        "snoozed": 1,
        "answered": 0,
        "done": 2,
        "all": 3,
    }
    [undone] = lines(run(profile, "tickets", "undo"))
    assert (undone["undone"], sorted(undone["tickets"])) == ("done", ["T2", "T3"])  # type: ignore[call-overload]
    run(profile, "tickets", "undo", str(snoozed["id"]))
    assert listed(profile, "--customer", "李雷") == ["T1", "T2"]
    assert [row["name"] for row in lines(run(profile, "tickets", "people"))] == ["Kim"]


def test_what_cannot_be_done_is_said(profile: Path) -> None:
    failed(run(profile, "tickets", "done", "T9"), "There is no ticket 'T9'")
    failed(run(profile, "tickets", "assign", "T1", "--to", "Nobody I know"), "agent.colleagues")
    failed(run(profile, "tickets", "snooze", "T1", "--until", "yesterday"), "tomorrow 9:00")
    failed(run(profile, "tickets", "undo"), "Nothing was assigned")
    failed(run(profile, "tickets", "list", "--intent", "weather"), "There is no intent weather")
    assert run(profile, "tickets", "assign", "T1", "--to", "Kim", "--nobody").returncode == 2


def test_people_read_tables(profile: Path) -> None:
    said = run(profile, "tickets", "list", as_json=False).stdout
    assert "李雷 ×2" in said
    assert "overdue" in said
    assert "3 of 3 tickets." in said
    assert "done taken back for 1 tickets" in (
        run(profile, "tickets", "done", "T1", as_json=False).stdout
        + run(profile, "tickets", "undo", as_json=False).stdout
    )
