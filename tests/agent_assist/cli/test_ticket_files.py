"""`attachments`, `customer` and the acts on sentiment, urgency and notes, by the program itself."""

import json
from pathlib import Path

from tests.agent_assist.cli.test_commands import lines, run
from tests.helpers.pictures import picture

ROWS = [
    {"id": "T1", "customer": "Ann", "text": "The cup is broken", "attachments": ["cup.png"]},
    {"id": "T2", "customer": "Ann", "text": "Hello again"},
]


def imported(folder: Path) -> Path:
    (folder / "cup.png").write_bytes(picture())
    path = folder / "tickets.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    profile = folder / "profile"
    assert lines(run(profile, "import", str(path)))[0]["imported"] == 2
    return profile


def test_files_are_listed_and_saved(tmp_path: Path) -> None:
    profile = imported(tmp_path)
    [found] = lines(run(profile, "attachments", "T1"))
    assert (found["name"], found["kind"], found["size"], found["fault"]) == ("cup.png", "picture", len(picture()), None)
    out = tmp_path / "saved.png"
    run(profile, "attachments", "T1", "--save", "1", "--out", str(out))
    assert out.read_bytes() == picture()
    assert "No files" in run(profile, "attachments", "T2", as_json=False).stdout
    wrong = run(profile, "attachments", "T1", "--save", "2")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "no number 2" in wrong.stderr


def test_the_customers_other_tickets_are_told(tmp_path: Path) -> None:
    profile = imported(tmp_path)
    other, summary = lines(run(profile, "customer", "T1"))
    assert (other["ticket_id"], other["why"], summary["total"]) == ("T2", "name", 1)
    assert "1 other tickets" in run(profile, "customer", "T1", as_json=False).stdout


def test_notes_and_grades_are_acts_that_can_be_taken_back(tmp_path: Path) -> None:
    profile = imported(tmp_path)
    acts = [
        lines(run(profile, "feedback", *act))[0]
        for act in (
            ("note", "T1", "--text", "call the courier"),
            ("sentiment", "T1", "very_negative"),
            ("urgency", "T1", "critical", "--message", "0"),
        )
    ]
    assert [act["kind"] for act in acts] == ["noted", "sentiment_corrected", "urgency_corrected"]
    rows = lines(run(profile, "feedback", "list"))
    assert {(row["note"], row["sentiment"], row["urgency"]) for row in rows} == {
        ("call the courier", None, None),
        ("", "very_negative", None),
        ("", None, "critical"),
    }
    for act in acts:
        assert lines(run(profile, "feedback", "undo", act["id"]))[0]["kind"] == "undone"
    assert run(profile, "feedback", "note", "T1").returncode == 1  # neither words nor a form
    assert run(profile, "feedback", "urgency", "T1", "soon").returncode == 2
