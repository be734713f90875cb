import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from agent_assist.files import table
from agent_assist.files.rows import RejectedRow
from agent_assist.files.table import Record, read_table
from agent_assist.files.walk import walk

COLUMNS = {"id": "number, 编号", "text": "message, 内容"}


def read(path: Path) -> list[Record | RejectedRow]:
    return list(read_table(path, COLUMNS, required=("text",)))


def texts(path: Path) -> list[str]:
    return [row.text("text") for row in read(path) if isinstance(row, Record)]


def test_header_names_match_loosely_below_a_title_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Export of today,,\n 编 号 ,ＭＥＳＳＡＧＥ,other\n7,hello,x\n", encoding="utf-8")
    [row] = read(path)
    assert isinstance(row, Record)
    assert (row.line, row.text("id"), row.text("text")) == (3, "7", "hello")


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(delimiter.join(["id", "text"]) + "\n" + delimiter.join(["1", "hi"]), encoding="utf-8")
    assert texts(path) == ["hi"]


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,fine\n2,"open\n3,fine too\n4,"two\nlines"\n', encoding="utf-8")
    rows = read(path)
    rejected = [row for row in rows if isinstance(row, RejectedRow)]
    assert [(row.line, "never closed" in row.reason) for row in rejected] == [(3, True)]
    assert texts(path) == ["fine", "fine too", "two\nlines"]


def test_ten_thousand_line_feeds_in_a_cell_and_between_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"a' + "\n" * 10_000 + 'b"\n' + "\n" * 10_000 + "2,last\n", encoding="utf-8")
    assert [len(text) for text in texts(path)] == [10_002, 4]


def test_bytes_that_do_not_fit_reject_their_row_only(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    good = "编号,内容\n1,我的订单还没有发货\n2,退款多久到账呢\n3,".encode()
    path.write_bytes(good + b"\xff\xfe bad" + "\n4,物流一直不动\n".encode())
    rows = read(path)
    assert [row.line for row in rows if isinstance(row, RejectedRow)] == [4]
    assert len(texts(path)) == 3


def test_binary_empty_and_headerless_files_are_rejected_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    for name in ("binary.csv", "empty.csv", "other.csv", "missing.csv"):
        [row] = read(tmp_path / name)
        assert isinstance(row, RejectedRow)
        assert row.line == 0
        assert row.reason.endswith((".", "a、b"))


def test_xlsx_reads_every_sheet_with_a_header(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["编号", "内容"])
    book.active.append([12.0, "第一"])
    book.active.append([None, None])
    second = book.create_sheet("two")
    second.append(["text"])
    second.append(["second"])
    book.create_sheet("empty")
    path = tmp_path / "a.xlsx"
    book.save(path)
    rows = read(path)
    assert [(row.text("id"), row.text("text")) for row in rows if isinstance(row, Record)] == [
        ("12", "第一"),
        ("", "second"),
    ]
    assert len(rows) == 2


def test_broken_and_swollen_workbooks_are_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no zip")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "0" * 5000)
    monkeypatch.setattr(table, "MAX_UNPACKED_BYTES", 1000)
    for name in ("broken.xlsx", "bomb.xlsx"):
        [row] = read(tmp_path / name)
        assert isinstance(row, RejectedRow)


def test_walk_is_sorted_and_leaves_out_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2.csv", "b/1.csv", "a.csv", ".hidden/x.csv", "~$lock.xlsx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in walk([tmp_path])] == ["a.csv", "b/1.csv", "b/2.csv"]
