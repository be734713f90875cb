from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent_assist.domain.knowledge import Article, ArticleKind, Passage, Visibility
from agent_assist.domain.language import Language
from agent_assist.knowledge.blocks import parse_blocks
from agent_assist.knowledge.splitter import MAX_TOKENS, count_tokens, split_article


def article(text: str, *, title: str = "Guide") -> Article:
    return Article(
        doc_id="d", title=title, text=text, language=Language.EN, kind=ArticleKind.FAQ, visibility=Visibility.INTERNAL
    )


def split(text: str) -> list[Passage]:
    return split_article(article(text))


_LINES = st.sampled_from(
    [
        "# One",
        "## Two",
        "### 三级标题",
        "Title",
        "=====",
        "---",
        "",
        "   ",
        "- item one",
        "1. 第一步：打开应用。",
        "| a | b |",
        "|---|---|",
        "| 1 | 2 |",
        "```",
        "~~~",
        "A sentence. Another one! 一句话。还有一句？",
        "长" * 900,
        "word " * 500,
        "\t> quote",
        "\u3000全角\r",
        "x\u2028y\x0cz",
        "🙂" * 300,
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_LINES, max_size=40).map("\n".join))
@example("```\nnever closed")
@example("\n" * 10_000)
@example("a\n" * 10_000)
@example("|a|\n|-|")
def test_passages_are_exact_slices_that_cover_the_text(text: str) -> None:
    passages = split(text)
    end = 0
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert passage.text.strip() == passage.text != ""
        assert not text[end : passage.start].strip()  # nothing but blanks lies between two passages
        end = passage.end
        assert count_tokens(passage.text) <= MAX_TOKENS * 1.1
    assert not text[end:].strip()


@given(st.text(max_size=500))
def test_any_text_is_covered(text: str) -> None:
    passages = split(text)
    assert "".join("".join(passage.text.split()) for passage in passages) == "".join(text.split())


def test_titles_carry_the_headings() -> None:
    body = "Some words that make this section long enough to stand on its own feet in the index, and then a few more."
    text = f"# Guide\n\n{body}\n\n## Returns\n\n{body}\n\n### Refunds\n\n{body}\n\nSetext\n------\n\n{body}"
    assert [passage.title for passage in split(text)] == [
        "Guide",
        "Guide › Returns",
        "Guide › Returns › Refunds",
        "Guide › Setext",
    ]
    assert {(passage.kind, passage.visibility) for passage in split(text)} == {(ArticleKind.FAQ, Visibility.INTERNAL)}


def test_rows_and_items_stay_whole_and_a_cut_table_names_its_columns() -> None:
    rows = [f"| 城市{number} | 运费 {number} 元，偏远地区另收 {number} 元，三到五天送达 |" for number in range(60)]
    passages = split("## 运费\n\n| 城市 | 运费 |\n|---|---|\n" + "\n".join(rows))
    assert len(passages) > 2
    for passage in passages:
        assert all(line in rows or not line.startswith("| 城市0") for line in passage.text.split("\n"))
        assert passage.text.endswith("|")
    assert "| 城市 | 运费 |" in passages[1].title
    items = [f"- item {number} with some words behind it so that the list gets long" for number in range(60)]
    assert all(line in items for passage in split("\n".join(items)) for line in passage.text.split("\n"))


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    passages = split("这是一句不太长也不太短的话，用来测试。" * 80)
    assert len(passages) > 1
    assert all(passage.text.endswith("。") for passage in passages)


def test_the_last_passage_is_not_a_stub() -> None:
    sizes = [count_tokens(passage.text) for passage in split("\n\n".join(["word " * 60] * 6 + ["end of it"]))]
    assert min(sizes) > 60


def test_a_short_answer_is_one_passage() -> None:
    text = "  Yes.\n\n- one\n- two\n"
    [passage] = split(text)
    assert passage.text == "Yes.\n\n- one\n- two"
    assert split("   \n ") == []


def test_front_of_a_code_block_is_no_heading() -> None:
    blocks = parse_blocks("```\n# not a heading\n```\n# heading")
    assert [block.level for block in blocks] == [0, 1]
