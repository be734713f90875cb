"""Whatever bytes a file holds, reading it yields tickets and reasons, and never raises."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_assist.intake import ParsedTicket, RejectedRow, read_orders, read_products, read_tickets
from agent_assist.knowledge import ArticleReader

_PIECES = st.sampled_from(
    [
        *(b"id,text\n", b'"', b",", b"\n", b"\r\n", b"{", b"}", b'{"text": "x"}', b"[", b"\x00", b"\xff\xfe", b"<div>"),
        *(b"From a Mon Nov  2 2026\n", b"From: =?gb2312?B?xOO6w", b"?= <a@b>\n", b"Date: yesterday\n", b"--b\n"),
        *(
            b"Content-Type: multipart/mixed; boundary=b\n\n",
            b"Content-Type: text/html; charset=x\n",
            b"---\n",
            b"# T\n",
        ),
        *(
            b"Content-Transfer-Encoding: base64\n",
            b"References: <a> <b>\n",
            "编号,内容\n".encode(),
            "退款".encode("big5"),
        ),
    ]
)
_BYTES = st.one_of(st.binary(max_size=200), st.lists(_PIECES, max_size=12).map(b"".join))


@pytest.fixture(scope="module")
def reader() -> Iterator[ArticleReader]:
    with ArticleReader() as opened:
        yield opened


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".json", ".eml", ".mbox", ".xlsx", ".md", ".txt"])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=_BYTES)
def test_reading_never_raises(suffix: str, data: bytes, reader: ArticleReader, tmp_path: Path) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(data)
    for row in read_tickets([path]):
        assert isinstance(row, ParsedTicket | RejectedRow)
        if isinstance(row, ParsedTicket):
            assert row.ticket.id
            assert all(message.text and message.at.tzinfo for message in row.ticket.messages)
            assert len(row.context) == len(row.ticket.messages)
        else:
            assert row.reason
    list(reader.read_file(path, root=tmp_path))
    list(read_orders(path))
    list(read_products(path))
