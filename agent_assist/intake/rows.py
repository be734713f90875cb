"""Tickets out of CSV, XLSX and JSONL rows."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from agent_assist.domain.tickets import Channel, Message, Role
from agent_assist.errors import ImportRowError
from agent_assist.files.jsonl import JsonRow, read_json_rows
from agent_assist.files.names import safe_file_name
from agent_assist.files.rows import RejectedRow
from agent_assist.files.table import Record, read_table
from agent_assist.files.text import content_id, one_line
from agent_assist.files.walk import rejected
from agent_assist.intake.arriving import MOST_FILES, ArrivingFile, file_beside
from agent_assist.intake.parsed import ParsedTicket, body_of, channel_of, make_ticket, named, role_of, when_of

COLUMNS = {
    "id": "ticket, ticket id, ticket number, case id, conversation id, session id,"
    "编号, 工单号, 工单编号, 工单id, 会话id, 会话编号, 編號, 工單編號, 單號",
    "text": "message, messages, content, body, question, description, customer message, comment,"
    "内容, 消息, 正文, 问题, 问题描述, 消息内容, 工单内容, 留言, 客户留言, 咨询内容, 描述, 內容, 訊息, 問題, 諮詢內容",
    "customer": "customer name, name, user, user name, from, buyer, client, requester, nickname,"
    "客户, 客户名, 客户姓名, 姓名, 用户, 用户名, 昵称, 买家, 买家昵称, 顾客, 会员名, 客戶, 客戶姓名, 買家, 暱稱, 用戶",
    "subject": "title, summary, topic, 主题, 标题, 工单标题, 主題, 標題",
    "created_at": "created, time, date, created time, creation date, timestamp, sent at, at, datetime,"
    "时间, 日期, 创建时间, 提交时间, 发送时间, 咨询时间, 時間, 建立時間, 日期時間",
    "order_number": "order, order no, order id, order num, 订单, 订单号, 订单编号, 订单id, 訂單, 訂單號, 訂單編號",
    "contact": "email, e-mail, email address, phone, phone number, mobile, telephone, contact, contact info,"
    "邮箱, 电子邮箱, 邮箱地址, 电话, 手机, 手机号, 手机号码, 联系电话, 联系方式, 郵箱, 電子郵件, 電話, 手機, 聯絡電話",
    "channel": "source, via, 渠道, 来源, 渠道来源, 來源",
    "assignee": "assigned to, assigned agent, owner, handler, handled by, agent name,"
    "负责人, 处理人, 受理人, 受理客服, 客服姓名, 分配给, 負責人, 處理人, 受理客服人員",
    "role": "sender, sender type, author, speaker, direction, 角色, 发送方, 发送者, 发言人, 說話者",
}

CONTACT_FIELDS = ("contact", "email", "phone")


def read_ticket_table(path: Path) -> Iterator[ParsedTicket | RejectedRow]:
    """Stream a table; rows with the same given id that follow each other are the messages of one ticket."""
    group: list[Record] = []
    fallback = file_time(path)
    for row in read_table(path, COLUMNS, required=("text",)):
        if isinstance(row, RejectedRow):
            yield row
            continue
        if group and not (row.text("id") and row.text("id") == group[-1].text("id")):
            yield from _from_group(path, group, fallback)
            group = []
        group.append(row)
    if group:
        yield from _from_group(path, group, fallback)


def read_ticket_json(path: Path) -> Iterator[ParsedTicket | RejectedRow]:
    """Stream JSON rows `{"id", "customer", "channel", "subject", "created_at", "order_number", "assignee",
    "contact", "messages"}`, `contact` also as `email` or `phone`.

    In place of `messages` (`[{"role", "text", "at", "attachments"}]`) a row may have one `text` and `attachments`,
    which name files in the row's own folder or below it.
    """
    fallback = file_time(path)
    for row in read_json_rows(path):
        if isinstance(row, RejectedRow):
            yield row
            continue
        try:
            yield _from_json(path, row, fallback)
        except ImportRowError as error:
            yield rejected(path, error.reason, line=row.line)


def file_time(path: Path) -> datetime:
    """When the file was last written; stands in where a row has no time, since that stays the same on re-import."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).replace(microsecond=0)
    except OSError:
        return datetime.now(tz=UTC)


