"""`similar` and `knowledge gaps` by the program itself, as far as no model is needed: words alone."""

import json
from pathlib import Path

from tests.agent_assist.cli.test_commands import lines, run

TICKETS = [
    {"id": "open", "messages": [("customer", "退款多久能到账？")]},
    {"id": "solved", "messages": [("customer", "退款多久能到账"), ("agent", "3个工作日内原路退回。")]},
]


def write(path: Path) -> Path:
    rows = [
        row | {"messages": [{"role": role, "text": text} for role, text in row["messages"]]}  # type: ignore[operator]
        for row in TICKETS
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_similar_shows_the_reply_that_was_sent(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    run(profile, "import", str(write(tmp_path / "tickets.jsonl")))
    [found] = lines(run(profile, "similar", "open"))
    assert (found["ticket_id"], found["rank"], found["times_sent"]) == ("solved", 1, 1)
    assert found["reply"] == [{"message_index": 1, "start": 0, "end": 11, "text": "3个工作日内原路退回。"}]
    assert found["reasons"] == ["same_words"]
    told = run(profile, "similar", "--text", "退款多久能到账", as_json=False).stdout
    assert "3个工作日内原路退回。" in told
    assert "No solved ticket" in run(profile, "similar", "--text", "zzzz", as_json=False).stdout
    assert run(profile, "similar").returncode != 0
    wrong = run(profile, "similar", "nowhere")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "nowhere" in wrong.stderr


def test_a_search_that_finds_nothing_is_a_gap(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    run(profile, "knowledge", "search", "羽绒服能机洗吗")
    [gap] = lines(run(profile, "knowledge", "gaps"))
    assert (gap["count"], gap["tickets"], gap["nearest"], gap["answered_by"]) == (1, 0, None, None)
    [article] = lines(run(profile, "knowledge", "gaps", "draft", str(gap["id"])))
    assert (article["question"], article["status"]) == ("羽绒服能机洗吗", "draft")
    assert "机洗" in run(profile, "knowledge", "gaps", as_json=False).stdout
    assert lines(run(profile, "knowledge", "gaps", "dismiss", str(gap["id"]))) == [{"id": gap["id"], "dismissed": True}]
    assert "1 more" in run(profile, "knowledge", "gaps", as_json=False).stdout
    assert run(profile, "knowledge", "gaps", "dismiss", "gap-99").returncode == 1
