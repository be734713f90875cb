"""Questions and answers in running text."""

from itertools import pairwise
from pathlib import Path

import pytest

from agent_assist.domain.knowledge import ArticleKind, ArticleStatus, Visibility
from agent_assist.knowledge.reading.questions import MAX_ANSWER, find_pairs, is_question
from tests.agent_assist.knowledge.reading.conftest import Read


def pairs(text: str, title: str = "") -> list[tuple[str, str]]:
    return [(pair.question, pair.answer) for pair in find_pairs(text, title=title)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Q: How?\nA: So.", [("How?", "So.")]),
        ("Q: How? A: So.\nQ: Why? A: Thus.", [("How?", "So."), ("Why?", "Thus.")]),
        (
            "问：怎么退？\n答：申请售后。\n\n第二段。\n问：多久到账？答：三天。",
            [("怎么退？", "申请售后。\n\n第二段。"), ("多久到账？", "三天。")],
        ),
        ("**Q1: Where?**\n**A:** Here.\n\n# Next\ntext", [("Where?", "Here.")]),
        ("问题1：能退吗\n答案：能。", [("能退吗", "能。")]),
        ("- Q: a?\n- A: b.", [("a?", "b.")]),
        ("## 怎么申请退货\n申请售后。\n\n第二段。\n\n## 说明\n文字", [("怎么申请退货", "申请售后。\n\n第二段。")]),
        ("## 1. Can I pay later?\nYes.", [("Can I pay later?", "Yes.")]),
        ("**保修多久？**\n一年。\n\n**能延长吗？**\n\n能。", [("保修多久？", "一年。"), ("能延长吗？", "能。")]),
        ("## What is it?\n### Part\ntext\n### Part\ntext", []),
        ("## Returns\ntext\n\nA: lone answer", []),
        ("Q: a question without an answer", []),
        ("## Why?\n" + "x" * (MAX_ANSWER + 1), []),
    ],
)
def test_pairs(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


def test_below_a_faq_heading_every_part_is_a_question() -> None:
    text = "# Shop\n\n## FAQ\n\n### Return fee\nNone.\n\n## About\nUs."
    assert pairs(text) == [("Return fee", "None.")]
    assert pairs("## 运费\n八元。", title="常见问题") == [("运费", "八元。")]
    assert pairs("## 运费\n八元。", title="物流") == []


def test_pairs_do_not_overlap() -> None:
    text = "## 怎么退？\n\n**要运费吗？**\n不要。\n\nQ: x? A: y."
    found = find_pairs(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert len(found) == 2


@pytest.mark.parametrize(
    "title",
    ["How to return items", "退款多久到账", "可以开发票吗", "Q3: Is it safe to wash", "(2) 如何激活手表", "Lost?"],
)
def test_headings_that_ask(title: str) -> None:
    assert is_question(title)


@pytest.mark.parametrize(
    "title", ["How to use", "如何获得", "Returns", "退货政策", "How we work", "Island shipping", "Cannot ship"]
)
def test_headings_that_do_not(title: str) -> None:
    assert not is_question(title)


def test_a_text_of_questions_alone_has_no_article_beside_them(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "faq.md"
    path.write_text(
        "---\nowner: Ann\ntags: [x]\n---\n# FAQ\n\n## One?\n1\n\n## Two?\n2\n\n## One?\n3\n", encoding="utf-8"
    )
    articles, _ = read(path)
    assert [(one.question, one.text, one.owner, one.tags) for one in articles] == [
        *(("One?", "1", "Ann", ("x",)), ("Two?", "2", "Ann", ("x",)), ("One?", "3", "Ann", ("x",))),
    ]
    assert len({one.doc_id for one in articles}) == 3
    assert articles[0].title == "One?"


def test_a_changed_answer_keeps_its_id_and_one_question_is_the_document(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.md"
    path.write_text("Intro text.\n\n## Who pays?\nWe.\n", encoding="utf-8")
    [_, before], _ = read(path)
    path.write_text("Intro.\n\n## Who pays?\nYou.\n", encoding="utf-8")
    [_, after], _ = read(path)
    assert (before.doc_id, before.text, after.text) == (after.doc_id, "We.", "You.")
    path.write_text("# Who pays?\nYou.\n", encoding="utf-8")
    [alone], _ = read(path)
    assert (alone.doc_id, alone.question, alone.kind) == ("a", "Who pays?", ArticleKind.FAQ)


def test_tables_of_questions_and_of_products_in_a_document(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\nowner: Ann\nvisibility: internal\n---\n# 常见问题\n\n## 退货\n\n"
        "| 问题 | 答案 | 状态 |\n|---|---|---|\n| 怎么退？ | 申请售后 \\| 等待 | |\n| 多久？ | 三天。 | 草稿 |\n\n"
        "## 价格\n\n| SKU | Name | Price | Fits |\n| --- | --- | --- | --- |\n| A-1 | Case | $9 | R5 |\n\n"
        "| Country | Fee |\n| --- | --- |\n| DE | 5 |\n\n| question | answer |\n| --- | --- |\n| a | |\n",
        encoding="utf-8",
    )
    [page, first, second, product], rejected = read(path)
    assert not rejected
    assert page.text.startswith("# 常见问题\n\n## 价格\n\n| Country")
    assert page.text.endswith("| a | |")  # a question without an answer: no table of questions
    assert (first.question, first.text, first.owner) == ("怎么退？", "申请售后 | 等待", "Ann")
    assert (first.visibility, second.status) == (Visibility.INTERNAL, ArticleStatus.DRAFT)
    assert (product.products, product.doc_id[:4]) == (("A-1",), "a#p-")
    assert "- Compatible with: R5" in product.text
    assert len({one.doc_id for one in (page, first, second, product)}) == 4


def test_a_book_is_cut_between_its_chapters(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "book.md"
    chapters = [f"# Chapter {n}\n\n{'Words of the chapter. ' * 3_000}\n\n## Why {n}?\n\nFor that." for n in range(40)]
    text = "\n\n".join(chapters)
    path.write_text(f"---\ntitle: Book\nowner: Ann\n---\n{text}\n\n## Why 1?\n\nOnce more.\n", encoding="utf-8")
    articles, rejected = read(path)
    assert not rejected
    parts = [one for one in articles if not one.question]
    assert [one.doc_id for one in parts[:2]] == ["book", "book#part-2"]
    assert [one.title for one in parts[:2]] == ["Book", "Book (2)"]
    assert len(parts) > 4
    assert all(one.text.startswith("# Chapter") and one.owner == "Ann" for one in parts)
    assert sum(one.text.count("Words of") for one in parts) == 40 * 3_000
    assert len({one.doc_id for one in articles}) == len(articles) == len(parts) + 41
    path.write_text("one line " * 600_000, encoding="utf-8")
    _, [row] = read(path)
    assert "5,000,000 characters" in row.reason


def test_a_macro_stays_one(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "m.md"
    path.write_text("---\nkind: macro\n---\nHello.\n\n## Anything else?\nBye.\n", encoding="utf-8")
    [macro], _ = read(path)
    assert (macro.kind, macro.question) == (ArticleKind.MACRO, "")


def test_markdown_files_do_nothing_when_shown(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "m.md"
    path.write_text(
        "a<script>alert(1)</script>b ![图](x.png) ![a][b] [点](javascript:alert(1)) [ok](https://a.b/c) <https://x.y>"
        " <img src=x> [c](JaVa&#115;cript:x) 1 < 2\n\n[b]: http://evil/x.png\n",
        encoding="utf-8",
    )
    [article], _ = read(path)
    assert article.text == (
        "ab 图 a 点 [ok](https://a.b/c) <https://x.y> < img src=x> c 1 < 2\n\n[b] : http://evil/x.png"
    )
