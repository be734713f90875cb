"""Articles as they are read: laid out, harmless, and every word still knows its place in the source."""

import pytest

from agent_assist.domain.knowledge import ArticleKind
from tests.ui.knowledge.conftest import article
from ui.knowledge.article.blocks import LONGEST, Block, BlockKind, blocks_of, is_markdown

TEXT = """# 退货 *规则*

7 天内可退：
第二行 [官网](https://shop.example/a) ![图](https://evil.example/x.png)

- 未拆封 **很好**
  1. 内
  2. 外
- 发票

| 项 | 费 |
|---|---|
| 运费 | 5 元 |

> 引用 & 更多

<b>x</b> <img src="http://evil.example/b.png"> <script>alert(1)</script>

```
a = {b}
```
"""


def words(block: Block) -> str:
    return "".join(span.text for span in block.spans)


def test_structure_and_line_breaks_stay() -> None:
    blocks = blocks_of(TEXT)
    assert [(block.kind, block.level, block.mark) for block in blocks[:7]] == [
        (BlockKind.HEADING, 1, ""),
        (BlockKind.PARAGRAPH, 0, ""),
        (BlockKind.PARAGRAPH, 0, ""),
        (BlockKind.ITEM, 1, "•"),
        (BlockKind.ITEM, 2, "1."),
        (BlockKind.ITEM, 2, "2."),
        (BlockKind.ITEM, 1, "•"),
    ]
    table = next(block for block in blocks if block.kind is BlockKind.TABLE)
    cells = [["".join(span.text for span in cell) for cell in row] for row in table.rows]
    assert cells == [["项", "费"], ["运费", "5 元"]]
    assert blocks[-1] == Block(BlockKind.CODE, blocks[-1].spans)


def test_nothing_loads_or_acts() -> None:
    shown = "\n".join(words(block) for block in blocks_of(TEXT))
    assert "官网 (https://shop.example/a)" in shown
    assert "[图]" in shown
    assert "x.png" not in shown
    assert '<b>x</b> <img src="http://evil.example/b.png"> <script>alert(1)</script>' in shown


def test_every_span_stands_where_it_says() -> None:
    spans = [span for block in blocks_of(TEXT) for span in block.spans if span.start >= 0]
    assert len(spans) > 10
    assert all(TEXT[span.start : span.start + len(span.text)] == span.text for span in spans)
    assert [span.start for span in spans] == sorted(span.start for span in spans)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "|", "| a |\n|", "1) x\n   - y", "***", "[](", "a\tb", "&amp;&lt;", "\\*"]
)
def test_odd_texts_are_shown(text: str) -> None:
    for block in blocks_of(text):
        assert isinstance(words(block), str)


def test_what_is_sent_word_for_word_is_shown_as_it_is_written() -> None:
    assert not is_markdown(article())
    assert is_markdown(article(kind=ArticleKind.ARTICLE, text="# A"))
    assert not is_markdown(article(kind=ArticleKind.ARTICLE, text="a" * (LONGEST + 1)))
