from pathlib import Path

from openpyxl import Workbook

from agent_assist.domain.knowledge import Article, ArticleKind, Visibility
from agent_assist.domain.language import Language
from agent_assist.knowledge import RejectedRow, read_articles


def read(*paths: Path) -> tuple[list[Article], list[RejectedRow]]:
    rows = list(read_articles(paths))
    return [row for row in rows if isinstance(row, Article)], [row for row in rows if isinstance(row, RejectedRow)]


def test_markdown_with_and_without_front_matter(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "returns.md").write_text("Intro\r\n\r\n# 退货政策\n\n七天内可退。", encoding="gb18030")
    (tmp_path / "a.md").write_text(
        "---\nid: house-rules\ntitle: Rules\nvisibility: internal\ntags: [one, two]\nunknown: x\n---\nText here.\n",
        encoding="utf-8",
    )
    [rules, returns], rejected = read(tmp_path)
    assert not rejected
    assert (rules.doc_id, rules.title, rules.text) == ("house-rules", "Rules", "Text here.")
    assert (rules.visibility, rules.tags) == (Visibility.INTERNAL, ("one", "two"))
    assert (returns.doc_id, returns.title) == ("policy/returns", "退货政策")
    assert (returns.language, returns.kind) == (Language.ZH, ArticleKind.ARTICLE)
    assert returns.source.endswith("returns.md")


def test_text_files(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("Opening hours\n\nNine to five.", encoding="utf-8")
    (tmp_path / "long.txt").write_text("This first line is a sentence.\nMore.", encoding="utf-8")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "blank.md").write_text("\n" * 10_000, encoding="utf-8")
    (tmp_path / "page.docx").write_bytes(b"PK")
    articles, rejected = read(tmp_path, tmp_path / "missing.md")
    assert [one.title for one in articles] == ["long", "Opening hours"]
    assert [Path(row.file).name for row in rejected] == ["binary.txt", "blank.md", "page.docx", "missing.md"]
    assert all(row.reason.endswith(".") for row in rejected if "page" not in row.file)


def test_faq_tables_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(
        "标准问题,答案,相似问法\n怎么退货,申请售后,如何退|我要退货\n没答案,,\n".encode("gb18030")
    )
    book = Workbook()
    book.active.append(["Question", "Answer", "Intent"])
    book.active.append(["How to return?", "Open My Orders.", "return.request"])
    book.save(tmp_path / "b.xlsx")
    [chinese, english], [bad] = read(tmp_path)
    assert (chinese.question, chinese.text, chinese.kind) == ("怎么退货", "申请售后", ArticleKind.FAQ)
    assert chinese.variants == ("如何退", "我要退货")
    assert (english.title, english.language, english.intents) == ("How to return?", Language.EN, ("return.request",))
    assert bad.line == 3


def test_a_changed_answer_keeps_its_id(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("question,answer\nq?,old\n", encoding="utf-8")
    [[old], _] = read(path)
    path.write_text("question,answer\nq?,new\n", encoding="utf-8")
    [[new], _] = read(path)
    assert old.doc_id == new.doc_id
    assert old.text != new.text


def test_jsonl_rows_and_their_faults(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id":"1","title":"t","text":"x","kind":"macro","visibility":"internal","variants":["a","a"],"language":"en"}\n'
        '{"id":"2","title":"t"}\n{"id":"3","text":"x","kind":"poem"}\n{"id":"4","text":["x"]}\n'
        '{"id":"5","text":"x","variants":[1]}\nnot json\n{"id":"7","question":"q","answer":"from another key"}\n',
        encoding="utf-8",
    )
    articles, rejected = read(path)
    assert [one.doc_id for one in articles] == ["1", "7"]
    assert (articles[0].kind, articles[0].variants) == (ArticleKind.MACRO, ("a",))
    assert articles[1].text == "from another key"
    assert [row.line for row in rejected] == [2, 3, 4, 5, 6]


def test_the_sample_knowledge_is_read_whole() -> None:
    from importlib.resources import files

    folder = Path(str(files("resources"))) / "samples"
    articles, rejected = read(folder / "knowledge.jsonl", folder / "articles")
    assert not rejected
    assert len({one.doc_id for one in articles}) == len(articles) > 100
