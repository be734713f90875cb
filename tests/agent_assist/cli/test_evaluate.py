"""`agent-assist evaluate` from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agent_assist.cli.main import main
from tests.helpers.models import models_dir

ROWS = [
    {"text": "快递到哪里了", "label": "logistics.track"},
    {"text": "我要退货", "label": "GIVE_BACK"},
    {"text": "今天天气怎么样", "label": "OOS"},
    {"text": "Write me a poem about autumn", "label": "OOS"},
]


def evaluate(*arguments: object, as_json: bool = True) -> Result:
    options = ["--json"] if as_json else []
    return CliRunner().invoke(main, [*options, "evaluate", *map(str, arguments)])


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


@pytest.fixture
def no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_ASSIST_MODELS", str(tmp_path / "no-models"))


@pytest.mark.models
def test_the_last_line_is_the_summary_and_the_report_is_written(
    rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_ASSIST_MODELS", str(models_dir()))
    result = evaluate(
        "intent", "--model", "starter", "--data", rows, "--resamples", 20, "--out", tmp_path / "new" / "out"
    )
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    last = lines[-1]
    assert {"accuracy", "macro_f1", "ece", "oos_auroc", "oos_f1", "intervals", "version"} <= set(last)
    assert last["intervals"]["accuracy"][0] <= last["accuracy"] <= last["intervals"]["accuracy"][1]
    assert (last["in_scope"], last["out_of_scope"]) == (2, 2)
    assert "GIVE_BACK" in result.stderr
    assert [line["label"] for line in lines if "f1" in line] == ["GIVE_BACK", "logistics.track"]
    report = json.loads((tmp_path / "new" / "out" / "report.json").read_text(encoding="utf-8"))
    assert round(report["figures"]["accuracy"]["value"], 4) == last["accuracy"]


@pytest.mark.models
def test_people_get_tables(rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_ASSIST_MODELS", str(models_dir()))
    label_map = tmp_path / "map.json"
    label_map.write_text('{"GIVE_BACK": ["return.request", "exchange.request"]}', encoding="utf-8")
    arguments = ("intent", "--model", "starter", "--data", rows, "--map", label_map, "--resamples", 0)
    result = evaluate(*arguments, as_json=False)
    assert result.exit_code == 0, result.output
    assert "return.request" in result.stdout
    assert "accuracy" in result.stdout
    assert "left out 1" in result.stdout


@pytest.mark.usefixtures("no_models")
def test_a_model_that_is_not_built_is_an_error_with_the_way_out(rows: Path) -> None:
    result = evaluate("intent", "--model", "starter", "--data", rows)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "agent-assist models build" in result.stderr


@pytest.mark.usefixtures("no_models")
@pytest.mark.parametrize(
    ("content", "said"),
    [("", "empty"), ('{"text": "a", "label": "b"}\n{"text"', "rows.jsonl:2"), ('{"label": "b"}', "no text")],
)
def test_bad_rows_are_an_error_that_names_their_place(rows: Path, content: str, said: str) -> None:
    rows.write_text(content, encoding="utf-8")
    result = evaluate("intent", "--model", "starter", "--data", rows)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert said in result.stderr


@pytest.mark.usefixtures("no_models")
def test_a_file_where_the_report_should_go_is_an_error(rows: Path) -> None:
    result = evaluate("intent", "--model", "starter", "--data", rows, "--out", rows)
    assert result.exit_code == 1
    assert "folder for the report" in result.stderr
