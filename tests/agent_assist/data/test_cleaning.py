"""Texts lose what is no text of the customer's; their spans go where the words went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.data.cleaning import Cleaned, clean
from agent_assist.data.row import Row, Span
from agent_assist.data.text_steps import Cleaning, Emoji, without_emoji
from agent_assist.errors import InputError


def cleaned(text: str, *surfaces: str, **options: bool | Emoji) -> tuple[str, list[str]]:
    spans = tuple(Span(start=text.index(one), end=text.index(one) + len(one), type="x") for one in surfaces)
    done = clean([Row(id="r", text=text, spans=spans)], Cleaning(**options))  # type: ignore[arg-type]
    [row] = done.rows
    return row.text, [row.text[span.start : span.end] for span in row.spans or ()]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>Hello&nbsp;<b>there</b></p><script>x()</script>", "Hello there"),
        ("退款&lt;br&gt;多久", "退款\n多久"),
        ("&amp;amp; that", "& that"),
        ("a <3 b, mail <a@b.com>, <order number>", "a <3 b, mail <a@b.com>, <order number>"),
        ("one\ntwo <3", "one\ntwo <3"),
        ("a\x00b\x07\r\nc\u200b\ufeff\u202e", "ab\nc"),
        ("ＡＢＣ　１２３＠，（好）！", "ABC 123@，（好）！"),
        ("軟體 software 軟件 软件", "軟體 software 軟件 软件"),
        ("好的😀👍🏽❤️", "好的😀👍🏽❤️"),
        ("  a \t b  \n \n\n c ", "a b\n\nc"),
        ("Not working.\n\nOn Mon, 2 Nov 2026, Shop <s@x.com> wrote:\n> Hello", "Not working."),
        ("坏了\n\n发自我的iPhone", "坏了"),
        ("Broken\n\n-- \nBob Smith\nACME Ltd", "Broken"),
    ],
)
def test_what_goes_and_what_stays(text: str, plain: str) -> None:
    assert cleaned(text)[0] == plain


def test_steps_can_be_left_out() -> None:
    text = "<b>１</b>\n\n发自我的iPhone"
    assert cleaned(text, html=False)[0] == "<b>1</b>"
    assert cleaned(text, mail=False, html=False)[0] == "<b>1</b>\n\n发自我的iPhone"
    assert cleaned("１", width=False)[0] == "１"


def test_emoji_go_whole_or_get_their_names() -> None:
    assert cleaned("好👨‍👩‍👧的👍🏽1️⃣🇨🇳❤️", emoji=Emoji.DROP)[0] == "好的"
    assert cleaned("好👍🏽的❤️", emoji=Emoji.NAME)[0] == "好:thumbs_up_sign:的:heavy_black_heart:"
    assert without_emoji("退款 * # 10 ¥5 ©") == "退款 * # 10 ¥5 ©"


@pytest.mark.parametrize(
    ("text", "surfaces", "found"),
    [
        ("<p>My <b>air  fryer</b> &amp; the pan</p>", ["air  fryer", "pan"], ["air fryer", "pan"]),
        ("　ＡＢ １３８ 坏了", ["ＡＢ", "１３８"], ["AB", "138"]),
        ("坏的\x00风扇\u200b，风扇", ["坏的", "\x00风扇"], ["坏的", "风扇"]),
        ("还是不行\n\n------------------ 原始邮件 ------------------\n发件人: 客服\n旧的", ["不行", "客服"], ["不行"]),
        ("a  (b) c", [" (b)"], ["(b)"]),  # the blank of the span is one of two that become one
    ],
)
def test_spans_go_where_their_words_went(text: str, surfaces: list[str], found: list[str]) -> None:
    assert cleaned(text, *surfaces)[1] == found


def test_a_span_that_cannot_be_found_again_takes_its_row_along() -> None:
    row = Row(id="r", text="a &amp; b &amp; c", spans=(Span(start=3, end=6, type="x"), Span(start=0, end=1, type="y")))
    done = clean([row])
    assert not done.rows
    assert "3 to 6" in done.dropped[0].reason


def test_a_row_of_nothing_is_left_out_and_the_rest_is_counted() -> None:
    rows = [Row(id="1", text="<br>"), Row(id="2", text="Ａ", before="Ｂ"), Row(id="3", text="c")]
    done = clean(rows)
    assert [(one.id, one.reason) for one in done.dropped] == [("1", "Nothing is left of the text.")]
    assert [(row.text, row.before) for row in done.rows] == [("A", "B"), ("c", "")]
    assert (done.changed["width"], done.changed["html"], done.changed["blanks"]) == (1, 1, 0)
    assert clean(done.rows) == Cleaned(
        rows=done.rows, dropped=(), changed=dict.fromkeys(done.changed, 0), emptied={}, filled={}, lost_spans=0
    )


def test_missing_values_are_told_filled_and_required() -> None:
    rows = [
        Row(id="1", text="退款", labels=("NaN",), sentiment="N/A", spans=()),
        Row(id="2", text="hello there", labels=("None", "a"), language="xx"),
        Row(id="3", text="ok", labels=("none",)),
    ]
    done = clean(rows, fill={"sentiment": "neutral", "language": "auto"}, require=["label"])
    assert [(row.id, row.labels, row.sentiment, row.language) for row in done.rows] == [
        ("2", ("a",), "neutral", "xx"),
        ("3", ("none",), "neutral", "en"),
    ]
    assert [(one.id, one.reason) for one in done.dropped] == [("1", "The row has no label.")]
    assert (done.emptied, done.filled) == ({"label": 1, "sentiment": 1}, {"sentiment": 3, "language": 2})
    assert [row.id for row in clean(rows, require=["spans"]).rows] == ["1"]
    assert clean(rows, fill={"label": "OOS"}).rows[0].labels == ("OOS",)


def test_a_field_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="'text' cannot be filled"):
        clean([], fill={"text": "x"})
    with pytest.raises(InputError, match="'colour' cannot be required"):
        clean([], require=["colour"])


_PARTS = ["风扇", "<b>", "</b>", "１２", " ", "\n", "&amp;", "😀", "\x00", "> ", "-- \n", "<br>", "wrote:\n"]


@given(st.lists(st.sampled_from(_PARTS), max_size=10), st.lists(st.sampled_from(_PARTS), max_size=10))
def test_a_span_never_reads_anything_else(before: list[str], after: list[str]) -> None:
    head = "".join(before)
    row = Row(id="r", text=f"{head}保温杯{''.join(after)}", spans=(Span(start=len(head), end=len(head) + 3, type="x"),))
    done = clean([row])
    for one in done.rows:
        assert [one.text[span.start : span.end] for span in one.spans or ()] in ([], ["保温杯"])
        assert bool(one.spans) == ("保温杯" in one.text)


@pytest.mark.parametrize("part", ["<div>", "&amp;", "😀", "> a\n", "On a wrote\n", " ", "<a href="])
def test_large_cells_take_time_in_proportion(part: str) -> None:
    """A slow pattern would take minutes here and hit the run's time limit."""
    clean([Row(id="r", text=part * (100_000 // len(part)) + "x", spans=(Span(start=0, end=1, type="x"),))])
