"""Tables and JSON lines: the standing of articles, and products."""

import json
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.knowledge import RejectedRow, read_articles
from agent_assist.knowledge.splitter import split_article


def read(*paths: Path) -> tuple[list[Article], list[RejectedRow]]:
    rows = list(read_articles(paths))
    return [row for row in rows if isinstance(row, Article)], [row for row in rows if isinstance(row, RejectedRow)]


def local(*parts: int) -> datetime:
    return datetime(*parts).astimezone()  # type: ignore[misc, arg-type]


def test_standing_in_a_chinese_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "问题,答案,状态,负责人,生效日期,有效期至,商品编码\n"
        "怎么退,申请售后,已审核,王芳,2026-11-01,2026年11月11日,A-1|A-2\n"
        "还有券吗,有,草稿,,,长期,\n"
        "坏行,答,随便,,,,\n"
        "坏日期,答,,,下周,,\n"
        "倒了,答,,,2026-12-01,2026-11-01,\n",
        encoding="utf-8",
    )
    [first, second], rejected = read(path)
    assert (first.status, first.owner, first.products) == (ArticleStatus.APPROVED, "王芳", ("A-1", "A-2"))
    # The last day is part of it: the article holds until before the next one.
    assert (first.valid_from, first.valid_until) == (local(2026, 11, 1), local(2026, 11, 12))
    assert (second.status, second.valid_until) == (ArticleStatus.DRAFT, None)
    assert [row.line for row in rejected] == [4, 5, 6]
    assert "随便" in rejected[0].reason
    assert "下周" in rejected[1].reason
    assert "before its start" in rejected[2].reason


def test_dates_of_a_workbook_and_moments_in_json(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Question", "Answer", "Status", "Valid from", "Valid until", "SKU"])
    book.active.append(["q", "a", "Disabled", datetime(2026, 1, 1), datetime(2026, 1, 31), "X1"])
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "b.jsonl").write_text(
        '{"id":"b","text":"t","valid_until":"2026-01-31T00:00:00+00:00","负责人":"Li","products":["P"],"type":"post"}',
        encoding="utf-8",
    )
    [sheet, line], rejected = read(tmp_path)
    assert not rejected
    assert (sheet.status, sheet.valid_until) == (ArticleStatus.BLOCKED, local(2026, 2, 1))
    assert line.valid_until == datetime.fromisoformat("2026-01-31T00:00:00+00:00")
    assert (line.owner, line.products, line.kind) == ("Li", ("P",), ArticleKind.ARTICLE)


def test_standing_in_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\n状态: 停用\nowner: Ann\nvalid_until: 2026-11-11 18:00\nproducts: [A, B]\ntype: page\n---\nText.\n",
        encoding="utf-8",
    )
    (tmp_path / "b.md").write_text("---\nvalid_from: soon\n---\nText.\n", encoding="utf-8")
    [article], [bad] = read(tmp_path)
    assert (article.status, article.owner, article.products) == (ArticleStatus.BLOCKED, "Ann", ("A", "B"))
    assert article.valid_until == local(2026, 11, 11, 18)
    assert "'soon'" in bad.reason


def test_a_product_table_in_its_own_language(tmp_path: Path) -> None:
    (tmp_path / "zh.csv").write_text(
        "导出日期 2026-11-01,,,,,,\n商品编码,商品名称,售价,币种,库存,适用机型,颜色\n"
        "A-1,磁吸充电宝,149,CNY,680,iPhone 12 及以上,黑色\n,,9,,,,\n",
        encoding="utf-8",
    )
    book = Workbook()
    book.active.append(["SKU", "Product name", "Price", "Stock", "Compatible with", "Weight"])
    book.active.append(["B-2", "磐格 case", "$19.90", 0, "R5, R6", "20 g"])
    faq = book.create_sheet("FAQ")
    faq.append(["question", "answer", "sku"])
    faq.append(["Does it fit?", "Yes.", "B-2"])
    book.save(tmp_path / "b.xlsx")
    [english, question, chinese], [bad] = read(tmp_path)
    assert (chinese.doc_id, chinese.title, chinese.products) == ("product-A-1", "磁吸充电宝", ("A-1",))
    assert chinese.text.splitlines() == [
        *(
            "磁吸充电宝",
            "",
            "- 商品编号：A-1",
            "- 价格：¥149",
            "- 库存：680",
            "- 适用型号：iPhone 12 及以上",
            "- 颜色：黑色",
        ),
    ]
    assert (english.language, english.kind, english.question) == (Language.EN, ArticleKind.ARTICLE, "")
    assert "- Stock: 0" in english.text.splitlines()
    assert "- Compatible with: R5, R6" in english.text.splitlines()
    assert "- Weight: 20 g" in english.text.splitlines()
    assert (question.kind, question.products) == (ArticleKind.FAQ, ("B-2",))
    assert bad.line == 4


def test_products_as_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    row = {"sku": "S", "name": "耳机", "price": 399, "currency": "CNY", "stock": 3, "aliases": ["小耳", "Air"]}
    row |= {
        "attributes": {"colors": ["白", "黑"], "anc": True},
        "compatible_with": ["iOS", "Android"],
        "warranty": "1 年",
    }
    chinese = {"商品编码": "Z", "名称": "灯", "库存": 0, "产地": "杭州"}
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in (row, chinese)), encoding="utf-8")
    [product, lamp], rejected = read(path)
    assert not rejected
    assert lamp.text.splitlines() == ["灯", "", "- 商品编号：Z", "- 库存：0", "- 产地：杭州"]
    lines = product.text.splitlines()
    assert {"- 价格：¥399", "- 库存：3", "- 别名：小耳、Air", "- colors：白、黑", "- anc：是"} <= set(lines)
    assert {"- 适用型号：iOS、Android", "- warranty：1 年"} <= set(lines)


def test_the_sample_products_are_read_whole() -> None:
    from importlib.resources import files

    articles, rejected = read(Path(str(files("resources"))) / "samples" / "products.jsonl")
    assert not rejected
    assert len(articles) > 30
    assert all(one.products and one.products[0] in split_article(one)[0].text for one in articles)


def test_titles_and_questions_are_no_rich_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'question,answer,variants\n<img src=x onerror=y> why?,"<p>So <b>be</b> it.</p>",<b>x\n', encoding="utf-8"
    )
    [article], _ = read(path)
    assert (article.question, article.text, article.variants) == (
        "< img src=x onerror=y> why?",
        "So be it.",
        ("< b>x",),
    )
    assert article.title == article.question
