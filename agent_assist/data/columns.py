"""Which column of a file is which field of a row, by loose names in English and Chinese."""

import re
import unicodedata
from collections.abc import Iterable

FIELDS = (
    "id", "text", "label", "labels", "spans", "sentiment", "urgency", "language", "conversation", "time", "before",
    "source", "masked",
)  # fmt: skip

# In order of preference; a field's own name goes before all of them. Columns that lose stay as other columns.
_OTHER_NAMES = {
    "id": "row id, uid, 编号, 序号, 編號, 序號",
    "text": "message, utterance, query, sentence, content, question, body, input, 文本, 内容, 消息, 语句, 句子,"
    "问题, 留言, 文字, 內容, 訊息, 語句, 問題",
    "label": "intent, class, category, target, 标签, 意图, 类别, 分类, 標籤, 意圖, 類別, 分類",
    "labels": "intents",
    "spans": "entities, 实体, 實體",
    "sentiment": "emotion, polarity, 情感, 情绪, 情緒",
    "urgency": "priority, 紧急程度, 优先级, 緊急程度, 優先級",
    "language": "lang, 语言, 語言",
    "conversation": "conversation id, conv, conv id, dialogue, dialogue id, dialog, dialog id, session, session id,"
    "thread, thread id, ticket, ticket id, 会话, 会话id, 会话编号, 对话, 工单, 工单号, 會話, 對話, 工單",
    "time": "timestamp, created at, datetime, date, at, 时间, 日期, 创建时间, 時間",
    "before": "previous, previous message, context, 上文, 上一句",
    "source": "来源, 來源",
}  # fmt: skip


def assign(columns: Iterable[str]) -> dict[str, str]:
    """Field by column, for the columns that are a field; no field twice.

    Names match without regard to case, width, spaces and punctuation, exactly the same ones first.
    """
    by_key: dict[str, str] = {}
    for name in sorted(columns, key=lambda name: name not in FIELDS):
        by_key.setdefault(column_key(name), name)
    found: dict[str, str] = {}
    for field in FIELDS:
        names = (field, *_OTHER_NAMES.get(field, "").split(","))
        column = next((by_key[key] for key in map(column_key, names) if key in by_key), None)
        if column is not None and column not in found:
            found[column] = field
    return found


def column_key(name: str) -> str:
    """The form in which column names are compared, as `agent_assist.files.table` compares them."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())
