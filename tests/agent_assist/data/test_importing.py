"""Labelled rows come out of the files people have; what is none is left out with its reason."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from agent_assist.data.importing import import_rows, read_labelled
from agent_assist.data.row import Row, Span
from agent_assist.data.rows_file import read_rows
from agent_assist.errors import InputError, StorageFaultError
from agent_assist.files.rows import RejectedRow


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows_of(*paths: Path) -> list[Row]:
    found = list(read_labelled(paths))
    assert not [one for one in found if isinstance(one, RejectedRow)]
    return [one for one in found if isinstance(one, Row)]


def reasons(path: Path) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in read_labelled([path]) if isinstance(one, RejectedRow)]


CSV = "编号,问题,意图,情绪,时间,会话,渠道\n7,我要 退货,退货 申请,negative,2026-11-02 09:30,c1,微信\n8,你好,OOS,,,,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_table_in_any_encoding_keeps_its_other_columns(tmp_path: Path, encoding: str) -> None:
    first, second = rows_of(written(tmp_path, "rows.csv", CSV.encode(encoding)))
    assert (first.id, first.text, first.labels, first.sentiment) == ("7", "我要 退货", ("退货 申请",), "negative")
    assert (first.conversation, first.source, first.extra) == ("c1", "rows.csv", {"渠道": "微信"})
    assert first.time is not None
    assert first.time.replace(tzinfo=None) == datetime(2026, 11, 2, 9, 30)
    assert (second.labels, second.time, second.spans) == (("OOS",), None, None)


def test_the_fields_own_name_wins_and_the_other_column_is_kept(tmp_path: Path) -> None:
    [row] = rows_of(written(tmp_path, "a.csv", "category,label,text\nORDER,cancel,stop it\n"))
    assert (row.labels, row.extra) == (("cancel",), {"category": "ORDER"})
    [row] = rows_of(written(tmp_path, "b.jsonl", '{"category":"ORDER","label":"cancel","text":"stop it"}\n'))
    assert (row.labels, row.extra) == (("cancel",), {"category": "ORDER"})


def test_spans_and_several_labels_fit_into_cells(tmp_path: Path) -> None:
    content = 'text,spans,labels\n" a 风扇","[[3,5,""product""]]",a b;c\n'
    [row] = rows_of(written(tmp_path, "a.csv", content))
    assert (row.text, row.spans, row.labels) == (" a 风扇", (Span(start=3, end=5, type="product"),), ("a b", "c"))


def test_every_sheet_of_a_workbook_has_its_own_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["导出 2026"])
    book.active.append(["label", "text", "score", "when"])
    book.active.append(["a", "one", 3, datetime(2026, 11, 2)])
    other = book.create_sheet("二")
    other.append(["message", "intent", "agent"])
    other.append(["two", "b", "Eve"])
    book.save(tmp_path / "rows.xlsx")
    first, second = rows_of(tmp_path / "rows.xlsx")
    assert (first.text, first.labels, first.extra) == ("one", ("a",), {"score": 3, "when": "2026-11-02T00:00:00"})
    assert (second.text, second.labels, second.extra) == ("two", ("b",), {"agent": "Eve"})


def test_exports_of_the_program_are_read_where_they_carry_labels(tmp_path: Path) -> None:
    labelled = [
        {"text": "退款多久", "label": "refund.status"},
        {"text": "[PHONE_1] 坏了", "spans": [{"start": 0, "end": 9, "type": "phone"}]},
        {"text": "谢谢", "intents": [], "before": "退款多久", "sentiment": "positive", "urgency": "low"},
        {"text": "x", "labels": ["a", "b", "a"]},
    ]
    chats: list[dict[str, Any]] = [{"messages": [{"role": "user", "content": "hi"}]}, {"prompt": [], "chosen": []}]
    reading = {"text": "hi", "intents": [{"label": "a", "score": 0.9}]}
    lines = [json.dumps(row) for row in [*labelled, *chats, reading]]
    found = list(read_labelled([written(tmp_path, "a.jsonl", "\n".join(lines))]))
    rows = [one for one in found if isinstance(one, Row)]
    assert [row.labels for row in rows] == [("refund.status",), (), ("OOS",), ("a", "b")]
    assert rows[1].spans == (Span(start=0, end=9, type="phone"),)
    assert (rows[2].before, rows[2].sentiment, rows[2].urgency) == ("退款多久", "positive", "low")
    told = [one.reason for one in found if isinstance(one, RejectedRow)]
    assert [reason[:24] for reason in told] == ["The row is a chat for th"] * 2 + ["The labels are no list o"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"label": "a"}, "no text"),
        ({"text": " \n", "label": "a"}, "no text"),
        ({"text": ["a"]}, "not a text"),
        ({"text": "a" * 1_000_001}, "longer than 1 MB"),
        ({"text": "a", "label": {"a": 1}}, '"label" is not a text'),
        ({"text": "a", "time": "gestern"}, "time cannot be read"),
        ({"text": "abc", "spans": "none"}, "no list"),
        ({"text": "abc", "spans": ["x"]}, "Span 1 is no object"),
        ({"text": "abc", "spans": [[0, 1, "x"], [2, 4, "x"]]}, r"Span 2 \(2 to 4\) is not inside"),
        ({"text": "abc", "spans": [[1, 1, "x"]]}, "not inside"),
        ({"text": "abc", "spans": [[-1, 1, "x"]]}, "not inside"),
        ({"text": "abc", "spans": [["0", 1, "x"]]}, "not whole numbers"),
        ({"text": "abc", "spans": [[0, 1, ""]]}, "has no type"),
        ({"text": "abc", "spans": [{"start": 0, "end": 2, "type": "x", "text": "bc"}]}, "'bc'.* reads 'ab'"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_reason(tmp_path: Path, row: dict[str, Any], reason: str) -> None:
    path = written(tmp_path, "a.jsonl", '{"text":"good"}\n' + json.dumps(row))
    [(line, told)] = reasons(path)
    assert line == 2
    assert re.search(reason, told), told


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", "", "empty"),
        ("a.csv", "name,label\nx,y\n", "no column named like text"),
        ("a.xlsx", "no workbook", "cannot be read"),
        ("a.jsonl", "not json\n", "not valid JSON"),
        ("a.conll", "no tags\n", "Line 1 is not a token"),
        ("a.pdf", "x", "of this kind"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, name: str, content: str, reason: str) -> None:
    [(_, told)] = reasons(written(tmp_path, name, content))
    assert reason in told


def test_only_a_header_is_no_row_and_no_file_is_written(tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    done = import_rows([written(tmp_path, "a.csv", "text,label\n"), tmp_path / "missing.csv"], out)
    [missing] = done.rejected
    assert (done.rows, missing.reason) == (0, "The file cannot be opened: No such file or directory.")
    assert not out.exists()


def test_what_is_written_is_read_again_as_it_was(tmp_path: Path) -> None:
    cell = "长" * 33_333  # 100 kB
    rows = [
        {"id": "a", "text": "  spaces\tstay ", "label": "x", "spans": [], "extra": {"deep": [1, None]}, "masked": True},
        {"id": "a", "text": cell, "labels": ["x", "y"], "time": "2026-11-02T09:30:00Z", "language": "zh"},
        {"text": "twice", "label": "x"},
        {"text": "twice", "label": "x"},
    ]
    source = written(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows)))
    out = tmp_path / "rows.jsonl"
    done = import_rows([source], out)
    assert (done.rows, done.labelled, done.with_spans, done.rejected) == (4, 4, 1, ())
    first, second, third, fourth = again = read_rows(out)
    assert (first.text, first.masked) == ("  spaces\tstay ", "")
    assert first.extra == {"extra": {"deep": [1, None]}, "masked": True}
    assert (second.id, second.text, second.time) == ("a-2", cell, datetime(2026, 11, 2, 9, 30, tzinfo=UTC))
    assert fourth.id == third.id + "-2"
    import_rows([out], out)
    assert read_rows(out) == again


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path, "a.jsonl", '{"text":"a"}')
    out = written(tmp_path, "out.jsonl", "old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="Name a file"):
        import_rows([source], tmp_path)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageFaultError, match="No space"):
        import_rows([source], out)
    assert out.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "out.jsonl"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [('{"text":"a"}\n{"text":""}\n', "rows.jsonl:2: The row has no text"), ("", "empty"), ("\n", "holds no rows")],
)
def test_rows_to_work_on_must_all_be_good(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_rows(written(tmp_path, "rows.jsonl", content))
