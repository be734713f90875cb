"""The way of labelled rows from files to parts, by the program itself."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from agent_assist.cli.data import data
from agent_assist.cli.output import Output
from agent_assist.cli.session import Session
from agent_assist.data.rows_file import read_rows
from agent_assist.errors import AgentAssistError

Run = Callable[..., Result]

CSV = """text,label,会话,电话
"<p>我要退货&nbsp;打13800138000</p>",退货 申请,c1,13800138000
我要退貨 打13800138000！,退货 申请,c2,
快递到哪了,物流,c3,
什么时候发货呀,物流,c4,
,物流,c5,
你们周末上班吗,,c6,
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls a command in a folder of its own; `profile` names the profile, `people` leaves --json out."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, profile: str = "profile", people: bool = False) -> Result:
        session = Session(profile=tmp_path / profile, passphrase=None, output=Output(as_json=not people))
        return CliRunner().invoke(data, arguments, obj=session)

    return call


@pytest.fixture
def rows(tmp_path: Path, run: Run) -> Iterator[Path]:
    (tmp_path / "in.csv").write_text(CSV, encoding="gbk")
    assert run("import", "in.csv", "--out", "rows.jsonl").exit_code == 0
    return tmp_path / "rows.jsonl"


def record(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    [line] = result.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def refused(result: Result) -> str:
    """The sentence of an error that the program turns into exit code 1."""
    assert isinstance(result.exception, AgentAssistError), result.output
    return str(result.exception)


def test_import_tells_what_was_left_out(tmp_path: Path, run: Run) -> None:
    (tmp_path / "in.csv").write_text(CSV, encoding="utf-8-sig")
    told = record(run("import", "in.csv", "--out", "rows.jsonl"))
    assert (told["rows"], told["labelled"], told["out"]) == (5, 4, "rows.jsonl")
    assert told["rejected"] == [{"file": "in.csv", "line": 6, "reason": "The row has no text."}]
    people = run("import", "in.csv", "--out", "rows.jsonl", people=True)
    assert "in.csv:6: The row has no text." in people.stderr
    assert "rows: 5; labelled: 4; rejected: 1. Written to rows.jsonl." in people.stdout


def test_import_of_nothing_is_an_error_and_leaves_the_file(run: Run, rows: Path) -> None:
    before = rows.read_bytes()
    result = run("import", "nothing.csv", "--out", "rows.jsonl")
    assert "No row could be read" in refused(result)
    assert json.loads(result.stdout)["rejected"][0]["file"] == "nothing.csv"
    assert rows.read_bytes() == before


def test_rows_are_cleaned_freed_of_doubles_and_written_in_place(run: Run, rows: Path) -> None:
    told = record(run("clean", "rows.jsonl", "--out", "rows.jsonl", "--require", "label", "--fill", "urgency=normal"))
    assert (told["rows"], told["changed"]["html"], told["filled"]) == (4, 1, {"urgency": 5})
    assert [one["reason"] for one in told["dropped"]] == ["The row has no label."]
    told = record(run("dedupe", "rows.jsonl", "--out", "rows.jsonl"))
    assert (told["rows"], len(told["removed"]), told["conflicts"]) == (3, 1, [])
    assert [row.text for row in read_rows(rows)] == ["我要退货 打13800138000", "快递到哪了", "什么时候发货呀"]


def test_a_profile_unmasks_what_it_masked_and_no_other_does(tmp_path: Path, run: Run, rows: Path) -> None:
    told = record(run("mask", "rows.jsonl", "--out", "masked.jsonl"))
    assert (told["rows"], told["masked"]) == (5, 2)
    masked = (tmp_path / "masked.jsonl").read_text(encoding="utf-8")
    assert "13800138000" not in masked
    assert "[PHONE_1]" in masked
    assert "another profile" in refused(run("unmask", "masked.jsonl", "--out", "back.jsonl", profile="other"))
    assert not (tmp_path / "back.jsonl").exists()
    assert record(run("unmask", "masked.jsonl", "--out", "back.jsonl"))["restored"] == 2
    assert read_rows(tmp_path / "back.jsonl") == read_rows(rows)


def test_parts_that_leak_are_refused_with_their_pairs(tmp_path: Path, run: Run, rows: Path) -> None:
    record(run("clean", "rows.jsonl", "--out", "rows.jsonl"))
    arguments = ("split", "rows.jsonl", "--out", "parts", "--by", "kfold", "--folds", "5")
    result = run(*arguments)
    assert "in another part" in refused(result)
    told = json.loads(result.stdout)
    assert (told["leaks"], told["pairs"][0]["kind"]) == (1, "equal")
    assert not (tmp_path / "parts").exists()
    assert record(run(*arguments[:-1], "4", "--on-leak", "together"))["parts"]["fold-1/valid"]["rows"] >= 1
    assert "Name a new or empty folder" in refused(run(*arguments[:-1], "4", "--on-leak", "together"))
    valid = tmp_path / "parts" / "fold-1" / "valid.jsonl"
    clean = run("check-leaks", str(valid.with_name("train.jsonl")), str(valid))
    assert record(clean) == {"leaks": 0, "pairs": []}
    leaking = run("check-leaks", "rows.jsonl", str(valid), people=True)
    assert leaking.exit_code == 1
    assert "equal 1.00" in leaking.stderr


def test_a_report_is_a_page_and_figures(tmp_path: Path, run: Run, rows: Path) -> None:
    record(run("clean", "rows.jsonl", "--out", "rows.jsonl"))
    told = record(run("report", "rows.jsonl", "--out", "report"))
    assert (told["rows"], told["labels"], told["equal"]) == (5, 2, 1)
    assert json.loads((tmp_path / "report" / "report.json").read_bytes())["labels"]["counts"] == {
        "物流": 2,
        "退货 申请": 2,
    }
    assert "<svg" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")


def test_entities_go_to_conll_and_back(tmp_path: Path, run: Run) -> None:
    row = {"id": "1", "text": "买 保温杯", "spans": [{"start": 2, "end": 5, "type": "product"}]}
    (tmp_path / "in.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert record(run("export", "in.jsonl", "--out", "out.conll"))["rows"] == 1
    assert record(run("import", "out.conll", "--out", "back.jsonl"))["with_spans"] == 1
    assert read_rows(tmp_path / "back.jsonl")[0].spans == read_rows(tmp_path / "in.jsonl")[0].spans


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("clean", "missing.jsonl", "--out", "o.jsonl"), "cannot be opened"),
        (("clean", "rows.jsonl", "--out", "o.jsonl", "--require", "time"), "No row would be left"),
        (("clean", "rows.jsonl", "--out", "o.jsonl", "--require", "colour"), "cannot be required"),
        (("dedupe", "rows.jsonl", "--out", "o.jsonl", "--near", "0.2"), "from 0.8 to 1"),
        (("split", "rows.jsonl", "--out", "o", "--by", "time"), "5 rows have no time"),
        (("split", "rows.jsonl", "--out", "o", "--by", "kfold", "--folds", "9"), "cannot be split into 9"),
        (("unmask", "rows.jsonl", "--out", "o.jsonl"), "No row is masked"),
        (("export", "rows.jsonl", "--out", "o.conll"), "has no spans"),
        (("report", "rows.jsonl", "--out", "no/such"), "Name a folder"),
    ],
)
def test_what_cannot_be_done_is_refused_and_writes_nothing(
    tmp_path: Path, run: Run, rows: Path, arguments: tuple[str, ...], reason: str
) -> None:
    before = rows.read_bytes()
    result = run(*arguments)
    assert reason in refused(result)
    assert result.stdout == ""
    assert rows.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} <= {"rows.jsonl", "in.csv", "profile"}


def test_a_fill_without_a_value_is_a_wrong_use(run: Run, rows: Path) -> None:
    assert run("clean", "rows.jsonl", "--out", "o.jsonl", "--fill", "label").exit_code == 2
