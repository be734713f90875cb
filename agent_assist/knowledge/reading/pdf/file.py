"""Opening a PDF, its limits, and why it may be refused.

pypdfium2 carries pdfium, the engine of Chrome (BSD and Apache): its text is the best of the free ones for Chinese, and
its wheels exist for every system. pypdf is slower by far and poor in Chinese; PyMuPDF is AGPL.
"""

from pathlib import Path

import pypdfium2

from agent_assist.errors import ImportRowError
from agent_assist.knowledge.reading import limits
from agent_assist.knowledge.reading.html import Page
from agent_assist.knowledge.reading.pdf.flow import Flow
from agent_assist.knowledge.reading.pdf.lines import Line, page_lines
from agent_assist.knowledge.reading.pdf.running import without_running

_PASSWORD = 4
# A stamp or a page number beside a scan is no text layer.
_MIN_CHARS_A_PAGE = 3


def read_pdf(path: Path) -> Page:
    """Raises ImportRowError with a sentence for a PDF without a text layer, with a password, damaged or too long."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise ImportRowError("The PDF is protected with a password; save it anew without one.") from error
        raise ImportRowError("The PDF is damaged and cannot be opened; save it anew and try again.") from error
    try:
        if len(document) > limits.PDF_PAGES:
            raise ImportRowError(f"The PDF has more than {limits.PDF_PAGES:,} pages; split it and try again.")
        return _page(_lines(document), len(document))
    finally:
        document.close()


def _page(pages: list[list[Line]], count: int) -> Page:
    chars = sum(len(line.text) for page in pages for line in page)
    if chars < _MIN_CHARS_A_PAGE * count or not chars:
        raise ImportRowError(
            "The PDF holds no text, only pictures of it (a scan); run text recognition over it and try again."
        )
    flow = Flow([line for page in without_running(pages) for line in page])
    return Page(title=flow.title, text=flow.markdown())


def _lines(document: pypdfium2.PdfDocument) -> list[list[Line]]:
    pages = []
    chars = 0
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        pages.append(list(page_lines(text, number)))
        text.close()
        page.close()
        chars += sum(len(line.text) for line in pages[-1])
        if chars > limits.TEXT_CHARS:
            raise ImportRowError(
                f"The PDF has more than {limits.TEXT_CHARS:,} characters; split it into several files."
            )
    return pages
