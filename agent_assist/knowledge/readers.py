"""Articles out of Markdown and text files and out of FAQ tables and JSON lines."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from agent_assist.domain.knowledge import Article, ArticleKind, Visibility
from agent_assist.domain.language import Language, detect_language
from agent_assist.errors import ImportRowError
from agent_assist.files.encoding import detect_encoding
from agent_assist.files.jsonl import read_json_rows
from agent_assist.files.rows import RejectedRow, too_long
from agent_assist.files.table import TABLE_SUFFIXES, read_table
from agent_assist.files.text import clean_text, content_id, one_line
from agent_assist.files.walk import refuse, rejected, walk

_TEXT_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
_JSON_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
SUPPORTED_SUFFIXES = _TEXT_SUFFIXES | _JSON_SUFFIXES | TABLE_SUFFIXES

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
}
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
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*\n", re.DOTALL)
_LIST_SPLIT = re.compile(r"[\n|;；]+")
_H1 = re.compile(r"^ {0,3}#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


def read_articles(paths: Iterable[Path]) -> Iterator[Article | RejectedRow]:
    """Stream the articles of Markdown, text, CSV, TSV, XLSX and JSONL files and of folders of them.

    A Markdown or text file is one article; its doc_id is `id:` of its front matter, else its path below the folder
    given, without the suffix. A row without an id gets one from its question (or title), so that a changed answer
    replaces the old one.
    """
    for given in paths:
        for path in walk([given]):
            suffix = path.suffix.lower()
            if suffix in _TEXT_SUFFIXES:
                yield _text_file(path, given)
            elif suffix in _JSON_SUFFIXES:
                yield from _json_file(path)
            elif suffix in TABLE_SUFFIXES:
                yield from _table(path)
            elif not path.exists():
                yield rejected(path, "The file does not exist.")
            else:
                known = ", ".join(sorted(SUPPORTED_SUFFIXES))
                yield rejected(path, f"Files of this kind cannot be read as knowledge; known are {known}.")


def _text_file(path: Path, given: Path) -> Article | RejectedRow:
    if (refusal := refuse(path)) is not None:
        return refusal
    text = path.read_text(encoding=detect_encoding(path), errors="replace")
    head: dict[str, Any] = {}
    if path.suffix.lower() != ".txt" and (match := _FRONT_MATTER.match(text.replace("\r\n", "\n"))):
        head = _front_matter(match[1])
        text = text.replace("\r\n", "\n")[match.end() :]
    inner = path.relative_to(given) if given.is_dir() else Path(path.name)
    values = {"id": inner.with_suffix("").as_posix(), "title": _title(path, text), **head, "text": text}
    try:
        return make_article(values, source=str(path))
    except ImportRowError as error:
        return rejected(path, error.reason)


def _front_matter(block: str) -> dict[str, Any]:
    """`key: value` lines; lists as `[a, b]` or separated by commas."""
    values: dict[str, Any] = {}
    for line in block.splitlines():
        key, colon, value = line.partition(":")
        key, value = key.strip().lower(), value.strip().strip("\"'")
        if colon and key in COLUMNS and key != "text" and value:
            if key in {"variants", "intents", "tags"}:
                values[key] = [part.strip(" \"'") for part in re.split(r"[,，|;；]", value.strip("[]")) if part.strip()]
            else:
                values[key] = value
    return values


def _title(path: Path, text: str) -> str:
    if path.suffix.lower() != ".txt" and (match := _H1.search(text)):
        return match[1]
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    ends_like_a_sentence = first.endswith(tuple("。.!！?？,，;；:："))
    return first if 0 < len(first) <= 40 and not ends_like_a_sentence else path.stem


def _json_file(path: Path) -> Iterator[Article | RejectedRow]:
    for row in read_json_rows(path):
        if isinstance(row, RejectedRow):
            yield row
            continue
        values = dict(row.value)
        values.setdefault("text", values.get("answer"))
        yield _made(values, path, row.line)


def _table(path: Path) -> Iterator[Article | RejectedRow]:
    for row in read_table(path, COLUMNS, required=("text",)):
        if isinstance(row, RejectedRow):
            yield row
        else:
            yield _made({field: row.text(field) for field in row.values}, path, row.line)


def _made(values: Mapping[str, Any], path: Path, line: int) -> Article | RejectedRow:
    try:
        return make_article(values, source=str(path))
    except ImportRowError as error:
        return rejected(path, error.reason, line=line)


def make_article(values: Mapping[str, Any], *, source: str = "") -> Article:
    """An article from loose fields: `text` and one of `title` and `question` are enough.

    Lists may be lists or one text separated by "|", ";" or line feeds. Raises ImportRowError with a sentence.
    """
    text = clean_text(_string(values, "text"))
    if not text:
        raise ImportRowError("The row has no text or answer.")
    if too_long(text):
        raise ImportRowError("The text is longer than 1 MB; split it into several articles.")
    question = one_line(_string(values, "question"))
    title = one_line(_string(values, "title")) or question or text.partition("\n")[0][:60]
    kind_name = _string(values, "kind").strip().casefold()
    if kind_name and kind_name not in _KINDS:
        raise ImportRowError(f"The kind {kind_name[:40]!r} is unknown; known are article, faq and macro.")
    language = _string(values, "language").strip().casefold()
    key = question or _string(values, "title") or text
    return Article(
        doc_id=one_line(_string(values, "id")) or content_id("doc", (key,)),
        title=title[:300],
        text=text,
        language=_LANGUAGES.get(language[:2]) or detect_language(f"{title} {text}"),
        kind=_KINDS.get(kind_name, ArticleKind.FAQ if question else ArticleKind.ARTICLE),
        question=question,
        variants=tuple(one_line(item) for item in _strings(values, "variants")),
        intents=_strings(values, "intents"),
        visibility=_visibility(_string(values, "visibility")),
        tags=_strings(values, "tags"),
        source=source,
    )


def _visibility(name: str) -> Visibility:
    return Visibility.INTERNAL if name.strip().casefold() in _INTERNAL else Visibility.PUBLIC


def _string(values: Mapping[str, Any], field: str) -> str:
    item = values.get(field)
    if item is None:
        return ""
    if isinstance(item, (dict, list)):
        raise ImportRowError(f'"{field}" is not a text.')
    return str(item)


def _strings(values: Mapping[str, Any], field: str) -> tuple[str, ...]:
    item = values.get(field)
    parts = item if isinstance(item, list) else _LIST_SPLIT.split(str(item or ""))
    if not all(isinstance(part, str) for part in parts):
        raise ImportRowError(f'"{field}" is not a list of texts.')
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
