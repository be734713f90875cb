"""Articles out of JSON lines and tables: FAQ, articles or products, a row each."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from agent_assist.domain.knowledge import Article
from agent_assist.domain.language import detect_language
from agent_assist.errors import ImportRowError
from agent_assist.files.jsonl import read_json_rows
from agent_assist.files.rows import RejectedRow, too_long
from agent_assist.files.table import Layout, Record, read_layouts
from agent_assist.files.walk import refuse, rejected
from agent_assist.knowledge.reading import limits
from agent_assist.knowledge.reading.archive import check_archive
from agent_assist.knowledge.reading.fields import COLUMNS, make_article, named_fields
from agent_assist.knowledge.reading.html import words_of_html
from agent_assist.knowledge.reading.products import PRODUCT_COLUMNS, PRODUCT_REQUIRED, product_article, product_fields

LAYOUTS = (
    # A table with questions in it is one of questions, whatever else it says about products.
    Layout(name="faq", columns=COLUMNS, required=[frozenset({"question", "text"})]),
    Layout(name="products", columns=PRODUCT_COLUMNS, required=PRODUCT_REQUIRED),
    Layout(name="articles", columns=COLUMNS, required=[frozenset({"text"})]),
)


def read_json_file(path: Path) -> Iterator[Article | RejectedRow]:
    """The articles and products of a JSONL file or of a JSON file with one array."""
    for row in read_json_rows(path):
        if isinstance(row, RejectedRow):
            yield row
        elif (product := product_fields(row.value)) is not None:
            yield _made(partial(product_article, *product), path, row.line)
        else:
            yield _made(partial(_text_article, named_fields(row.value)), path, row.line)


def read_table_file(path: Path) -> Iterator[Article | RejectedRow]:
    """The articles and products of a CSV or TSV table."""
    for row in read_layouts(path, LAYOUTS):
        if isinstance(row, RejectedRow):
            yield row
        else:
            yield _made(partial(record_article, row), path, row.line)


def record_article(row: Record, *, source: str) -> Article:
    """The article of a table's row, by its layout. Raises ImportRowError."""
    if row.layout == "products":
        return _table_product(row, source=source)
    return _text_article({field: row.text(field) for field in row.values}, source=source)


def read_workbook_file(path: Path) -> Iterator[Article | RejectedRow]:
    """The same for a workbook, which is looked at before it is unpacked. For the child."""
    if (refusal := refuse(path)) is not None:
        yield refusal
        return
    check_archive(path)
    for count, row in enumerate(read_table_file(path)):
        if count == limits.ROWS:
            yield rejected(path, f"The workbook has more than {limits.ROWS:,} rows; the rest was left out. Split it.")
            return
        yield row


def _text_article(values: Mapping[str, Any], *, source: str) -> Article:
    text = values.get("text")
    if isinstance(text, str) and not too_long(text):
        values = {**values, "text": words_of_html(text)}
    return make_article(values, source=source)


def _table_product(record: Record, *, source: str) -> Article:
    language = detect_language(" ".join(record.header))
    values = {field: record.text(field) for field in record.values}
    return product_article(values, record.others, language=language, source=source)


def _made(make: Callable[..., Article], path: Path, line: int) -> Article | RejectedRow:
    try:
        return make(source=str(path))
    except ImportRowError as error:
        return rejected(path, error.reason, line=line)
