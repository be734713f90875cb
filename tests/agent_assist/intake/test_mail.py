import base64
import quopri
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent_assist.domain.tickets import Channel, Role, TicketState
from agent_assist.errors import ImportRowError
from agent_assist.intake import ParsedTicket, RejectedRow, read_tickets
from agent_assist.intake.mail import parse_mail

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def word(text: str, charset: str, label: str = "") -> str:
    return f"=?{label or charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def mail(body: bytes, **headers: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body


def test_gb2312_labelled_mail_with_characters_only_gb18030_has() -> None:
    data = mail(
        base64.encodebytes("我叫朱镕，耳机坏了€".encode("gb18030")),
        From=f"{word('王镕', 'gb18030', 'gb2312')} <wf@qq.com>",
        To="service@shop.example",
        Subject=word("关于订单GF2611020017，朱镕", "gb18030", "gb2312"),
        Date="Mon, 02 Nov 2026 09:30:00 +0800",
        Message_ID="<a1@qq.com>",
        Content_Type='text/plain; charset="gb2312"',
        Content_Transfer_Encoding="base64",
    )
    parsed = parse_mail(data, fallback=NOON, file="a.eml")
    assert (parsed.text, parsed.sender_name, parsed.id) == ("我叫朱镕，耳机坏了€", "王镕", "a1@qq.com")
    assert parsed.subject == "关于订单GF2611020017，朱镕"
    assert parsed.at == datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


def test_a_wrong_or_missing_charset_is_guessed() -> None:
    for content_type in ("text/plain", "text/plain; charset=utf-8", "text/plain; charset=no-such"):
        data = mail("请问退款多久到账".encode("gb18030"), From="a@b.cn", Subject="x", Content_Type=content_type)
        assert parse_mail(data, fallback=NOON, file="").text == "请问退款多久到账"


def test_quoted_printable_html_only() -> None:
    html = "<style>p{}</style><p>Hello&nbsp;<b>there</b></p><ul><li>one</li><li>two</li></ul><script>x()</script>"
    data = mail(
        quopri.encodestring(html.encode()),
        From="Bob <bob@x.com>",
        Subject="Hi",
        Content_Type="text/html; charset=utf-8",
        Content_Transfer_Encoding="quoted-printable",
    )
    assert parse_mail(data, fallback=NOON, file="").text == "Hello there\n\n- one\n- two"


def test_a_mail_without_text_or_headers_is_rejected() -> None:
    with pytest.raises(ImportRowError, match="neither"):
        parse_mail(mail(b"", From="a@b.c", Date="x"), fallback=NOON, file="")
    with pytest.raises(ImportRowError, match="no mail"):
        parse_mail(bytes(range(1, 256)), fallback=NOON, file="")


def test_a_mail_with_only_a_subject_says_that() -> None:
    parsed = parse_mail(mail(b"\r\n", From="a@b.c", Subject="where is GF2611020017"), fallback=NOON, file="")
    assert (parsed.text, parsed.at) == ("where is GF2611020017", NOON)


MBOX = """From MAILER Mon Nov  2 10:30:00 2026
From: Bob <bob@x.com>
To: help@shop.com
Subject: parcel
Message-ID: <c1@x>
Date: Mon, 02 Nov 2026 10:30:00 +0000

>From the start it was broken.
From 2 to 3 pieces are missing.

From MAILER Mon Nov  2 11:30:00 2026
From: =?utf-8?b?6Z+p5qKF5qKF?= <mei@qq.com>
To: help@shop.com
Subject: =?utf-8?b?6YCA5qy+?=
Message-ID: <d1@x>

退款到哪了

From MAILER Mon Nov  2 12:30:00 2026
From: Eve <eve@shop.com>
To: bob@x.com
Subject: Re: parcel
References: <c1@x>
Message-ID: <c2@x>
Date: Mon, 02 Nov 2026 12:30:00 +0000

Sorry to hear that.

From MAILER Mon Nov  2 13:30:00 2026
no header here

From MAILER Mon Nov  2 14:30:00 2026
From: Bob <bob@x.com>
To: eve@shop.com
Subject: Re: parcel
In-Reply-To: <c2@x>
Message-ID: <c3@x>
Date: Mon, 02 Nov 2026 14:30:00 +0000

So?

From MAILER Mon Nov  2 14:30:00 2026
From: Bob <bob@x.com>
Message-ID: <c3@x>
Date: Mon, 02 Nov 2026 14:30:00 +0000

So?
"""


def test_mbox_threads_become_tickets(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    path.write_text(MBOX, encoding="utf-8")
    rows = list(read_tickets([path]))
    tickets = [row.ticket for row in rows if isinstance(row, ParsedTicket)]
    assert [(one.line, "no mail" in one.reason) for one in rows if isinstance(one, RejectedRow)] == [(29, True)]
    assert [ticket.id for ticket in tickets] == ["c1@x", "d1@x"]
    parcel, refund = tickets
    assert [message.role for message in parcel.messages] == [Role.CUSTOMER, Role.AGENT, Role.CUSTOMER]
    assert parcel.messages[0].text == "From the start it was broken.\nFrom 2 to 3 pieces are missing."
    assert (parcel.state, parcel.channel, parcel.customer) == (TicketState.WAITING, Channel.EMAIL, "Bob")
    assert (refund.customer, refund.subject) == ("韩梅梅", "退款")
    assert refund.created_at == datetime(2026, 11, 2, 11, 30, tzinfo=UTC)  # from the mailbox's own line


def test_own_addresses_say_who_the_shop_is(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    path.write_text(MBOX, encoding="utf-8")
    [parcel, _] = [
        row.ticket for row in read_tickets([path], own_addresses=["BOB@x.com"]) if isinstance(row, ParsedTicket)
    ]
    assert [message.role for message in parcel.messages] == [Role.AGENT, Role.CUSTOMER, Role.AGENT]


def test_eml_files_of_one_thread_are_joined(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(mail(b"Hello", From="a@x.com", To="s@shop.com", Message_ID="<1@x>", Subject="S"))
    (tmp_path / "2.eml").write_bytes(mail(b"Reply", From="s@shop.com", Message_ID="<2@x>", In_Reply_To="<1@x>"))
    (tmp_path / "3.eml").write_bytes(b"\x00\x01\x02 binary")
    rows = list(read_tickets([tmp_path]))
    assert [len(row.ticket.messages) for row in rows if isinstance(row, ParsedTicket)] == [2]
    assert [Path(row.file).name for row in rows if isinstance(row, RejectedRow)] == ["3.eml"]
