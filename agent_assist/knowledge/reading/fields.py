"""Articles out of loose fields, whatever file these come from, with the names the fields go by."""

import re
from collections.abc import Mapping
from typing import Any

from agent_assist.domain.knowledge import Article, ArticleKind, Visibility
from agent_assist.domain.language import Language, detect_language
from agent_assist.errors import ImportRowError
from agent_assist.files.rows import too_long
from agent_assist.files.table import column_names, name_key
from agent_assist.files.text import clean_text, content_id, one_line
from agent_assist.knowledge.reading.inert import inert_markdown, inert_words
from agent_assist.knowledge.reading.standing import parse_status, parse_validity

STANDING_COLUMNS = {
    "owner": "author, responsible, maintainer, 负责人, 责任人, 作者, 维护人, 負責人",
    "valid_from": "from, start, start date, effective from, effective date, valid since,"
    "生效日期, 生效时间, 开始日期, 有效期起, 有效期从, 起始日期, 生效日, 開始日期, 生效時間",
    "valid_until": "valid to, until, end, end date, expires, expiry, expiry date, expires at,"
    "失效日期, 失效时间, 结束日期, 截止日期, 到期日期, 有效期至, 有效期止, 有效期到, 過期日期, 結束日期, 截止日",
}
COLUMNS = {
    "id": "doc id, number, no, 编号, 文档编号, 編號",
    "title": "name, subject, topic, 标题, 主题, 標題, 主題",
    "question": "q, questions, query, standard question, 问题, 问, 标准问, 标准问题, 提问, 問題, 問, 標準問題",
    "text": "answer, a, reply, response, content, body, 答案, 回答, 答, 回复, 内容, 正文, 话术, 答复, 回覆, 內容",
    "variants": "similar questions, other questions, alternatives, synonyms,"
    "相似问, 相似问题, 相似问法, 其他问法, 变体, 相似問",
    "language": "lang, 语言, 语种, 語言",
    "kind": "type, 类型, 種類, 类别",
    "visibility": "可见性, 可见范围, 公开, 可見性",
    "intents": "intent, 意图, 意圖",
    "tags": "tag, keywords, 标签, 关键词, 標籤, 關鍵詞",
    "status": "state, review, review status, 状态, 审核状态, 審核狀態, 狀態",
    "products": "sku, skus, product, product id, related products,"
    "商品, 产品, 关联商品, 适用商品, 商品编码, 商品编号, 货号, 商品編碼, 產品, 關聯商品",
    **STANDING_COLUMNS,
}
LISTS = frozenset({"variants", "intents", "tags", "products"})
_NAMES = column_names(COLUMNS)
# Clear as a table's column, but in JSON and front matter often a word of another program.
_VAGUE = frozenset({"type", "state", "review", "from", "start", "end", "until", "no", "number"})
_KINDS = {
    "article": ArticleKind.ARTICLE,
    "faq": ArticleKind.FAQ,
    "macro": ArticleKind.MACRO,
    "文章": ArticleKind.ARTICLE,
    "常见问题": ArticleKind.FAQ,
    "问答": ArticleKind.FAQ,
    "快捷回复": ArticleKind.MACRO,
    "话术": ArticleKind.MACRO,
}
_INTERNAL = frozenset({"internal", "private", "no", "false", "内部", "不公开", "否", "內部"})
_LANGUAGES = {"zh": Language.ZH, "cn": Language.ZH, "中文": Language.ZH, "en": Language.EN, "英文": Language.EN}
_LIST_SPLIT = re.compile(r"[\n|;；]+")


def _shown(text: str) -> str:
    """The text as it may be shown."""
    return clean_text(inert_markdown(clean_text(text)))


def _words(text: str) -> str:
    """A title or a question: one line in which not even a tag is one, since labels may take it for rich text."""
    return one_line(inert_words(text))


def field_of(name: str) -> str:
    """The field that a key of JSON or front matter means; "" for none."""
    key = name_key(name)
    return "" if key in _VAGUE else _NAMES.get(key, "")


def named_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` under the fields' own names; a field's own name goes before the others it goes by."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if (field := field_of(key)) and (key == field or found.get(field) is None) and value is not None:
            found[field] = value
    return found


def make_article(values: Mapping[str, Any], *, source: str = "") -> Article:
    """An article from loose fields: `text` and one of `title` and `question` are enough.

    Lists may be lists or one text separated by "|", ";" or line feeds. Raises ImportRowError with a sentence.
    """
    text = _shown(text_of(values, "text"))
    if not text:
        raise ImportRowError("The row has no text or answer.")
    if too_long(text):
        raise ImportRowError("The text is longer than 1 MB; split it into several articles.")
    question = _words(text_of(values, "question"))
    title = _words(text_of(values, "title")) or question or text.partition("\n")[0][:60]
    kind_name = text_of(values, "kind").strip().casefold()
    if kind_name and kind_name not in _KINDS:
        raise ImportRowError(f"The kind {kind_name[:40]!r} is unknown; known are article, faq and macro.")
    language = text_of(values, "language").strip().casefold()
    key = question or text_of(values, "title") or text
    valid_from, valid_until = parse_validity(values.get("valid_from"), values.get("valid_until"))
    return Article(
        doc_id=one_line(text_of(values, "id")) or content_id("doc", (key,)),
        title=title[:300],
        text=text,
        language=_LANGUAGES.get(language[:2]) or detect_language(f"{title} {text}"),
        kind=_KINDS.get(kind_name, ArticleKind.FAQ if question else ArticleKind.ARTICLE),
        question=question,
        variants=tuple(map(_words, texts_of(values, "variants"))),
        intents=texts_of(values, "intents"),
        visibility=_visibility(text_of(values, "visibility")),
        tags=texts_of(values, "tags"),
        source=source,
        status=parse_status(text_of(values, "status")),
        owner=one_line(text_of(values, "owner"))[:200],
        valid_from=valid_from,
        valid_until=valid_until,
        products=texts_of(values, "products"),
    )


def text_of(values: Mapping[str, Any], field: str) -> str:
    """The field as text, "" where it is missing. Raises ImportRowError for a list or an object."""
    item = values.get(field)
    if item is None:
        return ""
    if isinstance(item, (dict, list)):
        raise ImportRowError(f'"{field}" is not a text.')
    return str(item)


def texts_of(values: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """The field as texts without doubles, in order. Raises ImportRowError where it holds something else."""
    item = values.get(field)
    parts = item if isinstance(item, list) else _LIST_SPLIT.split(str(item or ""))
    if not all(isinstance(part, str) for part in parts):
        raise ImportRowError(f'"{field}" is not a list of texts.')
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _visibility(name: str) -> Visibility:
    return Visibility.INTERNAL if name.strip().casefold() in _INTERNAL else Visibility.PUBLIC
