"""Files that are made to do harm: refused with a sentence, or read without it."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from agent_assist.domain.knowledge import Article
from agent_assist.knowledge import read_articles
from agent_assist.knowledge.reading.document import document_articles
from agent_assist.knowledge.reading.inert import inert_markdown
from tests.agent_assist.knowledge.reading.conftest import Read
from tests.agent_assist.knowledge.reading.hostile import (
    part,
    with_entities,
    with_part,
    write_docx,
    write_xlsx,
    zip_of_zeros,
)


def refused(read: Read, path: Path) -> str:
    articles, [row] = read(path)
    assert not articles
    return row.reason


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_zip_bomb(suffix: str, tmp_path: Path, read: Read) -> None:
    path = tmp_path / f"bomb{suffix}"
    (write_docx if suffix == ".docx" else write_xlsx)(path)
    with_part(path, "word/huge.xml", bytes(60_000_000))
    assert "150 times its size" in refused(read, path)


def test_zip_bomb_by_its_size_alone(tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    from agent_assist.errors import ImportRowError
    from agent_assist.knowledge.reading import limits
    from agent_assist.knowledge.reading.archive import check_archive

    write_docx(tmp_path / "a.docx")
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 10_000)
    with pytest.raises(ImportRowError, match="unpacks to more than"):
        check_archive(tmp_path / "a.docx")


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_nested_zip(suffix: str, tmp_path: Path, read: Read) -> None:
    """One that only pretends is refused; one that is embedded in a real document is never opened."""
    (tmp_path / f"fake{suffix}").write_bytes(zip_of_zeros(5))
    assert "not of the kind" in refused(read, tmp_path / f"fake{suffix}")
    path = tmp_path / f"real{suffix}"
    (write_docx if suffix == ".docx" else write_xlsx)(path)
    with_part(path, f"word/embeddings/inner{suffix}", zip_of_zeros(5))
    articles, rejected = read(path)
    assert (len(articles), rejected) == (1, [])


@pytest.mark.parametrize(("suffix", "name"), [(".docx", "word/document.xml"), (".xlsx", "xl/worksheets/sheet1.xml")])
def test_billion_laughs(suffix: str, name: str, tmp_path: Path, read: Read) -> None:
    path = tmp_path / f"laughs{suffix}"
    if suffix == ".docx":
        write_docx(path, "WORDS")
    else:
        write_xlsx(path, "WORDS")
    with_entities(path, name, "WORDS")
    assert "XML entities" in refused(read, path)


def test_billion_laughs_in_utf_16(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "laughs.docx"
    write_docx(path, "WORDS")
    with_entities(path, "word/document.xml", "WORDS")
    xml = part(path, "word/document.xml").decode("utf-8").replace("UTF-8", "UTF-16")
    with_part(path, "word/document.xml", xml.encode("utf-16"))
    assert "XML entities" in refused(read, path)


def test_huge_cell(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "cell.xlsx"
    write_xlsx(path, "SMALL")
    with_part(path, "xl/worksheets/sheet1.xml", _with_inline(path, "word " * 500_000))
    assert "longer than 1 MB" in refused(read, path)
    table = tmp_path / "cell.csv"
    table.write_text('question,answer\nq,"' + "word " * 500_000 + '"\nq2,fine\n', encoding="utf-8")
    [fine], [bad] = read(table)
    assert (fine.text, bad.line) == ("fine", 2)


def _with_inline(path: Path, text: str) -> bytes:
    cells = (f'<c r="{cell}" t="inlineStr"><is><t>{words}</t></is></c>' for cell, words in (("A2", "q"), ("B2", text)))
    row = f'<row r="2">{"".join(cells)}</row>'
    head, _, rest = part(path, "xl/worksheets/sheet1.xml").partition(b'<row r="2">')
    return head + row.encode() + rest.partition(b"</row>")[2]


def test_a_cell_at_the_end_of_the_sheet(tmp_path: Path, read: Read) -> None:
    """A sheet of two cells that says it has seventeen thousand million."""
    path = tmp_path / "far.xlsx"
    book = Workbook()
    book.active.append(["question", "answer"])
    book.active.append(["q", "a"])
    book.active["XFD1048576"] = "x"
    book.save(path)
    articles, rejected = read(path)
    assert [one.text for one in articles] == ["a"]
    assert not rejected


@pytest.mark.parametrize("depth", [1_500, 10_000, 200_000])
@pytest.mark.parametrize("closed", [True, False])
def test_deep_html(depth: int, closed: bool, tmp_path: Path, read: Read) -> None:
    path = tmp_path / "deep.html"
    path.write_text("<div>" * depth + "words" + "</div>" * depth * closed, encoding="utf-8")
    assert "too deeply" in refused(read, path)


def test_deep_html_in_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "deep.csv"
    rows = ("<b>" * 100_000, "<b/>" * 100_000, "<b title='</b>'>" * 50_000, "<b title='<'>" * 50_000)
    path.write_text("question,answer\n" + "".join(f"q,{row}</p>\n" for row in rows) + "q,fine\n", encoding="utf-8")
    *bad, fine = read_articles([path])
    assert len(bad) == len(rows)
    assert not any(isinstance(row, Article) for row in bad)
    assert isinstance(fine, Article)


def test_deep_xml(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "deep.docx"
    write_docx(path, "WORDS")
    xml = part(path, "word/document.xml").replace(b"<w:body>", b"<w:body>" + b"<w:ins>" * 5_000, 1)
    with_part(path, "word/document.xml", xml.replace(b"</w:body>", b"</w:ins>" * 5_000 + b"</w:body>", 1))
    assert "too deeply" in refused(read, path)


def test_javascript_links_and_onerror_handlers(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "bad.html"
    path.write_text(
        '<h1>T</h1><p><a href="javascript:alert(1)">one</a> <a href="JAVASCRIPT:alert(1)">two</a>'
        ' <a href="vbscript:x">three</a> <img src=x onerror=alert(1)> <img src="//t/p.gif" alt="four">'
        ' <svg onload=alert(1)><a xlink:href="javascript:alert(1)">five</a></svg> <b onmouseover=alert(1)>six</b></p>'
        '<form action="javascript:x"><input value=seven><button formaction="javascript:x">eight</button></form>'
        '<meta http-equiv=refresh content="0;url=javascript:x"><base href="javascript:x"><object data=x>nine</object>',
        encoding="utf-8",
    )
    [article], _ = read(path)
    assert article.text == "# T\n\none two three four six\n\neight"


def test_no_file_makes_the_questions_slow() -> None:
    """Each is a megabyte that takes the square of its length where a pattern goes back over it."""
    for piece in (
        "Q: a\nA: b\n# c\n",
        "![",
        "[a](",
        "<!--",
        "<script",
        "**a?**\n",
        "# a?\n",
        "<a",
        "[a]: ",
        "\\",
        "> ",
    ):
        text = piece * (100_000 // len(piece))
        inert_markdown(text)
        list(document_articles({"id": "a", "title": "t", "text": text}, Path("a.md")))
    inert_markdown("[a](" + "b" * 1_000_000)