def _from_group(path: Path, group: list[Record], fallback: datetime) -> Iterator[ParsedTicket | RejectedRow]:
    messages: list[Message] = []
    used: list[Record] = []
    for record in group:
        try:
            messages.append(_message(record, fallback, messages))
            used.append(record)
        except ImportRowError as error:
            yield rejected(path, error.reason, line=record.line)
    if not used:
        return
    first = used[0]

    def given(field: str) -> str:
        return next((record.text(field) for record in used if record.text(field)), "")

    customer = next((r.text("customer") for r, m in zip(used, messages, strict=True) if m.role is Role.CUSTOMER), "")
    stamps = (record.text("created_at") for record in used)
    key = [given("customer"), given("subject"), given("order_number"), *stamps, *(m.text for m in messages)]
    ticket = make_ticket(
        id=one_line(first.text("id")) or content_id("row", key),
        messages=messages,
        subject=given("subject"),
        customer=customer or given("customer"),
        channel=channel_of(given("channel")),
        order_number=given("order_number"),
        assignee=given("assignee"),
        contact=given("contact"),
    )
    yield ParsedTicket(ticket=ticket, file=str(path), line=first.line, context=("",) * len(messages))


def _message(record: Record, fallback: datetime, earlier: list[Message]) -> Message:
    text = body_of(record.text("text"), line=record.line)
    if not text:
        raise ImportRowError("The row has no message text.", line=record.line)
    before = earlier[-1].at if earlier else fallback
    at = when_of(record.values.get("created_at"), before, line=record.line)
    return Message(role=role_of(record.text("role")), text=text, at=at)


def _from_json(path: Path, row: JsonRow, fallback: datetime) -> ParsedTicket:
    value = row.value
    created = when_of(value.get("created_at"), fallback, line=row.line)
    turns = value.get("messages")
    if turns is None:
        turns = [
            {
                "role": "customer",
                "text": value.get("text"),
                "at": value.get("created_at"),
                "attachments": value.get("attachments"),
            }
        ]
    if not isinstance(turns, list):
        raise ImportRowError('"messages" is not a list.', line=row.line)
    turned = list(_json_messages(turns, created, path, line=row.line))
    messages = [message for message, _ in turned]
    if not messages:
        raise ImportRowError("The row has no message text.", line=row.line)
    subject, customer, order = (_string(value, field, row.line) for field in ("subject", "customer", "order_number"))
    stamps = [str(value.get("created_at") or "")]
    key = [customer, subject, order, *stamps, *(message.text for message in messages)]
    ticket = make_ticket(
        id=one_line(_string(value, "id", row.line)) or content_id("row", key),
        messages=messages,
        created_at=created if value.get("created_at") else None,
        subject=subject,
        customer=customer,
        channel=channel_of(value.get("channel"), Channel.CHAT if len(messages) > 1 else Channel.OTHER),
        order_number=order,
        assignee=_string(value, "assignee", row.line),
        contact=next((text for field in CONTACT_FIELDS if (text := _string(value, field, row.line))), ""),
    )
    files = tuple(file for _, found in turned for file in found)
    return ParsedTicket(ticket=ticket, file=str(path), line=row.line, context=("",) * len(messages), files=files)


def _json_messages(
    turns: Iterable[Any], created: datetime, path: Path, *, line: int
) -> Iterator[tuple[Message, list[ArrivingFile]]]:
    at = created
    for number, turn in enumerate(turns, start=1):
        if not isinstance(turn, dict):
            raise ImportRowError(f"Message {number} is not an object with role and text.", line=line)
        text = body_of(_string(turn, "text", line), line=line)
        at = when_of(turn.get("at"), at, line=line)
        names = turn.get("attachments") or []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ImportRowError(f"The attachments of message {number} are not a list of file names.", line=line)
        text = text or named([safe_file_name(name) for name in names])
        if text:
            message = Message(role=role_of(turn.get("role")), text=text, at=at)
            yield message, list(_files_of(message, names, path, line=line))


def _files_of(message: Message, names: Iterable[str], path: Path, *, line: int) -> Iterator[ArrivingFile]:
    for given in list(names)[:MOST_FILES]:
        read = file_beside(path, given)
        if read is None:
            raise ImportRowError(f"The attachment {given!r} lies outside of the file's own folder.", line=line)
        kind = guess_type(given)[0] or "application/octet-stream"
        yield ArrivingFile(message=message, name=safe_file_name(given), media_type=kind, read=read)


def _string(value: Mapping[str, Any], field: str, line: int) -> str:
    item = value.get(field)
    if item is None:
        return ""
    if isinstance(item, (dict, list, bool)):
        raise ImportRowError(f'"{field}" is not a text.', line=line)
    return str(item)
