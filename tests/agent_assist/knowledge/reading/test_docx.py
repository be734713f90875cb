"""Word documents of python-docx's making."""

import zipfile
from pathlib import Path

from docx import Document

from tests.agent_assist.knowledge.reading.conftest import Read
from tests.agent_assist.knowledge.reading.hostile import part, with_part

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def test_structure_of_a_guide(tmp_path: Path, read: Read) -> None:
    document = Document()
    document.add_heading("退货指南", 0)
    document.add_heading("退款", 1)
    document.add_paragraph("退款三个工作日内到账。")
    for text in ("一", "二"):
        document.add_paragraph(text, style="List Bullet")
    table = document.add_table(rows=3, cols=2)
    for row, cells in enumerate((("Country", "Fee"), ("DE", "5 €"), ("FR", "7 €"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    paragraph = document.add_paragraph("shown ")
    paragraph.add_run("secret").font.hidden = True
    document.add_heading("怎么退货？", 2)
    document.add_paragraph("打开订单，点申请售后。")
    document.add_paragraph().add_run("要运费吗？").bold = True
    document.add_paragraph("不要。")
    document.save(str(tmp_path / "guide.docx"))
    [guide, fee], rejected = read(tmp_path / "guide.docx")
    assert not rejected
    assert (guide.title, guide.doc_id) == ("退货指南", "guide.docx")
    assert guide.text == (
        "# 退货指南\n\n# 退款\n\n退款三个工作日内到账。\n\n- 一\n- 二\n\n| Country | Fee |\n| --- | --- |\n"
        "| DE | 5 € |\n| FR | 7 € |\n\nshown\n\n## 怎么退货？\n\n打开订单，点申请售后。"
    )
    assert (fee.question, fee.text) == ("要运费吗？", "不要。")


def test_tracked_changes_links_lists_and_merged_cells(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.docx"
    document = Document()
    document.add_paragraph("BODY")
    relation = document.part.relate_to("https://a.b/c", f"{_OFFICE}/hyperlink", is_external=True)
    evil = document.part.relate_to("javascript:alert(1)", f"{_OFFICE}/hyperlink", is_external=True)
    document.save(str(path))
    cells = "<w:tc><w:tcPr>{}</w:tcPr><w:p>{}</w:p></w:tc>"
    body = "".join(
        (
            f"<w:p>{run('old', tag='del')}{run('new', tag='ins')} {run(' kept')}</w:p>",
            f'<w:p><w:hyperlink r:id="{relation}">{run("more")}</w:hyperlink>',
            f'<w:hyperlink r:id="{evil}">{run(" trap")}</w:hyperlink></w:p>',
            *(item(f"<w:r><w:t>step {n}</w:t></w:r>", "ListNumber") for n in (1, 2)),
            f"<w:p>{run('between')}</w:p>",
            item(run("step 3"), "ListNumber"),
            f'<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr>{run("Outlined")}</w:p>',
            "<w:tbl><w:tr>",
            *(cells.format("", run(word)) for word in ("Land", "Fee", "Days")),
            "</w:tr><w:tr>",
            cells.format('<w:vMerge w:val="restart"/>', run("DE")),
            cells.format('<w:gridSpan w:val="2"/>', run("on request")),
            "</w:tr><w:tr>",
            *(cells.format(*one) for one in (("<w:vMerge/>", ""), ("", run("5 €")), ("", run("2")))),
            "</w:tr></w:tbl>",
        )
    )
    xml = part(path, "word/document.xml").decode()
    start, end = xml.index("<w:p>"), xml.index("</w:p>") + len("</w:p>")
    with_part(path, "word/document.xml", (xml[:start] + body + xml[end:]).encode())
    [article], rejected = read(path)
    assert not rejected
    assert article.text == (
        "new kept\n\n[more](https://a.b/c) trap\n\n1. step 1\n2. step 2\n\nbetween\n\n3. step 3\n\n## Outlined\n\n"
        "| Land | Fee | Days |\n| --- | --- | --- |\n| DE | on request | on request |\n| DE | 5 € | 2 |"
    )


def run(text: str, *, tag: str = "") -> str:
    inner = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f"<w:{tag}>{inner}</w:{tag}>" if tag else inner


def item(inner: str, style: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{inner}</w:p>'


def test_pictures_and_links_of_a_document_do_nothing(tmp_path: Path, read: Read) -> None:
    document = Document()
    document.add_paragraph("See ![x](http://evil/x.png) and <img src=x>.")
    document.save(str(tmp_path / "a.docx"))
    [article], _ = read(tmp_path / "a.docx")
    assert article.text == "See ! [x] (http://evil/x.png) and < img src=x>."


def test_refused_documents_and_why(tmp_path: Path, read: Read) -> None:
    (tmp_path / "old.docx").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    (tmp_path / "cut.docx").write_bytes(b"PK\x03\x04" + bytes(100))
    with zipfile.ZipFile(tmp_path / "other.docx", "w") as archive:
        archive.writestr("a.txt", "x")
    Document().save(str(tmp_path / "blank.docx"))
    for name, word in (("old", "password"), ("cut", "zip"), ("other", "not of the kind"), ("blank", "no text")):
        articles, [row] = read(tmp_path / f"{name}.docx")
        assert not articles
        assert word in row.reason
