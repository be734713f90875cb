"""PDFs of reportlab's making; its Chinese font needs no font file."""

from pathlib import Path

import pytest
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import ListFlowable, PageBreak, Paragraph, SimpleDocTemplate, Table

from agent_assist.domain.language import Language
from tests.agent_assist.knowledge.reading.conftest import Read

STYLES = getSampleStyleSheet()
CHINESE = ParagraphStyle("zh", parent=STYLES["Normal"], fontName="STSong-Light", wordWrap="CJK")
CHINESE_HEADING = ParagraphStyle("zh1", parent=CHINESE, fontSize=18, leading=24)


@pytest.fixture(scope="module", autouse=True)
def chinese_font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def write(path: Path, story: list[object], *, head: str = "") -> None:
    def decorate(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.drawString(72, 810, head)
        canvas.drawString(280, 30, f"Page {document.page} of 4")

    template = SimpleDocTemplate(str(path))
    if head:
        template.build(story, onFirstPage=decorate, onLaterPages=decorate)
    else:
        template.build(story)


def test_structure_of_a_manual(tmp_path: Path, read: Read) -> None:
    sentence = "Returns are accepted within thirty days of delivery; the customer pays. "
    story = [
        *(Paragraph("Return policy", STYLES["Title"]), Paragraph("Deadlines", STYLES["Heading2"])),
        *(Paragraph(sentence * 2, STYLES["Normal"]), Paragraph("A second paragraph. " * 9, STYLES["Normal"])),
        Table([["Country", "Fee", "Days"], ["Germany", "5 EUR", "2"], ["France", "7 EUR", "3"]]),
        ListFlowable([Paragraph(f"{one} thing", STYLES["Normal"]) for one in ("first", "second")], bulletType="bullet"),
        *(PageBreak(), Paragraph("How do I pay?", STYLES["Heading2"]), Paragraph("By card.", STYLES["Normal"])),
        *(PageBreak(), Paragraph("Contact", STYLES["Heading2"]), Paragraph("By mail.", STYLES["Normal"])),
    ]
    write(tmp_path / "manual.pdf", story, head="Shop manual, internal")
    [manual, question], rejected = read(tmp_path / "manual.pdf")
    assert not rejected
    assert (manual.doc_id, manual.title) == ("manual.pdf", "Return policy")
    assert manual.text == (
        f"# Return policy\n\n## Deadlines\n\n{(sentence * 2).strip()}\n\n{('A second paragraph. ' * 9).strip()}\n\n"
        "| Country | Fee | Days |\n| --- | --- | --- |\n| Germany | 5 EUR | 2 |\n| France | 7 EUR | 3 |\n\n"
        "- first thing\n- second thing\n\n## Contact\n\nBy mail."
    )
    assert (question.question, question.text) == ("How do I pay?", "By card.")


def test_chinese_lines_are_joined_without_blanks(tmp_path: Path, read: Read) -> None:
    text = (
        "签收后七天内可以申请退货，商品需保持完好，不影响二次销售。定制商品、贴身衣物和已拆封的耳机不支持无理由退货。"
        * 3
    )
    write(tmp_path / "zh.pdf", [Paragraph("退货政策", CHINESE_HEADING), Paragraph(text, CHINESE)])
    [article], _ = read(tmp_path / "zh.pdf")
    assert article.text == f"# 退货政策\n\n{text}"
    assert (article.title, article.language) == ("退货政策", Language.ZH)


def test_hyphenation_is_undone(tmp_path: Path, read: Read) -> None:
    canvas = Canvas(str(tmp_path / "h.pdf"))
    lines = ("The customer may re-", "turn the well-known", "item. It is well-", "known to semi-", "Automatic shops.")
    for number, line in enumerate(lines):
        canvas.drawString(72, 700 - 14 * number, line)
    canvas.save()
    [article], _ = read(tmp_path / "h.pdf")
    assert article.text == "The customer may return the well-known item. It is well-known to semi-Automatic shops."


def test_refused_pdfs_and_why(tmp_path: Path, read: Read) -> None:
    scan = Canvas(str(tmp_path / "scan.pdf"))
    scan.rect(10, 10, 100, 100, fill=1)
    scan.save()
    locked = Canvas(str(tmp_path / "locked.pdf"), encrypt="secret")
    locked.drawString(72, 700, "words")
    locked.save()
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing of the kind")
    for name, word in (("scan", "text recognition"), ("locked", "password"), ("broken", "damaged")):
        articles, [row] = read(tmp_path / f"{name}.pdf")
        assert not articles
        assert word in row.reason
        assert row.file == str(tmp_path / f"{name}.pdf")
