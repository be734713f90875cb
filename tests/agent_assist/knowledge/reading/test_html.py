"""Web pages: their structure stays, what acts, hides or surrounds does not."""

from pathlib import Path

import pytest

from agent_assist.domain.knowledge import ArticleKind
from agent_assist.knowledge.reading.html import read_html, words_of_html
from agent_assist.knowledge.splitter import split_article
from tests.agent_assist.knowledge.reading.conftest import Read

PAGE = """<html><head><title>Shipping – Shop</title><style>p{}</style><script>steal()</script></head><body>
<header><nav><ul><li><a href=/>Home</a></ul></nav><h1>Shipping</h1></header><div class="breadcrumb">Home</div>
<p>We ship <b>fast</b> with <a href="https://dhl.example/track">DHL</a>.</p>
<h2>Fees</h2><table><tr><th>Country<th>Fee<th>Days</tr><tr><td rowspan=2>DE<td>5 €<td>2<tr><td>9 €<td>1
<tr><td colspan=2>elsewhere<td>7|8</table>
<ul><li>one<ul><li>inner</ul><li><p>two</p><p>more</p></ul><ol start=3><li>c<li>d</ol>
<h2>How do I return an item?</h2><p>Open My Orders.</p><p>Then tap Return.</p>
<h2>FAQ</h2><dl><dt>Return fee<dd>None.</dl>
<details><summary>Is there a shop?</summary>No, <i>only</i> online.</details>
<h2>Specs</h2><dl><dt>Weight<dd>5 g</dl><footer>© me</footer></body></html>"""


def test_a_page_through_the_child(tmp_path: Path, read: Read) -> None:
    (tmp_path / "ship.html").write_text(PAGE, encoding="utf-8")
    [page, *questions], rejected = read(tmp_path / "ship.html")
    assert not rejected
    assert (page.doc_id, page.title, page.kind) == ("ship.html", "Shipping", ArticleKind.ARTICLE)
    assert page.source == str(tmp_path / "ship.html")
    assert page.text == (
        "# Shipping\n\nWe ship fast with [DHL](https://dhl.example/track).\n\n## Fees\n\n"
        "| Country | Fee | Days |\n| --- | --- | --- |\n| DE | 5 € | 2 |\n| DE | 9 € | 1 |\n"
        "| elsewhere | elsewhere | 7\\|8 |\n\n"
        "- one\n  - inner\n- two\n  more\n\n3. c\n4. d\n\n## Specs\n\n- Weight: 5 g"
    )
    assert [(one.question, one.text) for one in questions] == [
        ("How do I return an item?", "Open My Orders.\n\nThen tap Return."),
        ("Return fee", "None."),
        ("Is there a shop?", "No, only online."),
    ]
    assert all(one.kind is ArticleKind.FAQ and one.doc_id.startswith("ship.html#q-") for one in questions)
    assert questions[0].title == "Shipping › How do I return an item?"


def test_rows_of_a_long_table_keep_their_header() -> None:
    rows = "".join(f"<tr><td>Country {n}<td>{n} euros and some cents<td>{n} days</tr>" for n in range(200))
    text = read_html(f"<table><tr><th>Country<th>Fee<th>Days</tr>{rows}</table>").text
    assert text.count("\n") == 201
    from agent_assist.knowledge.reading.fields import make_article

    passages = split_article(make_article({"title": "t", "text": text}))
    assert len(passages) > 3
    assert all("| Country | Fee | Days |" in passage.title for passage in passages[1:])


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>x</p>",
        '<p style="color:red; display : none">x</p>',
        '<div style="visibility:hidden"><p>x</p></div>',
        '<p style="font-size:0">x</p>',
        '<span aria-hidden="true">x</span>',
        "<template>x</template>",
        "<dialog>x</dialog>",
        "<noscript>x</noscript>",
        "<script>x</script>",
        "<style>x</style>",
        "<svg><text>x</text></svg>",
        "<iframe src=a>x</iframe>",
        "<nav>x</nav>",
        "<aside>x</aside>",
        '<div class="cookie-banner">x</div>',
        '<div role="navigation">x</div>',
        "<footer>x</footer>",
        '<img src="http://t/p.gif" width=1 height=1 alt=x>',
        "<!-- x -->",
    ],
)
def test_what_a_reader_does_not_see_is_gone(hidden: str) -> None:
    assert read_html(f"<body><p>before</p>{hidden}<p>after</p></body>").text == "before\n\nafter"


def test_the_main_part_goes_before_what_surrounds_it() -> None:
    page = read_html("<body><div>menu menu</div><main><h1>T</h1><p>What the page is about.</p></main><div>more</div>")
    assert page.text == "# T\n\nWhat the page is about."


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<a href="javascript:alert(1)">go</a>', "go"),
        ('<a href=" java&#10;script:alert(1)">go</a>', "go"),
        ('<a href="data:text/html,x">go</a>', "go"),
        ('<a href="/local">go</a>', "go"),
        ('<a href="file:///etc/passwd">go</a>', "go"),
        ('<img src=x onerror="alert(1)" alt="A box">', "A box"),
        ('<p onclick="alert(1)">go</p>', "go"),
        ("&lt;img src=x onerror=alert(1)&gt;", "< img src=x onerror=alert(1)>"),
        ("![x](http://evil/x.png)", "! [x] (http://evil/x.png)"),
        ("[x](javascript:alert(1))", "[x] (javascript:alert(1))"),
        ("[x]: http://evil", "[x] : http://evil"),
        ('<a href="https://a.b/(x)">a [b](javascript:c)</a>', "[a (b) (javascript:c)](https://a.b/%28x%29)"),
        ('<a href="mailto:a@b.c">a@b.c</a>', "a@b.c"),
    ],
)
def test_nothing_acts_or_loads_when_shown(html: str, text: str) -> None:
    assert read_html(f"<body><div>{html}</div></body>").text == text


def test_layout_tables_are_no_tables() -> None:
    page = read_html("<table><tr><td><table><tr><td>a<td>b</table></td><td><p>c</p></td></tr></table>")
    assert page.text == "| a | b |\n| --- | --- |\n\nc"


def test_answers_with_an_editors_html() -> None:
    assert words_of_html("a < b\nc") == "a < b\nc"
    assert words_of_html("one <b>two</b>\nthree") == "one two\nthree"
    assert words_of_html("<p>one</p>\n<ul><li>two</li></ul>") == "one\n\n- two"


def test_chinese_pages_in_their_own_encoding(tmp_path: Path, read: Read) -> None:
    page = "<html><head><meta charset=gb2312><title>运费说明</title></head><body><p>满九十九元包邮，偏远地区除外。</p>"
    (tmp_path / "a.htm").write_bytes(page.encode("gb18030"))
    (tmp_path / "empty.html").write_text("<html><script>x</script></html>", encoding="utf-8")
    [article], _ = read(tmp_path / "a.htm")
    assert (article.title, article.text) == ("运费说明", "满九十九元包邮，偏远地区除外。")
    _, [bad] = read(tmp_path / "empty.html")
    assert "no text" in bad.reason
