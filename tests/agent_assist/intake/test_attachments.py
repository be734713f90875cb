"""Which parts of a mail are files, how they are called, and that their bytes can be had again."""

import json
from email.message import EmailMessage
from pathlib import Path

import pytest

from agent_assist.files.names import safe_file_name
from agent_assist.intake import ParsedTicket, RejectedRow, read_tickets
from tests.helpers.pictures import picture

RED, BLUE = picture(), picture(colour="blue")


def mail(text: str = "The cup came broken.", *, subject: str = "Broken", number: int = 1) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Ann <ann@example.com>", "service@shop.example", subject
    made["Date"], made["Message-ID"] = "Mon, 02 Nov 2026 09:30:00 +0000", f"<m{number}@example.com>"
    made.set_content(text)
    return made


def parsed(path: Path) -> ParsedTicket:
    [row] = list(read_tickets([path]))
    assert isinstance(row, ParsedTicket), row
    return row


def eml(folder: Path, message: EmailMessage) -> ParsedTicket:
    path = folder / "mail.eml"
    path.write_bytes(message.as_bytes())
    return parsed(path)


def test_attached_files_come_before_embedded_pictures_and_hold_their_bytes(tmp_path: Path) -> None:
    message = mail()
    message.add_alternative("<p>The cup <img src='cid:logo'> <img src='https://example.com/pixel.gif'></p>", "html")
    html = message.get_payload()[1]  # type: ignore[index]
    html.add_related(BLUE, "image", "png", cid="<logo>")  # type: ignore[union-attr]
    message.add_attachment(RED, "image", "png", filename="杯子.png")
    message.add_attachment(b"\x00\x01", "application", "octet-stream", filename="log.bin")
    ticket = eml(tmp_path, message)
    assert [file.name for file in ticket.files] == ["杯子.png", "log.bin", "file-2.png"]
    assert [file.read() for file in ticket.files] == [RED, b"\x00\x01", BLUE]
    assert {file.message for file in ticket.files} == {ticket.ticket.messages[0]}
    assert "example.com" not in ticket.ticket.messages[0].text


def test_a_mail_inside_a_mail_is_one_file(tmp_path: Path) -> None:
    inner, message = mail("Inside", number=2), mail()
    inner.add_attachment(RED, "image", "png", filename="inner.png")
    message.add_attachment(inner)
    [file] = eml(tmp_path, message).files
    assert file.name == "mail-1.eml"
    assert b"Inside" in file.read()


def test_signatures_and_other_forms_of_the_text_are_no_files(tmp_path: Path) -> None:
    message = mail()
    message.add_alternative("<p>The cup</p>", "html")
    message.add_attachment(b"sig", "application", "pkcs7-signature", filename="smime.p7s")
    assert eml(tmp_path, message).files == ()


def test_a_mail_of_nothing_but_a_picture_is_a_ticket(tmp_path: Path) -> None:
    message = mail("", subject="")
    message.add_attachment(RED, "image", "png", filename="cup.png")
    ticket = eml(tmp_path, message)
    assert ticket.ticket.messages[0].text == "[cup.png]"


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_raw_names_of_chinese_mail_programs_are_read(tmp_path: Path, charset: str) -> None:
    head = "From: a@b.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
    body = "--B\r\nContent-Type: text/plain\r\n\r\nhello\r\n--B\r\nContent-Type: image/png\r\nContent-Disposition: "
    name = 'attachment; filename="破损的杯子照片.png"\r\n\r\nx\r\n--B--\r\n'
    path = tmp_path / "a.eml"
    path.write_bytes(head.encode() + body.encode() + name.encode(charset))
    assert [file.name for file in parsed(path).files] == ["破损的杯子照片.png"]


def test_files_of_a_mailbox_are_read_from_their_own_mail(tmp_path: Path) -> None:
    box = b""
    for number, colour in ((1, RED), (2, BLUE)):
        message = mail(f"mail {number}\n\nFrom here on", number=number)
        message.add_attachment(colour, "image", "png", filename=f"{number}.png")
        lines = message.as_bytes().splitlines()
        escaped = b"\n".join(b">" + line if line.startswith(b"From ") else line for line in lines)
        box += b"From ann@example.com Mon Nov  2 09:30:00 2026\n" + escaped + b"\n\n"
    path = tmp_path / "all.mbox"
    path.write_bytes(box)
    rows = [row for row in read_tickets([path]) if isinstance(row, ParsedTicket)]
    assert [[file.read() for file in row.files] for row in rows] == [[RED], [BLUE]]


def test_rows_name_files_beside_them(tmp_path: Path) -> None:
    (tmp_path / "pics").mkdir()
    (tmp_path / "pics" / "cup.png").write_bytes(RED)
    turns = [{"role": "customer", "attachments": ["pics/cup.png"]}, {"role": "agent", "text": "Thanks"}]
    path = tmp_path / "t.jsonl"
    path.write_text(json.dumps({"id": "T1", "messages": turns}), encoding="utf-8")
    ticket = parsed(path)
    assert [message.text for message in ticket.ticket.messages] == ["[cup.png]", "Thanks"]
    assert [(file.name, file.media_type, file.read()) for file in ticket.files] == [("cup.png", "image/png", RED)]


@pytest.mark.parametrize("given", ["../secret.png", "/etc/passwd", "pics/../../secret.png"])
def test_rows_reach_no_file_outside_of_their_folder(tmp_path: Path, given: str) -> None:
    (tmp_path / "secret.png").write_bytes(RED)
    folder = tmp_path / "export"
    folder.mkdir()
    path = folder / "t.jsonl"
    path.write_text(json.dumps({"id": "T1", "text": "x", "attachments": [given]}), encoding="utf-8")
    [row] = list(read_tickets([path]))
    assert isinstance(row, RejectedRow)
    assert "outside" in row.reason


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("C:\\Users\\x\\cup.jpg", "cup.jpg"),
        ("../../.ssh/id", "id"),
        ("bill\u202egpj.exe", "billgpj.exe"),
        ("a\nb\t.txt", "a b.txt"),
        ("con.txt", "_con.txt"),
        (" .. ", "file"),
        (".htaccess", "htaccess"),
        ("x" * 300 + ".png", "x" * 116 + ".png"),
        ('what?*"<>|.png', "what.png"),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe_file_name(given) == safe


def test_who_wrote_is_known_by_address_or_number(tmp_path: Path) -> None:
    assert eml(tmp_path, mail()).ticket.contact == "ann@example.com"
    rows = [
        {"id": "1", "text": "x", "email": "Ann@Example.com "},
        {"id": "2", "text": "x", "phone": "+86 138-0013-8000"},
    ]
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    table = tmp_path / "t.csv"
    table.write_text("编号,内容,手机号\n3,在吗,13800138000\n", encoding="utf-8")
    found = [row.ticket.contact for row in read_tickets([path, table]) if isinstance(row, ParsedTicket)]
    assert found == ["ann@example.com", "8613800138000", "13800138000"]
