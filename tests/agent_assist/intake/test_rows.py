import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent_assist.domain.tickets import Channel, Role, TicketState
from agent_assist.files import rows as limits
from agent_assist.files import walk
from agent_assist.intake import ParsedTicket, RejectedRow, read_tickets


def read(*paths: Path) -> tuple[list[ParsedTicket], list[RejectedRow]]:
    rows = list(read_tickets(paths))
    tickets = [row for row in rows if isinstance(row, ParsedTicket)]
    return tickets, [row for row in rows if isinstance(row, RejectedRow)]


def write(path: Path, *rows: object) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


THREAD = {
    "id": "T1",
    "customer": "王芳",
    "channel": "chat",
    "subject": "耳机",
    "created_at": "2026-11-02T09:00:00Z",
    "order_number": "GF2611020017",
    "messages": [
        {"role": "customer", "text": "左耳没声音", "at": "2026-11-02T09:00:00Z"},
        {"role": "agent", "text": "请重置", "at": "2026-11-02T09:05:00Z"},
        {"role": "customer", "text": "还是不行"},
    ],
}


def test_a_thread_from_jsonl(tmp_path: Path) -> None:
    [parsed], rejected = read(write(tmp_path / "a.jsonl", THREAD))
    ticket = parsed.ticket
    assert not rejected
    assert (ticket.id, ticket.customer, ticket.order_number) == ("T1", "王芳", "GF2611020017")
    assert [message.role for message in ticket.messages] == [Role.CUSTOMER, Role.AGENT, Role.CUSTOMER]
    assert ticket.messages[2].at == datetime(2026, 11, 2, 9, 5, tzinfo=UTC)  # as late as the one before
    assert ticket.state is TicketState.WAITING


def test_a_bad_row_never_stops_the_others(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        {"id": "1", "text": "first"},
        '{"id": "2", "text": ',
        "[1, 2]",
        {"id": "4", "text": "   "},
        {"id": "5", "messages": [{"role": "customer", "text": "x", "at": "whenever"}]},
        {"id": "6", "messages": "hello"},
        {"id": {"a": 1}, "text": "x"},
        "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
        '{"id": "9", "text": "' + "[" * 50_000 + '"}',
        "[" * 100_000,
        {"id": "11", "text": "last"},
    )
    tickets, rejected = read(path)
    assert [parsed.ticket.id for parsed in tickets] == ["1", "9", "11"]
    assert [row.line for row in rejected] == [2, 3, 4, 5, 6, 7, 8, 10]
    assert all(row.reason[0].isupper() or row.reason[0] == '"' for row in rejected)
    assert all(row.reason.endswith(".") for row in rejected)


def test_rows_without_an_id_get_the_same_one_every_time(tmp_path: Path) -> None:
    first, _ = read(write(tmp_path / "a.jsonl", {"text": "no id"}, {"text": "no id", "customer": "x"}))
    again, _ = read(write(tmp_path / "b.jsonl", {"text": "no id"}))
    assert first[0].ticket.id == again[0].ticket.id
    assert first[0].ticket.id != first[1].ticket.id


def test_csv_in_gb18030_with_chinese_headers(tmp_path: Path) -> None:
    path = tmp_path / "工单.csv"
    path.write_bytes(
        "工单编号,客户姓名,内容,时间,订单号,渠道\n7,王芳,耳机坏了,2026/11/2 9:30,GF2611020017,在线\n".encode("gb18030")
    )
    [parsed], rejected = read(path)
    assert not rejected
    assert (parsed.ticket.id, parsed.ticket.customer, parsed.ticket.channel) == ("7", "王芳", Channel.CHAT)
    assert parsed.ticket.created_at == datetime(2026, 11, 2, 9, 30).astimezone()


def test_big5_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("編號,內容,客戶\n1,耳機壞了想換一個,王芳\n".encode("big5"))
    [parsed], _ = read(path)
    assert parsed.ticket.messages[0].text == "耳機壞了想換一個"


def test_rows_of_one_id_are_one_thread(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,role,text", "1,客户,在吗", "1,客服,您好", "2,customer,hi", "1,customer,again")
    tickets, _ = read(path)
    assert [(one.ticket.id, len(one.ticket.messages)) for one in tickets] == [("1", 2), ("2", 1), ("1", 1)]
    assert tickets[0].ticket.state is TicketState.ANSWERED


def test_limits_on_text_and_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.jsonl", {"id": "1", "text": "长" * 400_000}, {"id": "2", "text": "short"})
    tickets, rejected = read(path)
    assert [one.ticket.id for one in tickets] == ["2"]
    assert "1 MB" in rejected[0].reason
    monkeypatch.setattr(walk, "MAX_FILE_BYTES", 100)
    assert "split it" in read(path)[1][0].reason
    assert limits.MAX_FILE_BYTES == 200_000_000


def test_control_characters_and_runs_of_blank_lines_are_cleaned(tmp_path: Path) -> None:
    [parsed], _ = read(write(tmp_path / "a.jsonl", {"id": "1", "text": "a\u0000b\r\n" + "\n" * 10_000 + "c\u2028d"}))
    assert parsed.ticket.messages[0].text == "ab\n\nc\nd"


def test_folders_and_unknown_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub" / "a.jsonl", {"id": "1", "text": "x"})
    write(tmp_path / "b.json", '[{"id": "2", "text": "y"}, 3]')
    (tmp_path / "c.pdf").write_bytes(b"%PDF")
    (tmp_path / "d.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    tickets, rejected = read(tmp_path, tmp_path / "missing.csv")
    assert [one.ticket.id for one in tickets] == ["2", "1"]
    assert [Path(row.file).name for row in rejected] == ["b.json", "c.pdf", "d.xls", "missing.csv"]
    assert ".xlsx" in rejected[2].reason


def test_the_sample_files_of_every_format() -> None:
    from importlib.resources import files

    folder = Path(str(files("resources"))) / "samples"
    tickets, rejected = read(folder / "tickets.jsonl")
    assert len(tickets) > 100
    assert not rejected
    tickets, rejected = read(folder / "formats")
    assert {Path(one.file).suffix for one in tickets} == {".csv", ".eml", ".jsonl", ".mbox", ".xlsx"}
    assert {Path(row.file).name for row in rejected} == {"bad_rows.jsonl"}
