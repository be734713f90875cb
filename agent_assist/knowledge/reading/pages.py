"""HTML files, DOCX files and PDF files as articles. For the reading child: what is parsed here is not trusted."""

from collections.abc import Iterator
from pathlib import Path

from agent_assist.domain.knowledge import Article
from agent_assist.errors import ImportRowError
from agent_assist.files.encoding import decode
from agent_assist.files.rows import RejectedRow
from agent_assist.files.walk import refuse
from agent_assist.knowledge.reading import limits
from agent_assist.knowledge.reading.document import document_articles
from agent_assist.knowledge.reading.html import Page, read_html
from agent_assist.knowledge.reading.place import doc_id_of


def read_html_file(path: Path, root: Path) -> Iterator[Article | RejectedRow]:
    """The articles of a web page."""
    if (refusal := refuse(path)) is not None:
        yield refusal
        return
    if path.stat().st_size > limits.HTML_BYTES:
        raise ImportRowError(f"The page has more than {limits.HTML_BYTES // 1_000_000} MB; split it and try again.")
    yield from page_articles(read_html(decode(path.read_bytes())), path, root)


def read_pdf_file(path: Path, root: Path) -> Iterator[Article | RejectedRow]:
    """The articles of a PDF."""
    if (refusal := refuse(path, binary=True)) is not None:
        yield refusal
        return
    from agent_assist.knowledge.reading.pdf import read_pdf  # only in the child, and only where a PDF is read

    yield from page_articles(read_pdf(path), path, root)


def read_docx_file(path: Path, root: Path) -> Iterator[Article | RejectedRow]:
    """The articles of a Word document."""
    if (refusal := refuse(path, binary=True)) is not None:
        yield refusal
        return
    from agent_assist.knowledge.reading.docx import read_docx

    yield from page_articles(read_docx(path), path, root)


def page_articles(page: Page, path: Path, root: Path) -> Iterator[Article | RejectedRow]:
    """The articles of one parsed page. The doc_id keeps the file's suffix: a page and its PDF are two documents."""
    if not page.text.strip():
        raise ImportRowError("The file holds no text that could be read.")
    values = {"id": doc_id_of(path, root), "title": page.title or path.stem, "text": page.text}
    yield from document_articles(values, path)
